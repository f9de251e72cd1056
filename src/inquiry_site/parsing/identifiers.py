"""Normalise and validate identifiers of publications: DOI, arXiv number, ISBN and URL."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_DOI_PREFIX = re.compile(r"^(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S*[^\s.,;:]", re.IGNORECASE)
_ARXIV_PREFIX = re.compile(
    r"^(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:?\s*)", re.IGNORECASE
)
_ARXIV_VERSION = re.compile(r"v\d+(?:\.pdf)?$|\.pdf$", re.IGNORECASE)
_ARXIV = re.compile(r"(?P<year>\d\d)(?P<month>\d\d)\.(?P<number>\d{4,5})")
_ARXIV_OLD = re.compile(r"[a-z-]+(?:\.[a-z]{2})?/(?P<year>\d\d)(?P<month>\d\d)\d{3}")
_FIRST_YEAR_OF_NUMBERS = 7
_FIRST_YEAR_OF_FIVE_DIGITS = 15
_ISBN_PREFIX = re.compile(r"^(?:urn:)?isbn(?:-1[03])?:?\s*", re.IGNORECASE)


def normalize_doi(text: str) -> str:
    """Return a DOI in lower case, without a URL or label in front of it."""
    return _DOI_PREFIX.sub("", text.strip()).lower()


def is_doi_url(url: str) -> bool:
    """Return whether a URL points to a DOI."""
    return "doi.org/" in url and _DOI_PREFIX.match(url.strip()) is not None


def is_doi(text: str) -> bool:
    """Return whether a text has the form of a DOI: 10, a registrant's number, a slash, a suffix (ISO 26324)."""
    return _DOI.fullmatch(normalize_doi(text)) is not None


def normalize_arxiv(text: str) -> str:
    """Return an arXiv number without its version and without a URL or label in front of it."""
    return _ARXIV_VERSION.sub("", _ARXIV_PREFIX.sub("", text.strip())).lower()


def is_arxiv_url(url: str) -> bool:
    """Return whether a URL points to a paper on arXiv."""
    return "arxiv.org/" in url.lower() and _ARXIV_PREFIX.match(url.strip()) is not None


def arxiv_problem(text: str) -> str:
    """Return why a text is not an arXiv number, or an empty string if it is one (arXiv's identifier scheme)."""
    number = normalize_arxiv(text)
    old = _ARXIV_OLD.fullmatch(number)
    match = _ARXIV.fullmatch(number) or old
    if match is None:
        return "it is not written as year and month, a full stop and four or five digits"
    if not 1 <= int(match["month"]) <= 12:
        return f"its month is {match['month']}"
    if old is not None:
        return ""
    year, digits = int(match["year"]), len(match["number"])
    if year < _FIRST_YEAR_OF_NUMBERS:
        return "numbers of this form begin in 2007"
    wanted = 5 if year >= _FIRST_YEAR_OF_FIVE_DIGITS else 4
    if digits != wanted:
        return f"numbers of 20{match['year']} have {wanted} digits behind the full stop, and it has {digits}"
    return ""


def arxiv_year(text: str) -> int | None:
    """Return the year in which a paper was submitted to arXiv, or None if its number does not contain it."""
    number = normalize_arxiv(text)
    match = _ARXIV.fullmatch(number) or _ARXIV_OLD.fullmatch(number)
    if match is None or arxiv_problem(text):
        return None
    year = int(match["year"])
    return 1900 + year if year > 90 else 2000 + year


def normalize_isbn(text: str) -> str:
    """Return an ISBN without hyphens, with ten digits converted to thirteen (ISO 2108)."""
    digits = _isbn_digits(text)
    if len(digits) != 10:
        return digits
    body = "978" + digits[:9]
    return body + str(-_weighted(body) % 10) if body.isdigit() else digits


def isbn_problem(text: str) -> str:
    """Return why a text is not an ISBN, or an empty string if it is one (check digits of ISO 2108)."""
    digits = _isbn_digits(text)
    if re.fullmatch(r"\d{13}", digits):
        wanted = str(-_weighted(digits[:12]) % 10)
    elif re.fullmatch(r"\d{9}[\dX]", digits):
        remainder = -sum(int(digit) * (10 - index) for index, digit in enumerate(digits[:9])) % 11
        wanted = "X" if remainder == 10 else str(remainder)
    else:
        return "an ISBN has ten or thirteen digits"
    return "" if digits[-1] == wanted else f"its check digit is {digits[-1]} and should be {wanted}"


def _isbn_digits(text: str) -> str:
    return re.sub(r"[\s\u2010-\u2015-]", "", _ISBN_PREFIX.sub("", text.strip())).upper()


def _weighted(digits: str) -> int:
    return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits))


def is_url(text: str) -> bool:
    """Return whether a text is an HTTP or HTTPS URL with a host and without white space."""
    try:
        parts = urlsplit(text.strip())
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(host.strip(".")) and not re.search(r"\s", text.strip())
