"""Problems in ``references.bib`` are faults with a position, and nothing else is printed."""

from __future__ import annotations

import logging

import pytest

from inquiry_site.parsing.bibtex import parse_bibliography

UNCLOSED = (
    "% mine\n\n  @article{x, title = {T}, author = {A B}, year = 2020, doi = {10.1000/x}\n\n@book{y, title = {U}}\n"
)


def faults(text: str) -> list[str]:
    parsed = parse_bibliography(text, "references.bib")
    return [str(fault.span) for fault in parsed.faults]


@pytest.mark.parametrize("root_handler", [False, True])
def test_the_parser_prints_nothing_of_its_own(capfd: pytest.CaptureFixture[str], root_handler: bool):
    handler = logging.StreamHandler()
    if root_handler:
        logging.getLogger().addHandler(handler)
    try:
        assert len(faults(UNCLOSED)) == 1
    finally:
        logging.getLogger().removeHandler(handler)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "span", "subject", "detail"),
    [
        (UNCLOSED, "references.bib:3:3", "unclosed", "5"),
        ("\n@book{x, title = {T}", "references.bib:2:1", "unclosed at end", ""),
        ("@book{x title = {T}}", "references.bib:1:15", "comma", ""),
        ("@book{x,\n  title = {T},\n  year 2020,\n}", "references.bib:3:11", "equals", ""),
        ("@book{x,\n  author = {A, B, C, D},\n}", "references.bib:2:13", "names", None),
        ("@book{x, title = {T}}\n\n@book{x, title = {U}}", "references.bib:3:1", "", None),
    ],
)
def test_faults_have_a_place_and_a_reason(text: str, span: str, subject: str, detail: str | None):
    (fault,) = parse_bibliography(text, "references.bib").faults
    assert (str(fault.span), fault.subject) == (span, subject)
    if detail is not None:
        assert fault.detail == detail
