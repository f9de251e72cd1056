"""The citations, other links and headings of a body. The cases are in tests/cases/bodies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inquiry_site.body_syntax import FileReference
from inquiry_site.model import Body, Citation, CitationStyle
from inquiry_site.parsing.markdown import scan_body
from tests.cases import Case, check_case, every_case


@pytest.mark.parametrize(("path", "case"), every_case("bodies"))
def test_bodies(path: Path, case: Case) -> None:
    check_case(path, case, _facts(case))


def _facts(case: Case) -> Any:
    """Return what a body contains, without empty lists, so that the commonest result is ``{}``."""
    body = scan_body(case["body"], 0, "lines/here.md")
    facts = {
        "citations": [_citation(body, citation) for citation in body.citations],
        "links": [link.destination for link in body.links],
        "files": [_file(body, file) for file in body.files],
        "foreign": [f"{foreign.kind.value}: {body.text[foreign.start : foreign.end]}" for foreign in body.foreign],
        "headings": [f"{h.text} {{#{h.explicit_id}}}" if h.explicit_id else h.text for h in body.headings],
    }
    return {name: values for name, values in facts.items() if values}


def _citation(body: Body, citation: Citation) -> dict[str, str]:
    style = "" if citation.style is CitationStyle.WIKI else citation.style.name.lower()
    sentence = _sentence(body, citation.sentence) if citation.sentence >= 0 else ""
    facts = {"written": _source_text(body, citation), "target": citation.target, "heading": citation.heading}
    facts |= {"words": citation.label, "style": style, "sentence": sentence}
    return {name: value for name, value in facts.items() if value or name == "target"}


def _file(body: Body, file: FileReference) -> dict[str, str]:
    facts = {"written": body.text[file.start : file.end], "target": file.target, "fragment": file.fragment}
    return {name: value for name, value in (facts | {"label": file.label}).items() if value}


def _sentence(body: Body, number: int) -> str:
    parts = body.sentences[number].parts
    words = (part if isinstance(part, str) else _source_text(body, body.citations[part]) for part in parts)
    return " ".join("".join(words).split())


def _source_text(body: Body, citation: Citation) -> str:
    return body.text[citation.start : citation.end]
