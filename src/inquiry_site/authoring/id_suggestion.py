"""Suggest the id of a question: short, readable, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count

from inquiry_site.parsing.ids import is_id
from inquiry_site.text.tokenize import is_unspaced

_MOST_WORDS = 5
_LONGEST = 48
"""Characters. An id in a script of three bytes per character still fits into the file names that redirects use."""
_LONGEST_UNSPACED = 12
"""Characters of a run in a script without spaces, which has no words to choose from."""
_APOSTROPHES = re.compile("(?<=\\w)['’ʼ](?=\\w)")
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10))]
)
"""Names that Windows does not allow for files."""
_ENGLISH = frozenset(
    "a about all also an and any are as at be been but by can could did do does for from had has have how if in into is"
    " it its may might more most not of on or other so than that the their them then there these they this those to too"
    " was were what when where whether which who why will with would".split()
)
_GERMAN = frozenset(
    "aber als am an auch auf aus bei das dass dem den der des die ein eine einem einen einer eines er es für gibt hat"
    " haben im in ist kann man mehr mit nach nicht ob oder sich sie sind so um und vom von vor wann war warum was wenn"
    " wer wie wird wo zu zum zur".split()
)


def suggest_id(question: str, taken: Container[str] = ()) -> str:
    """Return an id for a question; empty if it contains neither letters nor digits.

    Args:
        question: the question.
        taken: ids and former ids that other pages have.
    """
    words = list(_words(question))
    # “die” and “war” are stop words in one language only.
    stop_words = max(_ENGLISH, _GERMAN, key=lambda stops: sum(word in stops for word in words))
    telling = [word for word in words if word not in stop_words] or words
    identifier = ""
    for word in telling[:_MOST_WORDS]:
        longer = f"{identifier}-{word}" if identifier else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        identifier = longer
    if not identifier:
        return ""
    candidates = (identifier if number == 1 else f"{identifier}-{number}" for number in count(1))
    return next(name for name in candidates if is_id(name) and name not in taken and name not in _RESERVED)


def _words(question: str) -> Iterator[str]:
    """Yield the words of a question in lower case, as letters, marks and digits."""
    text = unicodedata.normalize("NFC", _APOSTROPHES.sub("", question).lower())
    letters = (char if unicodedata.category(char)[0] in "LMN" and char == char.lower() else " " for char in text)
    for run in "".join(letters).split():
        # A mark without a letter, such as the one that colours an emoji, is invisible.
        word = run[next((i for i, char in enumerate(run) if unicodedata.category(char)[0] != "M"), len(run)) :]
        if word:
            yield word[:_LONGEST_UNSPACED] if is_unspaced(word) else word
