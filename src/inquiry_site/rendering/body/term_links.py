"""Link the first use of each term of the glossary in a body, and give the terms on the glossary's page their ids."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from inquiry_site.html.syntax import TAG_OR_COMMENT, attribute_span
from inquiry_site.parsing.glossary import LONGEST_TERM, term_anchor
from inquiry_site.text.terms import TermIndex

_TAG = re.compile(TAG_OR_COMMENT, re.DOTALL)
_SKIPPED = frozenset(
    (
        "a abbr button code dfn h1 h2 h3 h4 h5 h6 kbd label math pre samp script style summary svg textarea title var"
    ).split()
)
"""Elements that are links already, that name something, or whose text is no prose."""
_SKIPPED_CLASSES = ("iq-card", "iq-missing", "arithmatex")
_TERM = re.compile(r"<dt\b(?P<attributes>[^<>]*)>(?P<inside>(?:[^<]|<(?!/?dt\b))*+)</dt>")
_ANY_TAG = re.compile(r"<[^<>]*>")


def link_terms(body: str, terms: TermIndex, glossary: str) -> str:
    """Return the HTML of a body in which the first use of each term is a link to its meaning.

    Args:
        body: sanitised HTML, with its citations.
        terms: the terms.
        glossary: the URL of the glossary, relative to the page.
    """
    return "".join(_TermLinker(terms, glossary).pieces(body))


class _TermLinker:
    """One pass over the HTML of a body."""

    def __init__(self, terms: TermIndex, glossary: str) -> None:
        self._terms = terms
        self._glossary = glossary
        self._used: set[int] = set()
        self._skipped = ""
        """The name of the open element whose text is skipped; empty outside of such elements."""
        self._depth = 0
        """The number of open elements with this name."""

    def pieces(self, body: str) -> Iterator[str]:
        position = 0
        for tag in _TAG.finditer(body):
            yield from self._text(body[position : tag.start()])
            yield tag[0]
            position = tag.end()
            if tag["name"]:
                self._enter_or_leave(tag)
        yield from self._text(body[position:])

    def _enter_or_leave(self, tag: re.Match[str]) -> None:
        name = tag["name"].lower()
        if self._skipped:
            if name == self._skipped:
                self._depth += -1 if tag["slash"] else 1
                self._skipped = name if self._depth else ""
        elif not tag["slash"] and (name in _SKIPPED or any(word in tag["attributes"] for word in _SKIPPED_CLASSES)):
            self._skipped, self._depth = name, 1

    def _text(self, text: str) -> Iterator[str]:
        position = 0
        for start, end, number in () if self._skipped or not text.strip() else self._terms.find(text):
            if number not in self._used:
                self._used.add(number)
                anchor = self._terms.entries[number].anchor
                fragment = f"#{html.escape(anchor.replace('%', '%25'))}" if anchor else ""
                yield text[position:start]
                yield f'<a class="iq-term" href="{html.escape(self._glossary)}{fragment}">{text[start:end]}</a>'
                position = end
        yield text[position:]


def add_term_ids(page: str) -> str:
    """Return the HTML of the glossary's page in which every term has the id that links to it contain."""
    ids = {
        tag[0][slice(*span)] for tag in _TAG.finditer(page) if tag["name"] and (span := attribute_span(tag[0], "id"))
    }

    def with_id(term: re.Match[str]) -> str:
        words = " ".join(html.unescape(_ANY_TAG.sub("", term["inside"])).split())
        anchor = html.escape(term_anchor(words)) if 0 < len(words) <= LONGEST_TERM else ""
        if not anchor or anchor in ids or attribute_span(f"<dt{term['attributes']}>", "id"):
            return term[0]
        ids.add(anchor)
        return f'<dt id="{anchor}"{term["attributes"]}>{term["inside"]}</dt>'

    return _TERM.sub(with_id, page)
