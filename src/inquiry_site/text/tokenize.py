"""Words, whatever the language: no stop list, no dictionary."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

UNSPACED = r"\u0E00-\u0EFF\u1000-\u109F\u1780-\u17FF\u3040-\u30FF\u3400-\u4DBF\u4E00-\u9FFF"
"""Thai, Lao, Burmese, Khmer, kana and Han are written without spaces between words."""
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{UNSPACED}]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 64
"""A longer run is no word (a hash, encoded data)."""


def tokenize(text: str) -> list[str]:
    """The words in order, case folded; a run without spaces as overlapping pairs (Nie et al. 2000)."""
    found: list[str] = []
    for run in split_runs(text):
        found += _casefolded(run)
    return found


def split_runs(text: str) -> list[str]:
    """The runs of letters and digits as they are written."""
    return _WORD.findall(text if text.isascii() else unicodedata.normalize("NFKC", text))


def is_unspaced(text: str) -> bool:
    """Whether it starts in a script that is written without spaces."""
    return _IS_UNSPACED.match(text) is not None


@lru_cache(maxsize=1 << 17)
def index_terms(run: str) -> tuple[str, ...]:
    """What a run is indexed under: its words and the parts of a name in camel case."""
    parts = _HUMP.split(run) if len(run) > 3 and not run.islower() and not run.isupper() else []
    return (*_casefolded(run), *(part.casefold() for part in parts if len(parts) > 1))


@lru_cache(maxsize=1 << 17)
def _casefolded(run: str) -> tuple[str, ...]:
    if is_unspaced(run):
        return tuple(run[at : at + 2] for at in range(max(1, len(run) - 1)))
    return (run.casefold(),) if len(run) <= _LONGEST else ()
