"""Answers of a preview."""

from __future__ import annotations

import io
from typing import Any
from wsgiref.util import FileWrapper

import pytest

from inquiry_site.adapters.mkdocs.preview_answers import EngineAnswer, ask, names_page, send_missing, send_with_notice

HTML = [("Content-Type", "text/html"), ("Content-Length", "1")]


@pytest.mark.parametrize(
    ("path", "is_page"),
    [
        ("/", True),
        ("/notes/a/", True),
        ("/notes/a", True),
        ("/notes/a.html", True),
        ("/notes/v1.2/", True),
        ("/assets/inquiry.css", False),
        ("/favicon.ico", False),
        ("/graph.json", False),
    ],
)
def test_a_page_is_told_from_other_files(path: str, is_page: bool):
    assert names_page(path) == is_page


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b'<body class="x"><article class="y"><h1>T</h1>', b'<body class="x"><article class="y">N<h1>T</h1>'),
        (b"<body>\n<p>T</p>", b"<body>N\n<p>T</p>"),
        (b"T", b"NT"),
    ],
)
def test_a_notice_is_above_the_content(page: bytes, expected: bytes):
    started: list[Any] = []
    file = io.BytesIO(page)
    answer = EngineAnswer("200 OK", HTML, FileWrapper(file))
    body = send_with_notice(answer, "N", "200 OK", lambda *arguments: started.append(arguments))
    assert b"".join(body) == expected
    assert dict(started[0][1])["Content-Length"] == str(len(expected))
    assert file.closed


def test_a_theme_without_a_page_for_missing_pages_gets_a_plain_one():
    started: list[Any] = []
    answer = EngineAnswer("404 Not Found", HTML, [b"404 Not Found"])
    page = b"".join(send_missing(answer, "<p>Why.</p>", lambda *arguments: started.append(arguments)))
    assert started[0][0] == "404 Not Found"
    assert b'http-equiv="refresh"' in page
    assert b"<p>Why.</p>" in page


def test_the_engine_is_asked_for_another_path():
    paths = []

    def engine(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        paths.append(environ["PATH_INFO"])
        start_response("200 OK", HTML)
        return [b"T"]

    assert ask(engine, {"PATH_INFO": "/a/"}).is_page
    assert ask(engine, {"PATH_INFO": "/a/"}, "/é/404.html").is_page
    assert [path.encode("latin-1").decode() for path in paths] == ["/a/", "/é/404.html"]
