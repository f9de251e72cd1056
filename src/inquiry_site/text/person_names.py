"""Read names of people as sources print them: initials, several people in one text, abbreviated lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PARTICLES = frozenset("van von de der den del della di da dos du la le el al bin ibn ten ter".split())
"""Words that belong to the family name after them."""
_LOWER_CASE = _PARTICLES | frozenset("af and av bint das do e lo y zu zum zur".split())
"""Words that occur in names of people in lower case."""
_ARTICLE = re.compile(r"(?:[dl]|al|ad|ar|as|el)['’-]", re.IGNORECASE)
SUFFIXES = frozenset("jr sr ii iii iv 2nd 3rd 4th md phd dphil dsc mph msc frs esq".split())
"""Words after a name that are neither given nor family names, without full stops."""
_COLLECTIVE = frozenset(
    "academies academy agency alliance association associates bureau center centers centre centres"
    " clinic coalition collaboration collaborators college commission committee company conference consortium"
    " contributors corporation corp council department developers directorate division education executive federation"
    " forum foundation fund gmbh group groups health hospital inc initiative institute institutes institution"
    " international investigators lab laboratories laboratory labs library limited llc ltd ministry museum"
    " nations national network office organisation organization panel partners partnership plc program programme"
    " project registry research school science sciences secretariat services society sons statistics studies"
    " study survey task team trial trialists trust union university workgroup workshop writing".split()
)
"""Words that occur in names of organisations and groups, but hardly in those of people."""
_NEVER_INITIALS = frozenset("AI EU GB UK UN US USA II III IV VI VII VIII JR SR PHD INC LLC LTD PLC".split())
"""Capitals after a name that abbreviate something else."""
_DOUBTFUL_INITIALS = frozenset(
    "AB AG AS BA BV DO FU GU HA HE HO HU IT JD KG KO LE LI LP LU MA MD ML MS NG NV OH OU QI RL RN SA SE SU VU WU XU YE"
    " YI YU".split()
)
"""Pairs of capitals that may be a family name in capitals, a degree, a legal form or a field."""
_FAMILY_CAPITALS = 2
"""Numbers of capitals up to which they are initials beyond doubt."""
_MOST_INITIALS = 3
_MOST_WORDS = 7

_STRONG = re.compile(r"\s*[;；、]\s*|,?\s(?:and|&)\s")
_UNUSUAL = re.compile(r"[;；、]|\s(?:and|&)\s|,.*,|^\w\..*,|[^\W\d_a-z]\.?,.*[^\W\d_a-z]\.?$")
_ABBREVIATED = re.compile(r"(?:^|[\s,&])(?:et\.?\sal(?:\.|ii|ia)?|(?:and|&)\s(?:others|colleagues))\.?$", re.IGNORECASE)
_DOTTED = re.compile(r"(?:[^\W\d_]\.-?){1,5}")
_LETTER = re.compile(r"[^\W\d_]")
_CAPITALS = re.compile(rf"[^\W\d_](?:-?[^\W\d_]){{0,{_MOST_INITIALS - 1}}}")


@dataclass(frozen=True, slots=True)
class FamilyFirst:
    """A name written as a family name and initials without a comma, as in “Rasch B”."""

    family: str
    initials: str
    is_clear: bool
    """Whether the initials can hardly be anything else."""
    is_certain: bool
    """Whether even the division between family name and initials is beyond doubt."""

    @property
    def given_first(self) -> str:
        """The name as ``I. Family``."""
        return f"{_with_full_stops(self.initials)} {self.family}"

    def __str__(self) -> str:
        """Return the name as ``Family, I.``."""
        return f"{self.family}, {_with_full_stops(self.initials)}"


def is_abbreviated(name: str) -> bool:
    """Return whether a text ends in “et al.” or the like, or is “others”."""
    return _ABBREVIATED.search(name) is not None or name.casefold() in {"others", "…", "..."}


def is_suffix(word: str) -> bool:
    """Return whether a word follows names without being part of them, such as “Jr.” or “III”."""
    return word.replace(".", "").strip().casefold() in SUFFIXES


def is_dotted(name: str) -> bool:
    """Return whether a text consists of initials with full stops, such as “W.” or “J.-P.”."""
    return name.endswith(".") and all(_DOTTED.fullmatch(word) and word.isupper() for word in name.split())


def is_initials(name: str) -> bool:
    """Return whether a text consists of initials, with full stops or without: “W. A.” or “WA”."""
    words = name.split()
    return bool(words) and len(words) <= _MOST_INITIALS and all(map(_is_initial, words))


def _is_initial(word: str) -> bool:
    return word.isupper() and bool(_CAPITALS.fullmatch(word) or _DOTTED.fullmatch(word))


def is_collective(name: str) -> bool:
    """Return whether a name has words that names of people do not have, such as “Team” or “for”."""
    words = name.replace(",", " ").replace(";", " ").split()
    return any(
        word.strip(".").casefold() in _COLLECTIVE
        or any(char.isdigit() for char in word)
        or (word[0].islower() and word not in _LOWER_CASE and not _ARTICLE.match(word) and not is_suffix(word))
        for word in words
    )


def family_first(name: str) -> FamilyFirst | None:
    """Return the parts of a name that ends in initials without a comma; None if it does not."""
    if not (name[-1:].isupper() or name.endswith(".")) or "," in name or is_collective(name):
        return None
    words = name.split()
    if "and" in words or "&" in words:
        return None
    count = next((i for i, word in enumerate(reversed(words)) if not _is_initial(word)), len(words))
    family, initials = words[: len(words) - count], words[len(words) - count :]
    if not 0 < count <= _MOST_INITIALS or not family or any(map(_is_initial, family)) or family[-1].isupper():
        return None
    letters = "".join(initials).replace(".", "").replace("-", "")
    own = [word for word in family if word.casefold() not in _PARTICLES]
    has_stops = initials[-1].endswith(".")
    is_other = letters in _NEVER_INITIALS and not has_stops and (letters not in {"JR", "SR"} or len(own) > 1)
    if not own or own[-1].endswith(".") or is_other or (len(own) > 1 and letters in {"I", "V", "X"}):
        return None
    is_clear = has_stops or (len(letters) <= _FAMILY_CAPITALS and letters not in _DOUBTFUL_INITIALS)
    is_certain = is_clear and len(own) == 1 and letters not in {"I", "V", "X"}
    return FamilyFirst(" ".join(family), " ".join(initials), is_clear, is_certain)


def _with_full_stops(initials: str) -> str:
    """Return ``BJ`` as ``B. J.`` and ``J-P`` as ``J.-P.``."""
    words = (word if word.endswith(".") else _LETTER.sub(r"\g<0>. ", word).strip() for word in initials.split())
    return " ".join(words).replace(". -", ".-")


def pair_up(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the names in a list in which family names and initials alternate; empty if they do not."""
    if len(parts) % 2 or not parts:
        return ()
    families = [part.removeprefix("and ").removeprefix("& ") for part in parts[::2]]
    if not all(map(_may_be_family, families)) or not all(map(is_initials, parts[1::2])):
        return ()
    return tuple(
        f"{family}, {_with_full_stops(initials)}" for family, initials in zip(families, parts[1::2], strict=True)
    )


def _may_be_family(text: str) -> bool:
    return (
        bool(text)
        and "," not in text
        and not is_initials(text)
        and not is_collective(text)
        and not is_suffix(text)
        and family_first(text) is None
    )


def split_people(text: str) -> tuple[str, ...] | None:
    """Return the names of several people in one text.

    Returns:
        The names, each as ``Given Family`` or ``Family, Given``; empty if there are several people but it is uncertain
        where one name ends; None if the text is one name, as far as can be seen.
    """
    if not _UNUSUAL.search(text) or is_collective(text) or is_abbreviated(text):
        return None
    parts = [[chunk.strip() for chunk in part.split(",") if chunk.strip()] for part in _STRONG.split(text.strip(" ,;"))]
    if not all(parts):
        return None
    chunks = [chunk for part in parts for chunk in part]
    if any(map(is_suffix, chunks)):
        return () if len(parts) > 1 else None
    names = tuple(_names(parts, chunks))
    if names:
        return names if len(names) > 1 else None
    return () if _has_several(text, parts, chunks) else None


def _names(parts: list[list[str]], chunks: list[str]) -> Iterator[str]:
    """Yield the names in a text divided at “and” and semicolons, and further at commas; none if it is uncertain."""
    if len(parts) > 1 and all(len(part) == 2 for part in parts):
        yield from (f"{family}, {given}" for family, given in parts)
    elif len(chunks) == 2 and len(parts) == 1 and not (all(map(_is_clear, chunks)) or all(map(_starts_short, chunks))):
        yield ", ".join(chunks)
    elif all(map(_is_whole, chunks)):
        yield from map(_written, chunks)
    else:
        pairs = [
            pair_up(part) or ((_written(part[0]),) if len(part) == 1 and _is_whole(part[0]) else ()) for part in parts
        ]
        yield from (name for pair in pairs for name in pair) if all(pairs) else ()


def _has_several(text: str, parts: list[list[str]], chunks: list[str]) -> bool:
    if any(sign in text for sign in ";；、"):
        return True
    if len(parts) > 1 and all(len(part) == 1 for part in parts):
        return False
    return len(chunks) > 3 or any(is_initials(chunk) or _is_whole(chunk) for chunk in chunks)


def _is_clear(name: str) -> bool:
    found = family_first(name)
    return found is not None and found.is_clear


def _starts_short(name: str) -> bool:
    """Return whether a name begins with initials, which family names never do."""
    return is_dotted(name.split()[0]) and _is_whole(name)


def _is_whole(name: str) -> bool:
    """Return whether a text is a name of two words or more: a family name with a given name or initials."""
    words = name.split()
    return 2 <= len(words) <= _MOST_WORDS and not is_initials(name) and not is_collective(name)


def _written(name: str) -> str:
    found = family_first(name)
    return str(found) if found else name


def given_name_first(name: str) -> str:
    """Return a name as ``Given Family``, even if it is written ``Family, Given``."""
    family, _, given = (part.strip() for part in name.partition(","))
    if not given:
        return name
    return f"{family} {given}" if is_suffix(given) else f"{given} {family}"


def family_name(name: str) -> str:
    """Return the last word of a name as ``Given Family``, with the particles before it and without “Jr.”."""
    words = name.split()
    while len(words) > 1 and is_suffix(words[-1]):
        words.pop()
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(words[start:])
