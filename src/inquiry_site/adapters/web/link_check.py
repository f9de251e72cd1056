"""Check whether web URLs can be reached. Used by ``inquiry check --links``, never in a build."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from inquiry_site.build import CheckResult
from inquiry_site.diagnostics import Diagnostic, Span
from inquiry_site.files import contains_link, replace_file
from inquiry_site.model import Note, Reference
from inquiry_site.parsing.identifiers import is_doi, is_url, normalize_arxiv, normalize_doi
from inquiry_site.rules.links import dead_address, unsure_address
from inquiry_site.rules.rule import Finding, key_span

TIME_OUT = 10.0
"""Seconds to wait for the response of a server."""
CACHE_LIFETIME = 7 * 24 * 3600
"""Seconds during which a URL that was reached is not requested again."""
_MOST_REQUESTS = 8
"""Maximum number of simultaneous requests, each to a different host."""
_GONE = frozenset({404, 410})
_AGENT = "Mozilla/5.0 (compatible; inquiry-site; link check)"


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of requesting a URL."""

    is_reachable: bool
    is_gone: bool
    """Whether the server reports that the page does not exist, or the host cannot be found."""
    reason: str
    """Why it was not reached, for a message."""


def find_dead_links(checkup: CheckResult, cache: Path, time_out: float = TIME_OUT) -> list[Diagnostic]:
    """Request every URL on the published pages, and return a diagnostic for each that cannot be reached.

    Args:
        checkup: the result of checking the knowledge base.
        cache: the folder in which URLs that were reached are cached for a week.
        time_out: seconds to wait for the response of a server.
    """
    spans_by_url: dict[str, list[Span]] = defaultdict(list)
    for url, span in _urls(checkup):
        spans_by_url[url].append(span)
    answers = request_urls(sorted(spans_by_url), cache / "addresses.json", time_out)
    diagnostics: list[Diagnostic] = []
    for url, spans in spans_by_url.items():
        answer = answers[url]
        rule = dead_address if answer.is_gone else unsure_address
        hint = "Correct the address, or remove it." if answer.is_gone else "Open it in a browser."
        if not answer.is_reachable:
            diagnostics += [rule.report(Finding(span, f"{url}: {answer.reason}.", hint)) for span in spans]
    return diagnostics


def _urls(checkup: CheckResult) -> Iterator[tuple[str, Span]]:
    documents = checkup.knowledge.graph.documents
    for parsed in checkup.parsed.documents:
        document = parsed.document
        if document is None or documents.get(parsed.id) is not document:
            continue
        for number, evidence in enumerate(document.evidence if isinstance(document, Note) else ()):
            for key, url in _reference_urls(evidence.reference) if evidence.reference else ():
                yield url, key_span(parsed, "sources", number, key)
        for link in document.body.external_links:
            if is_url(link.destination):
                yield link.destination.partition("#")[0], Span.of(parsed.path, parsed.text, link.start, link.end)


def _reference_urls(reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield the key and the URL of each identifier of a source."""
    if reference.doi and is_doi(reference.doi):
        yield "doi", f"https://doi.org/{quote(normalize_doi(reference.doi), safe='/:;()')}"
    if reference.arxiv:
        yield "arxiv", f"https://arxiv.org/abs/{normalize_arxiv(reference.arxiv)}"
    if is_url(reference.url):
        yield "url", reference.url


def request_urls(addresses: Iterable[str], cache: Path, time_out: float) -> dict[str, Answer]:
    """Return an answer for each URL, from the cache or by requesting it.

    Each host receives only one request at a time.

    Args:
        addresses: the URLs.
        cache: the JSON file with the time at which each URL was last reached.
        time_out: seconds to wait for the response of a server.
    """
    now = time.time()
    cached = _load_answers(cache, now)
    answers = {url: Answer(True, False, "") for url in addresses if url in cached}
    hosts: dict[str, list[str]] = defaultdict(list)
    for url in addresses:
        if url not in answers:
            hosts[urlsplit(url).netloc.lower()].append(url)
    with ThreadPoolExecutor(_MOST_REQUESTS) as pool:
        for host_answers in pool.map(lambda urls: [(url, _ask_one(url, time_out)) for url in urls], hosts.values()):
            answers |= dict(host_answers)
    reached = {url: cached.get(url, now) for url, answer in answers.items() if answer.is_reachable}
    _save_answers(cache, reached)
    return answers


def _ask_one(url: str, time_out: float) -> Answer:
    for method in ("HEAD", "GET"):
        try:
            # Only HTTP and HTTPS URLs get here.
            request = urllib.request.Request(_ascii(url), headers={"User-Agent": _AGENT}, method=method)  # noqa: S310
            with urllib.request.urlopen(request, timeout=time_out):  # noqa: S310
                return Answer(True, False, "")
        except urllib.error.HTTPError as error:
            error.close()
            answer = Answer(False, error.code in _GONE, f"the server responds with status {error.code}")
        except urllib.error.URLError as error:
            is_unknown_host = isinstance(error.reason, socket.gaierror)
            return Answer(False, is_unknown_host, _describe(error.reason))
        except (OSError, http.client.HTTPException, ssl.SSLError, ValueError) as error:
            return Answer(False, False, _describe(error))
    return answer


def _describe(error: BaseException | str) -> str:
    if isinstance(error, TimeoutError):
        return "the server does not respond in time"
    if isinstance(error, socket.gaierror):
        return "the host does not exist"
    return str(error) or type(error).__name__


def _ascii(url: str) -> str:
    """Encode a URL as ASCII: the host by IDNA, the rest percent-encoded, without the fragment."""
    parts = urlsplit(url)
    host = parts.netloc.encode("idna").decode() if not parts.netloc.isascii() else parts.netloc
    safe = "/:;?=&%+,@!$'()*~[]"
    return urlunsplit((parts.scheme, host, quote(parts.path, safe=safe), quote(parts.query, safe=safe), ""))


def _load_answers(cache: Path, now: float) -> dict[str, float]:
    try:
        stored = json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {
        url: reached_at
        for url, reached_at in stored.items()
        if isinstance(reached_at, int | float) and 0 <= now - reached_at < CACHE_LIFETIME
    }


def _save_answers(cache: Path, reached: Mapping[str, float]) -> None:
    """Write the time at which each URL was reached to the cache; errors are ignored."""
    root = cache.parents[2]
    if contains_link(root, cache.relative_to(root).as_posix()):
        return
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.touch()
        replace_file(cache, json.dumps(dict(sorted(reached.items())), indent=0).encode())
    except OSError:
        return
