"""Whether addresses of the web can be reached: asked for by ``inquiry check --links``, never in a build."""

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
from inquiry_site.files import leads_through_link, replace_file
from inquiry_site.model import Note, Reference
from inquiry_site.parsing.identifiers import is_address, is_doi, plain_arxiv, plain_doi
from inquiry_site.rules.links import dead_address, unsure_address
from inquiry_site.rules.rule import Finding, key_span

TIME_OUT = 10.0
"""Seconds that one server is given."""
CACHE_FILE = 7 * 24 * 3600
"""Seconds for which an address that was reached is not asked for again."""
_AT_ONCE = 8
_GONE = frozenset({404, 410})
_AGENT = "Mozilla/5.0 (compatible; inquiry-site; link check)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking for an address."""

    reached: bool
    gone: bool
    words: str


def find_dead_addresses(checkup: CheckResult, cache: Path, time_out: float = TIME_OUT) -> list[Diagnostic]:
    """Ask for every address that the published pages give, and report those that cannot be reached.

    Args:
        checkup: the knowledge base.
        cache: folder in which addresses that were reached are remembered for a week.
        time_out: seconds that one server is given.
    """
    places: dict[str, list[Span]] = defaultdict(list)
    for address, span in _addresses(checkup):
        places[address].append(span)
    answers = ask(sorted(places), cache / "addresses.json", time_out)
    found: list[Diagnostic] = []
    for address, spans in places.items():
        answer = answers[address]
        rule = dead_address if answer.gone else unsure_address
        hint = "Mend the address, or take it out." if answer.gone else "Open it in a browser."
        if not answer.reached:
            found += [rule.report(Finding(span, f"{address}: {answer.words}.", hint)) for span in spans]
    return found


def _addresses(checkup: CheckResult) -> Iterator[tuple[str, Span]]:
    documents = checkup.knowledge.graph.documents
    for parsed in checkup.parsed.documents:
        document = parsed.document
        if document is None or documents.get(parsed.id) is not document:
            continue
        for number, evidence in enumerate(document.evidence if isinstance(document, Note) else ()):
            for key, address in _of_reference(evidence.reference) if evidence.reference else ():
                yield address, key_span(parsed, "sources", number, key)
        for link in document.body.addresses:
            if is_address(link.destination):
                yield link.destination.partition("#")[0], Span.of(parsed.path, parsed.text, link.start, link.end)


def _of_reference(reference: Reference) -> Iterator[tuple[str, str]]:
    if reference.doi and is_doi(reference.doi):
        yield "doi", f"https://doi.org/{quote(plain_doi(reference.doi), safe='/:;()')}"
    if reference.arxiv:
        yield "arxiv", f"https://arxiv.org/abs/{plain_arxiv(reference.arxiv)}"
    if is_address(reference.url):
        yield "url", reference.url


def ask(addresses: Iterable[str], cache: Path, time_out: float) -> dict[str, Answer]:
    """An answer for each address; one host is asked for one address at a time."""
    now = time.time()
    known = _load_answers(cache, now)
    answers = {address: Answer(True, False, "") for address in addresses if address in known}
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in addresses:
        if address not in answers:
            hosts[urlsplit(address).netloc.lower()].append(address)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for answered in pool.map(lambda group: [(a, _ask_one(a, time_out)) for a in group], hosts.values()):
            answers |= dict(answered)
    reached = {address: known.get(address, now) for address, answer in answers.items() if answer.reached}
    _save_answers(cache, reached)
    return answers


def _ask_one(address: str, time_out: float) -> Answer:
    for method in ("HEAD", "GET"):
        try:
            # Only addresses that begin with http come here.
            request = urllib.request.Request(_ascii(address), headers={"User-Agent": _AGENT}, method=method)  # noqa: S310
            with urllib.request.urlopen(request, timeout=time_out):  # noqa: S310
                return Answer(True, False, "")
        except urllib.error.HTTPError as error:
            error.close()
            answer = Answer(False, error.code in _GONE, f"the server answers {error.code}")
        except urllib.error.URLError as error:
            unknown = isinstance(error.reason, socket.gaierror)
            return Answer(False, unknown, _describe(error.reason))
        except (OSError, http.client.HTTPException, ssl.SSLError, ValueError) as error:
            return Answer(False, False, _describe(error))
    return answer


def _describe(error: BaseException | str) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    return str(error) or type(error).__name__


def _ascii(address: str) -> str:
    """The address as it is sent: other letters than ASCII's percent-encoded, a host of such letters by IDNA."""
    parts = urlsplit(address)
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
    return {a: t for a, t in stored.items() if isinstance(t, int | float) and 0 <= now - t < CACHE_FILE}


def _save_answers(cache: Path, reached: Mapping[str, float]) -> None:
    """Keep what was reached; that it cannot be kept is no reason to fail."""
    root = cache.parents[2]
    if leads_through_link(root, cache.relative_to(root).as_posix()):
        return
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        cache.touch()
        replace_file(cache, json.dumps(dict(sorted(reached.items())), indent=0).encode())
    except OSError:
        return
