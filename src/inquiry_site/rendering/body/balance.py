"""An author's HTML, so mended that nothing of it reaches beyond his prose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from inquiry_site.html.syntax import RAW_ELEMENTS, TAG_ATTRIBUTES, end_of_raw

_TOKEN = re.compile(rf"<!--|<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>]){TAG_ATTRIBUTES}>|<(?=[a-zA-Z/!?])")
_CLOSED = frozenset(
    (
        "a abbr address article aside b bdi bdo blockquote body button canvas cite code data del details dfn div dl em "
        "fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header html i ins kbd label main map mark math "
        "menu nav noscript object ol output pre q s samp section select small span strong sub summary sup svg table "
        "time tt u ul var video"
    ).split()
)
"""Elements that have to be closed by a tag of their own."""


def balance_tags(converted: str) -> str:
    """The HTML of a body in which every element and comment ends where the body does, and nothing else.

    What is never closed and would take the rest of the page (a comment, a script) is text; other elements are closed at
    the end; a closing tag of what was not opened is left out.

    Args:
        converted: HTML as Markdown made it, with whatever HTML an author wrote into it.
    """
    return "".join(_TagBalancer(converted).pieces())


class _TagBalancer:
    def __init__(self, converted: str) -> None:
        self._converted = converted
        self._open: list[str] = []
        self._count = Counter[str]()
        """How many of each name are open."""
        self._never_closed: set[str] = set()

    def pieces(self) -> Iterator[str]:
        position = written = 0
        while (token := _TOKEN.search(self._converted, position)) is not None:
            position, kept = self._after(token)
            yield self._converted[written : token.start()]
            yield kept
            written = position
        yield self._converted[written:]
        yield from (f"</{name}>" for name in reversed(self._open))

    def _after(self, token: re.Match[str]) -> tuple[int, str]:
        """Where reading goes on, and what stands in the page for all before that."""
        name = (token["name"] or "").lower()
        if token[0] == "<!--" or (name in RAW_ELEMENTS and not token["slash"]):
            end = self._end(name, token.end())
            return (end, self._converted[token.start() : end]) if end > 0 else (token.start() + 1, "&lt;")
        if not name:
            # A tag without an end, or a declaration: to browsers it goes on to the next such sign, wherever that is.
            return token.start() + 1, "&lt;"
        if name in RAW_ELEMENTS or (name in _CLOSED and not self._keeps(name, bool(token["slash"]))):
            return token.end(), ""
        return token.end(), token[0]

    def _end(self, name: str, start: int) -> int:
        """Behind the end of a comment or of what an element holds; 0 where it has none."""
        if name in self._never_closed:
            return 0
        found = end_of_raw(name).search(self._converted, start)
        if found is None:
            self._never_closed.add(name)
        return found.end() if found else 0

    def _keeps(self, name: str, closes: bool) -> bool:
        if not closes:
            self._open.append(name)
            self._count[name] += 1
            return True
        if not self._count[name]:
            return False
        while True:
            innermost = self._open.pop()
            self._count[innermost] -= 1
            if innermost == name:
                return True
