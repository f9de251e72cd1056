"""A page of a theme, cut into slots."""

from __future__ import annotations

import pytest

from inquiry_site.publishing.layout import CONTENT, HEADING, ID, TITLE, PageLayout, TocEntry, UnsupportedLayoutError


def page(headings: int) -> str:
    entries = "".join(f'<li><a href="#{ID}">{HEADING}</a></li>' for _ in range(headings))
    return f"<title>{TITLE}</title><ul>{entries}</ul><main>{CONTENT}</main>"


def test_a_layout_is_filled_with_any_number_of_headings():
    shell = PageLayout(page)
    for count in (0, 1, 3):
        entries = [TocEntry(f"h{number}", f"Heading {number}") for number in range(count)]
        listed = "".join(f'<li><a href="#h{n}">Heading {n}</a></li>' for n in range(count))
        expected = f"<title>A &amp; B</title><ul>{listed}</ul><main><p>It is so.</p></main>"
        assert shell.fill({TITLE: "A &amp; B", CONTENT: "<p>It is so.</p>"}, entries) == expected


def test_a_layout_that_depends_on_the_number_of_headings_is_refused():
    with pytest.raises(UnsupportedLayoutError):
        PageLayout(lambda headings: page(headings) + str(headings))
