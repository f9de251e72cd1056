"""Read the bibliographic record of a source from what Crossref or arXiv answers."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from inquiry_site.authoring.new_page import UNKNOWN_SOURCE
from inquiry_site.model import Reference
from inquiry_site.parsing.identifiers import normalize_arxiv, normalize_doi

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_RETRACTED = re.compile(
    r"\[retracted(?: article)?\]\s*:?\s*|(?:retracted(?: article)?|withdrawn)\s*:\s*", re.IGNORECASE
)
_RETRACTIONS = frozenset({"retraction", "withdrawal", "removal"})
_TYPES = {
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-chapter": "book",
    "report": "report",
    "dataset": "dataset",
}
_DATES = ("issued", "published", "published-online", "published-print")
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


class UnusableRecordError(ValueError):
    """An answer contains no record; the message is the reason."""


def read_crossref(answer: bytes, doi: str) -> Reference:
    """Return the record in an answer of Crossref's REST API.

    Raises:
        UnusableRecordError: the answer contains no record.
    """
    try:
        message = json.loads(answer)["message"]
    except (ValueError, LookupError, TypeError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise UnusableRecordError("the answer is not a record")
    title = next(_texts(message.get("title")), "")
    retracted = _retraction(message) or ("yes" if _RETRACTED.match(title) else "")
    return Reference(
        title=_RETRACTED.sub("", title, count=1) if retracted and _RETRACTED.match(title) else title,
        authors=tuple(filter(None, map(_name, _dicts(message.get("author"))))),
        year=next((day.year for key in _DATES if (day := _date(message.get(key)))), 0),
        doi=normalize_doi(doi),
        venue=next(_texts(message.get("container-title")), ""),
        type=_TYPES.get(str(message.get("type")), "paper"),
        retracted=retracted,
    )


def read_arxiv(answer: bytes, number: str) -> Reference:
    """Return the record in an answer of arXiv's API.

    Raises:
        UnusableRecordError: the answer contains no record.
    """
    try:
        text = answer.decode("utf-8")
        # Entities could expand to gigabytes, and Atom needs none.
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise UnusableRecordError("the answer is not a record")
        feed = ElementTree.fromstring(text)  # noqa: S314 - without entities
    except (ValueError, ElementTree.ParseError) as error:
        raise UnusableRecordError("the answer is not a record") from error
    entry = feed.find(f"{_ATOM}entry")
    if entry is None or "/api/errors" in entry.findtext(f"{_ATOM}id", ""):
        raise UnusableRecordError("arXiv has no paper with this number")
    published = entry.findtext(f"{_ATOM}published", "")[:4]
    return Reference(
        title=_plain(entry.findtext(f"{_ATOM}title", "")),
        authors=tuple(filter(None, (_plain(name.text or "") for name in entry.iter(f"{_ATOM}name")))),
        year=int(published) if published.isdecimal() and published.isascii() else 0,
        doi=normalize_doi(entry.findtext(f"{_ARXIV}doi", "")),
        arxiv=normalize_arxiv(number),
        venue=_plain(entry.findtext(f"{_ARXIV}journal_ref", "")),
    )


def only_identifier(key: str, value: str) -> Reference:
    """Return a source of which nothing but the DOI or the arXiv number is known."""
    doi, arxiv = (normalize_doi(value), "") if key == "doi" else ("", normalize_arxiv(value))
    return Reference(UNKNOWN_SOURCE.title, UNKNOWN_SOURCE.authors, UNKNOWN_SOURCE.year, doi=doi, arxiv=arxiv)


def _plain(text: str) -> str:
    """Return a text without tags, with entities decoded, on one line."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _texts(values: object) -> Iterator[str]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, str) and _plain(value):
            yield _plain(value)


def _dicts(values: object) -> Iterator[dict[str, Any]]:
    yield from (value for value in (values if isinstance(values, list) else ()) if isinstance(value, dict))


def _name(author: dict[str, Any]) -> str:
    given, family, name = (_plain(str(author.get(key) or "")) for key in ("given", "family", "name"))
    if not family:
        return name or given
    # A family name of several words is not recognised at the end of a name.
    return f"{family}, {given}" if given and " " in family else f"{given} {family}".strip()


def _date(value: object) -> dt.date | None:
    """Return a date in Crossref's form, of which only the year is certain to exist."""
    try:
        year, *rest = value["date-parts"][0]  # type: ignore[index] # whatever its type
        return dt.date(year, *[*rest, 1, 1][:2])
    except (LookupError, TypeError, ValueError):
        return None


def _retraction(message: dict[str, Any]) -> str:
    """Return the date of a retraction, ``yes`` if it has none; empty if the source is not retracted."""
    for update in _dicts(message.get("updated-by")):
        if str(update.get("type")) in _RETRACTIONS:
            day = _date(update.get("updated"))
            return day.isoformat() if day else "yes"
    return ""
