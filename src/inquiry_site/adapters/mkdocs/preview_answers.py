"""Answers of a preview that show why a page is missing, outdated or cannot be rendered, and reload by themselves."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

Headers = list[tuple[str, str]]
Engine = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
"""The engine's WSGI application."""

_CONTENT = re.compile(rb"<article\b[^>]*+>")
_NOT_FOUND = "404 Not Found"
_BODY = re.compile(rb"<body\b[^>]*+>")


@dataclass(slots=True)
class EngineAnswer:
    """A response of the engine, before anything is sent."""

    status: str
    headers: Headers
    body: Iterable[bytes]

    @property
    def is_missing(self) -> bool:
        """Whether the engine found nothing."""
        return self.status.startswith("404")

    @property
    def is_page(self) -> bool:
        """Whether it is a page of the site."""
        types = [value for name, value in self.headers if name.lower() == "content-type"]
        return self.status.startswith("200") and types[:1] == ["text/html"]

    def send(self, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Send it unchanged."""
        start_response(self.status, self.headers)
        return self.body


def ask(engine: Engine, environ: dict[str, Any], path: str = "") -> EngineAnswer:
    """Return the engine's answer to a request, or to the same request for another path."""
    started: list[Any] = []
    request = {**environ, "PATH_INFO": path.encode().decode("latin-1")} if path else environ
    body = engine(request, lambda *arguments: started.append(arguments))
    return EngineAnswer(started[0][0], started[0][1], body)


def names_page(path: str) -> bool:
    """Whether a requested path is that of a page rather than of a style sheet, picture or the like."""
    return posixpath.splitext(path.removesuffix(".html"))[1] == "" or path.endswith("/")


def send_failure(message: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Send a page that shows why the requested one cannot be rendered, and reloads until it can."""
    page = (
        '<!doctype html>\n<meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Error</title>\n'
        f"<h1>This page cannot be rendered</h1>\n<p>{escape(message)}</p>\n"
    )
    return _send_html(page.encode(errors="xmlcharrefreplace"), "500 Internal Server Error", start_response)


def send_with_notice(
    page: EngineAnswer, notice: str, status: str, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    """Send a page with a notice as HTML above its content."""
    content = b"".join(page.body)
    # The engine returns an open file.
    getattr(page.body, "close", lambda: None)()
    start = _CONTENT.search(content) or _BODY.search(content)
    position = start.end() if start else 0
    content = content[:position] + notice.encode(errors="xmlcharrefreplace") + content[position:]
    return _send_html(content, status, start_response)


def send_missing(not_found: EngineAnswer, notice: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Send the theme's page for missing pages, which reloads itself, or else a plain one, with a notice as HTML."""
    if not_found.is_page:
        return send_with_notice(not_found, notice, _NOT_FOUND, start_response)
    page = f'<!doctype html>\n<meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>404</title>\n{notice}'
    return _send_html(page.encode(errors="xmlcharrefreplace"), _NOT_FOUND, start_response)


def _send_html(content: bytes, status: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content)))])
    return [content]
