"""Fetch the record of a DOI from Crossref or of an arXiv number from arXiv, for ``inquiry new``."""

from __future__ import annotations

import http.client
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO
from urllib.parse import quote, urlsplit

from inquiry_site import __version__
from inquiry_site.authoring.fetched_records import UnusableRecordError, read_arxiv, read_crossref
from inquiry_site.model import Reference
from inquiry_site.parsing.identifiers import normalize_arxiv, normalize_doi

TIME_OUT = 10.0
"""Seconds to wait for a server, and for its whole answer."""
LARGEST_ANSWER = 4 << 20
"""Bytes. The record of a paper with thousands of authors is smaller."""
_CHUNK = 1 << 16
_AGENT = f"inquiry-site/{__version__} (record of one source, requested by its reader)"


class RecordUnavailableError(Exception):
    """A record could not be fetched; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Registries:
    """The addresses of the servers that are asked."""

    crossref: str = "https://api.crossref.org"
    arxiv: str = "https://export.arxiv.org"


def fetch_record(key: str, value: str, registries: Registries | None = None, time_out: float = TIME_OUT) -> Reference:
    """Return the record of a source.

    Args:
        key: ``doi`` or ``arxiv``.
        value: the identifier.
        registries: the servers to ask; the public ones if omitted.
        time_out: seconds to wait for an answer.

    Raises:
        RecordUnavailableError: the server cannot be reached, or has no usable record.
    """
    registries = registries or Registries()
    try:
        if key == "doi":
            address = f"{registries.crossref}/works/{quote(normalize_doi(value), safe='')}"
            return read_crossref(_get(address, time_out), value)
        address = f"{registries.arxiv}/api/query?max_results=1&id_list={quote(normalize_arxiv(value), safe='')}"
        return read_arxiv(_get(address, time_out), value)
    except UnusableRecordError as error:
        raise RecordUnavailableError(str(error)) from error


def _get(address: str, time_out: float) -> bytes:
    """Return the answer to a request.

    Raises:
        RecordUnavailableError: there is none, or it is too large or too slow.
    """
    host = urlsplit(address).netloc
    try:
        request = urllib.request.Request(address, headers={"User-Agent": _AGENT})  # noqa: S310 - of a registry
        with _opener().open(request, timeout=time_out) as response:
            return _read(response, host, time.monotonic() + time_out)
    except urllib.error.HTTPError as error:
        error.close()
        reason = f"{host} has no such record" if error.code == 404 else f"{host} responds with status {error.code}"
        raise RecordUnavailableError(reason) from error
    except urllib.error.URLError as error:
        raise RecordUnavailableError(_describe(error.reason, host)) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RecordUnavailableError(_describe(error, host)) from error


def _read(response: IO[bytes], host: str, deadline: float) -> bytes:
    """Return the whole answer; a server that sends a byte at a time must not keep the command waiting."""
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):  # type: ignore[attr-defined] # HTTPResponse has it
        chunks.append(chunk)
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise RecordUnavailableError(f"the answer of {host} is too large")
        if time.monotonic() > deadline:
            raise RecordUnavailableError(f"{host} does not respond in time")
    return b"".join(chunks)


def _describe(error: BaseException | str, host: str) -> str:
    if isinstance(error, TimeoutError):
        return f"{host} does not respond in time"
    if isinstance(error, socket.gaierror):
        return f"{host} cannot be found: is there a network?"
    return f"{host}: {error or type(error).__name__}"


class _SameServer(urllib.request.HTTPRedirectHandler):
    """Follows redirects only to the same server, and by the same protocol."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the request of the new address.

        Raises:
            RecordUnavailableError: it leads elsewhere.
        """
        if urlsplit(newurl)[:2] != urlsplit(req.full_url)[:2]:
            raise RecordUnavailableError(f"{urlsplit(req.full_url).netloc} redirects to another server")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener for HTTP and HTTPS; the default one also opens files and FTP."""
    opener = urllib.request.OpenerDirector()
    handlers: tuple[urllib.request.BaseHandler, ...] = (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _SameServer(),
    )
    for handler in handlers:
        opener.add_handler(handler)
    return opener
