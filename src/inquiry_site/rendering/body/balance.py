"""Close the elements and comments of an author's HTML, so that it cannot affect the rest of the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from inquiry_site.html.syntax import RAW_ELEMENTS, TAG_ATTRIBUTES, end_of_raw

_TOKEN = re.compile(rf"<!--|<(?P<slash>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?=[\s/>]){TAG_ATTRIBUTES}>|<(?=[a-zA-Z/!?])")
_NEEDS_END_TAG = frozenset(
    (
        "a abbr address article aside b bdi bdo blockquote body button canvas cite code data del details dfn div dl em "
        "fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header html i ins kbd label main map mark math "
        "menu nav noscript object ol output pre q s samp section select small span strong sub summary sup svg table "
        "time tt u ul var video"
    ).split()
)
"""Elements that require an end tag."""


def balance_tags(converted: str) -> str:
    """Return the HTML of a body in which every element and comment ends within the body.

    An unclosed comment or raw element such as ``<script>``, which would swallow the rest of the page, becomes text.
    Other unclosed elements are closed at the end, and end tags without a start tag are removed.

    Args:
        converted: HTML that Markdown was converted to, including the author's own HTML.
    """
    return "".join(_TagBalancer(converted).pieces())


class _TagBalancer:
    def __init__(self, converted: str) -> None:
        self._converted = converted
        self._open: list[str] = []
        self._count = Counter[str]()
        """The number of open elements by name."""
        self._never_closed: set[str] = set()

    def pieces(self) -> Iterator[str]:
        position = written = 0
        while (token := _TOKEN.search(self._converted, position)) is not None:
            position, replacement = self._process(token)
            yield self._converted[written : token.start()]
            yield replacement
            written = position
        yield self._converted[written:]
        yield from (f"</{name}>" for name in reversed(self._open))

    def _process(self, token: re.Match[str]) -> tuple[int, str]:
        """Return the position after a token, and the HTML that replaces everything from its start to there."""
        name = (token["name"] or "").lower()
        if token[0] == "<!--" or (name in RAW_ELEMENTS and not token["slash"]):
            end = self._end_of_raw(name, token.end())
            return (end, self._converted[token.start() : end]) if end > 0 else (token.start() + 1, "&lt;")
        if not name:
            # A tag without an end, or a declaration: browsers extend it to the next ``>``, wherever that is.
            return token.start() + 1, "&lt;"
        if name in RAW_ELEMENTS or (name in _NEEDS_END_TAG and not self._update_open(name, bool(token["slash"]))):
            return token.end(), ""
        return token.end(), token[0]

    def _end_of_raw(self, name: str, start: int) -> int:
        """Return the offset after the end of a comment or raw element; 0 if it has none."""
        if name in self._never_closed:
            return 0
        end = end_of_raw(name).search(self._converted, start)
        if end is None:
            self._never_closed.add(name)
        return end.end() if end else 0

    def _update_open(self, name: str, is_end_tag: bool) -> bool:
        """Update the open elements for a tag; return False for an end tag without a start tag."""
        if not is_end_tag:
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
