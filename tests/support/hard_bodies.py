"""Bodies on which Markdown converters are slow or recurse, each in any size."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inquiry_site.config import Limits
from inquiry_site.parsing.bounds import find_excess

Body = Callable[[int], str]
"""A body of about this many characters."""

_REPEATED = {
    "brackets that nothing closes": "[",
    "images that nothing closes": "![a](",
    "links that nothing closes": "[a](",
    "links": "[a](b) ",
    "references": "[a][b] ",
    "citations": "[[a]] ",
    "footnotes that nothing defines": "[^1] ",
    "emphasis": "*a* ",
    "emphasis that nothing closes": "*a **b ",
    "emphasis with underscores": "_a_ __b__ ",
    "crossed emphasis": "***a** b* ",
    "code": "`a` ",
    "code that nothing closes": "` `` ``` ",
    "one run of back-ticks": "`",
    "back-slashes": "\\",
    "tags that nothing closes": "<a ",
    "attributes that nothing closes": '<a b="',
    "tags": "<b>a</b>",
    "closing tags": "</div>\n\n",
    "comments": "<!-- a -->\n\n",
    "CDATA": "<![CDATA[",
    "entities": "&amp;",
    "formulas": "$a$ ",
    "dollar signs": "$",
    "formulas in parentheses": "\\(",
    "environments of TeX": "\\begin{a}\n\n",
    "blocks of formulas": "$$a$$\n\n",
    "headings": "# a\n\n",
    "underlined headings": "a\n===\n",
    "small tables": "a|b\n-|-\n",
    "items": "- a\n",
    "items apart": "- a\n\n",
    "numbered items": "1. a\n",
    "tasks": "- [ ] a\n",
    "quotations": "> a\n",
    "callouts": "> [!note] a\n\n",
    "titles of callouts": "> [!note]- 1. a\n",
    "types of callouts": "> [!a|",
    "comments between percent signs": "%%a%% ",
    "percent signs": "%",
    "percent signs after digits": "5%% ",
    "pictures by name": "![[a.png|3]] ",
    "keys": "[@a] @b ",
    "templates": "{{ a }} {{ ",
    "inline footnotes": "^[a b] ^[",
    "roles": ":a:`b` {a}`b` ",
    "paragraphs": "a\n\n",
    "lines": "a\n",
    "admonitions": "!!! a\n    b\n\n",
    "details": "??? a\n",
    "tabs": '=== "a"\n\n    b\n\n',
    "blocks between slashes": "/// note\n\n///\n",
    "fences": "```\na\n```\n",
    "fences that nothing closes": "```a\n",
    "attributes": "{: .a}\n",
    "deletions": "~~a~~ ~a",
    "insertions": "^^a^^ ^a",
    "marks": "==a== ",
    "keyboard keys": "++a++ ",
    "edits": "{++a++}{--",
    "substitutions": "{~~a~>",
    "emoji": ":smile: ",
    "mentions": "@a #1 a/b#1 ",
    "addresses": "http://a.b/ www.a.b a@b.c ",
    "symbols": "(c) 1/2 =/= --> ",
    "quotation marks": "\"a\" 'b' ",
    "words": "word word. ",
    "one word": "a",
    "abbreviations": "*[a]: b\n",
}
_NESTED: dict[str, Body] = {
    "lists on one line": lambda size: "- " * (size // 2) + "a",
    "numbers on one line": lambda size: "1. " * (size // 3) + "a",
    "quotations on one line": lambda size: "> " * (size // 2) + "a",
    "callouts on one line": lambda size: "> [!note] " * (size // 10) + "a",
    "callouts in callouts": lambda size: "".join(f"{'> ' * depth}[!note] a\n" for depth in range(1, int(size**0.5))),
    "a tree of lists": lambda size: "".join("    " * depth + "- a\n" for depth in range(int((size / 2) ** 0.5))),
    "a tree of admonitions": lambda size: "".join(
        "    " * depth + "!!! note\n\n" for depth in range(int((size / 2) ** 0.5))
    ),
    "definitions in a row": lambda size: "a\n: b\n" * (size // 6),
    "links in links": lambda size: "[" * (size // 5) + "a" + "](b)" * (size // 5),
    "emphasis in emphasis": lambda size: "*a " * (size // 6) + "b" + " a*" * (size // 6),
    "braces in a formula": lambda size: "$" + "{" * (size // 2) + "a" + "}" * (size // 2) + "$",
    "HTML in HTML": lambda size: '<div markdown="1">\n' * (size // 26) + "\na\n\n" + "</div>\n" * (size // 26),
    "open blocks between slashes": lambda size: "/// note\n" * (size // 9),
    "a wide and tall table": lambda size: "|a" * (size // 6) + "|\n" + "|-" * (size // 6) + "|\n" + "a\n" * (size // 6),
    "abbreviations and their uses": lambda size: (
        "".join(f"*[a{n}]: b\n" for n in range(size // 20)) + "\n" + "a1 b " * (size // 10)
    ),
    "a long formula": lambda size: "$" + "a" * size + "$",
    "a table of contents of headings": lambda size: "[TOC]\n\n" * (size // 80) + "# a\n\n" * (size // 10),
    "a footnote and many references to it": lambda size: "a[^1] " * (size // 6) + "\n\n[^1]: b\n",
    "Python of blank lines": lambda size: "```python\n" + " \n" * (size // 2) + "```\n",
    "code of another language": lambda size: "```autohotkey\n" + " \n" * (size // 2) + "```\n",
    "citations in a heading": lambda size: "[TOC]\n\n# " + "[[a]] " * (size // 6) + "\n",
    "a thousand rows of a table": lambda size: "a | b\n--|--\n" + "[x](y) | *z*\n" * (size // 13),
}


def _repeating(fragment: str) -> Body:
    return lambda size: fragment * max(size // len(fragment), 1)


BODIES: Mapping[str, Body] = {**{name: _repeating(fragment) for name, fragment in _REPEATED.items()}, **_NESTED}
"""Every kind by name."""

_LARGEST = 500_000


def just_below(body: Body, limits: Limits | None = None) -> str:
    """Return the largest body of a kind within the limits."""
    least, most = 20, _LARGEST
    while most - least > least // 50 + 1:
        size = (least + most) // 2
        if find_excess(body(size), limits or Limits()) is None:
            least = size
        else:
            most = size
    return body(least)
