"""Create edits that are certain to fix a problem in frontmatter and change nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from inquiry_site.diagnostics import Edit
from inquiry_site.parsing.frontmatter import (
    KeyPath,
    YamlFault,
    find_frontmatter,
    load_yaml,
    locate_key,
    locate_key_name,
)

_PLAIN_SCALAR = re.compile(r"[^\s\"'\[\]{}&*!|>#,:][^\n\"\\]*")
_LIST_ITEM = re.compile(r"[ \t]*-[ \t]+")
_SAFE_TEXT = re.compile(r"[^\W\d_][^\n:#\[\]{}\"\\]*")
"""A text that YAML reads as written without quotation marks, at least in block style."""
_COMMA = re.compile(r",[ \t]*")


def remove_entry(text: str, key: str, number: int) -> tuple[Edit, ...]:
    """Return the edit that removes one entry of a list of texts in block or flow style, or none if it is uncertain."""
    start, end = locate_key(text, (key, number))
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    if line_end < 0 or "\n" in text[start:end]:
        return ()
    if _LIST_ITEM.fullmatch(text, line_start, start) and not text[end:line_end].strip():
        return (Edit(line_start, line_end + 1, ""),)
    list_start, list_end = locate_key(text, (key,))
    if text[list_start : list_start + 1] != "[" or text[list_end - 1 : list_end] != "]":
        return ()
    following = re.compile(r"[ \t]*,[ \t]*").match(text, end)
    if following:
        return (Edit(start, following.end(), ""),)
    leading = re.compile(r"[ \t]*,[ \t]*$").search(text[list_start:start])
    return (Edit(list_start + leading.start() if leading else start, end, ""),)


def add_quotes(text: str, path: KeyPath) -> tuple[Edit, ...]:
    """Return the edits that quote a value which YAML parses as a number or a date, keeping its text."""
    start, end = locate_key(text, path)
    return (Edit(start, start, '"'), Edit(end, end, '"')) if _PLAIN_SCALAR.fullmatch(text[start:end].rstrip()) else ()


def remove_quotes(text: str, path: KeyPath) -> tuple[Edit, ...]:
    """Return the edits that remove the quotation marks of a year, a date or a Boolean."""
    start, end = locate_key(text, path)
    written = text[start:end]
    if not re.fullmatch(r"\"\d{4}\"|'\d{4}'|\"\d{4}-\d\d-\d\d\"|'\d{4}-\d\d-\d\d'|\"(?:true|false)\"", written):
        return ()
    return (Edit(start, start + 1, ""), Edit(end - 1, end, ""))


def rename_key(text: str, path: KeyPath, name: str) -> tuple[Edit, ...]:
    """Return the edit that renames a key."""
    start, end = locate_key_name(text, path)
    return (Edit(start, end, name),) if text[start:end] == str(path[-1]) else ()


def end_with_question_mark(text: str) -> tuple[Edit, ...]:
    """Return the edit that removes spaces, full stops and further marks around the question mark that ends a title."""
    start, end = locate_key(text, ("title",))
    written = text[start:end]
    closing = written[-1:] if written[-1:] in {'"', "'"} and written[:1] == written[-1:] else ""
    match = re.search(r"(?P<before>\s*)(?P<mark>[?？؟])(?P<after>[\s?.!…]*)$", written.removesuffix(closing))
    if match is None or "\n" in match[0] or not (match["before"] or match["after"]):
        return ()
    return (Edit(start + match.start(), end - len(closing), match["mark"]),)


def replace_entry(text: str, path: KeyPath, number: int, values: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edit that replaces one entry of a list of texts by others in the same style, if it is certain."""
    start, end = locate_key(text, (*path, number))
    written, list_start = text[start:end], locate_key(text, path)[0]
    prefix = text[text.rfind("\n", 0, start) + 1 : start]
    in_flow = text[list_start : list_start + 1] == "["
    if not written or "\n" in written or not (in_flow or _LIST_ITEM.fullmatch(prefix)):
        return ()
    scalars = [write_text(value, in_flow=in_flow, like=written) for value in values]
    edits = (Edit(start, end, ", ".join(scalars) if in_flow else f"\n{prefix}".join(scalars)),)

    def expect(data: Any) -> None:
        _value_at(data, path)[number : number + 1] = values

    return edits if changes_only(text, edits, expect) else ()


def merge_entries(text: str, path: KeyPath, values: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edits that replace each two entries of a list in brackets by one, if they are certain."""
    edits = []
    for number, value in enumerate(values):
        (start, first_end), (second, end) = (locate_key(text, (*path, 2 * number + step)) for step in (0, 1))
        if not _COMMA.fullmatch(text, first_end, second):
            return ()
        edits.append(Edit(start, end, write_text(value, in_flow=True)))

    def expect(data: Any) -> None:
        _value_at(data, path)[:] = values

    return tuple(edits) if changes_only(text, edits, expect) else ()


def write_text(value: str, *, in_flow: bool, like: str = "") -> str:
    """Return a text as YAML, in the quotation marks of another value if it has any, else in those that it needs.

    Args:
        value: the text.
        in_flow: whether it is within brackets or braces, where commas separate values.
        like: how another value is written.
    """
    if like[:1] == "'":
        return "'" + value.replace("'", "''") + "'"
    if like[:1] != '"' and " " in value and _SAFE_TEXT.fullmatch(value) and not (in_flow and "," in value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def changes_only(text: str, edits: Sequence[Edit], expect: Callable[[Any], None]) -> bool:
    """Return whether edits change frontmatter as expected and in no other way.

    Args:
        text: the text of the file.
        edits: the edits.
        expect: makes the same change to the data of the frontmatter.
    """
    before, after = _data(text), _data(edited(text, edits))
    try:
        expect(before)
    except (TypeError, LookupError):
        return False
    return not isinstance(after, YamlFault) and before == after


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with edits applied, which must not overlap."""
    pieces, position = [], 0
    for edit in sorted(edits):
        pieces += [text[position : edit.start], edit.replacement]
        position = edit.end
    return "".join([*pieces, text[position:]])


def _data(text: str) -> Any:
    block = find_frontmatter(text)
    return load_yaml(text, block) if block else None


def _value_at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data
