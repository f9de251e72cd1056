"""Split text of any language into words, without stop lists or dictionaries."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

UNSPACED = r"\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF"
"""Character ranges of scripts written without spaces: Thai, Lao, Burmese, Khmer, kana and Han."""
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_CAMEL_CASE_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_MAX_LENGTH = 64
"""Longer runs, such as hashes and encoded data, are not words."""


def tokenize(text: str) -> list[str]:
    """Return the words of a text in order, case folded.

    Runs in scripts without spaces are split into overlapping pairs of characters (Nie et al. 2000).
    """
    tokens: list[str] = []
    for run in split_runs(text):
        tokens += _casefolded(run)
    return tokens


def split_runs(text: str) -> list[str]:
    """Return the runs of letters and digits, in their original case."""
    return _WORD.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))


def is_unspaced(text: str) -> bool:
    """Return whether the text starts in a script that is written without spaces."""
    return _IS_UNSPACED.match(text) is not None


@lru_cache(maxsize=1 << 17)
def index_terms(run: str) -> tuple[str, ...]:
    """Return the terms under which a run is indexed: its words, and the parts of a camel-case name."""
    parts = _CAMEL_CASE_BOUNDARY.split(run) if len(run) > 3 and not run.islower() and not run.isupper() else []
    return (*_casefolded(run), *(part.casefold() for part in parts if len(parts) > 1))


@lru_cache(maxsize=1 << 17)
def _casefolded(run: str) -> tuple[str, ...]:
    if is_unspaced(run):
        return tuple(run[index : index + 2] for index in range(max(1, len(run) - 1)))
    return (run.casefold(),) if len(run) <= _MAX_LENGTH else ()
