"""Create edits that are certain to fix a problem in frontmatter and change nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from inquiry_site.diagnostics import Edit
from inquiry_site.parsing.frontmatter import (
    Frontmatter,
    KeyPath,
    YamlFault,
    find_frontmatter,
    load_yaml,
    locate_key,
    locate_key_name,
)
from inquiry_site.parsing.schema import is_accepted
from inquiry_site.text.person_names import family_first, is_abbreviated, split_people

_PLAIN_SCALAR = re.compile(r"[^\s\"'\[\]{}&*!|>#,:][^\n\"\\]*")
_LIST_ITEM = re.compile(r"[ \t]*-[ \t]+")
_PROPERTIES = frozenset("&*!")
"""Characters that begin an anchor, an alias or a tag, which belong to a value."""
_INDICATORS = frozenset("\"'[]{}&*!|>#%@`,")
"""Characters that begin another value than a text without quotation marks."""
_TEXT_KEY = re.compile(r"[ \t]*(?:- +)?(?:title|description|answer|venue|text|locator|because):[ \t]+(?=\S)")
LIST_KEYS = frozenset({"aliases", "authors", "holds", "next", "not_shown", "quotes", "relations", "sources", "tags"})
"""Keys of the format whose value is a list."""
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
    if not _is_scalar(written) or not (in_flow or _LIST_ITEM.fullmatch(prefix)):
        return ()
    scalars = [write_text(value, in_flow=in_flow, like=written) for value in values]
    if not all(scalars):
        return ()
    return (Edit(start, end, ", ".join(scalars) if in_flow else f"\n{prefix}".join(scalars)),)


def merge_entries(text: str, path: KeyPath, values: Sequence[str]) -> tuple[Edit, ...]:
    """Return the edits that replace each two entries of a list in brackets by one, if they are certain."""
    edits = []
    for number, value in enumerate(values):
        (start, first_end), (second, end) = (locate_key(text, (*path, 2 * number + step)) for step in (0, 1))
        if not (_is_scalar(text[start:first_end]) and _COMMA.fullmatch(text, first_end, second)):
            return ()
        edits.append(Edit(start, end, write_text(value, in_flow=True)))
    return tuple(edits) if all(edit.replacement for edit in edits) else ()


def write_text(value: str, *, in_flow: bool, like: str = "") -> str:
    """Return a text as YAML, in the quotation marks of another value or in those that it needs; empty if impossible.

    Args:
        value: the text, which contains no line break.
        in_flow: whether it is within brackets or braces, where commas separate values.
        like: how another value is written.
    """
    double, single = f'"{value}"', "'" + value.replace("'", "''") + "'"
    forms = {'"': (double, single), "'": (single,)}.get(like[:1], (value, double, single))
    return next((form for form in forms if _is_read_as(form, value, in_flow=in_flow)), "")


def _is_scalar(written: str) -> bool:
    """Return whether a value is written on one line, without an anchor, an alias or a tag."""
    return bool(written) and "\n" not in written and written[0] not in "&*![{|>"


def _is_read_as(written: str, value: object, *, in_flow: bool) -> bool:
    """Return whether YAML reads what is written as a value, in a list in the same style."""
    return bool(_load(f"[{written}]" if in_flow else f"- {written}") == [value])


def _load(yaml: str) -> Any:
    return load_yaml(yaml, Frontmatter(0, len(yaml), len(yaml)))


def text_to_list(text: str, path: KeyPath, key: str = "") -> tuple[Edit, ...]:
    """Return the edit that turns a text into the list that the format requires, if its entries are certain.

    Args:
        text: the text of the file.
        path: the path of the value.
        key: its key if it is misspelt in the path.
    """
    key = key or str(path[-1])
    start, end = locate_key(text, path)
    written, value = text[start:end], _load(text[start:end])
    if not _is_scalar(written) or not isinstance(value, str):
        return ()
    if key == "quotes":
        form = write_text(value, in_flow=True, like=written)
        return (Edit(start, end, f"[{{text: {form}}}]"),) if form else ()
    entries = _entries(key, value)
    scalars = [write_text(entry, in_flow=True) for entry in entries]
    return (Edit(start, end, f"[{', '.join(scalars)}]"),) if scalars and all(scalars) else ()


def _entries(key: str, value: str) -> tuple[str, ...]:
    """Return the entries of a list that an author wrote as one text; none if that is uncertain."""
    value = value.strip(" ,")
    parts = tuple(part.strip() for part in value.split(","))
    if key == "authors":
        people = split_people(value)
        is_one = people is None and "," not in value and not is_abbreviated(value) and family_first(value) is None
        return (value,) if is_one else people or ()
    if key == "tags" and len(parts) > 1:
        return parts if all(parts) else ()
    if key in {"tags", "next"}:
        return parts if all(part and " " not in part for part in parts) else ()
    return parts if key in {"aliases", "holds", "not_shown"} and len(parts) == 1 and value else ()


def text_to_quote(text: str, path: KeyPath) -> tuple[Edit, ...]:
    """Return the edit that turns a passage in a list of quotes into a mapping, if the passage is certainly whole."""
    start, end = locate_key(text, path)
    written, in_flow = text[start:end], text.startswith("[", locate_key(text, path[:-1])[0])
    value = _load(written)
    if not isinstance(value, str) or written[:1] in _PROPERTIES:
        return ()
    entries = path[:-1]
    is_only = path[-1] == 0 and locate_key(text, (*entries, 1)) == locate_key(text, entries)
    if in_flow and not is_only and written[:1] not in {'"', "'"}:
        # Commas divide a passage without quotation marks into several entries.
        return ()
    form = written if _is_read_as(written, value, in_flow=True) else write_text(value, in_flow=True)
    return (Edit(start, end, f"{{text: {form}}}"),) if form else ()


def correct_key(text: str, path: KeyPath, name: str, mapping: str) -> tuple[tuple[Edit, ...], bool]:
    """Return the edits that rename a key and, if its value must be a list, turn a text into one.

    Args:
        text: the text of the file.
        path: the path of the misspelt key.
        name: the correct key.
        mapping: the mapping that contains it, as in ``mappings_with``.

    Returns:
        The edits, and whether the format accepts the value afterwards.
    """
    edits = rename_key(text, path, name)
    start, end = locate_key(text, path)
    value = _load(" " * (start - text.rfind("\n", 0, start) - 1) + text[start:end])
    if isinstance(value, str) and name in LIST_KEYS:
        conversion = text_to_list(text, path, name)
        return (*edits, *conversion), bool(edits and conversion)
    return edits, value is None or (not isinstance(value, YamlFault) and is_accepted(mapping, name, value))


def quote_colons(text: str) -> tuple[Edit, ...]:
    """Return the edits that quote every text with a second “: ” in its line, if YAML then reads what is written."""
    block = find_frontmatter(text)
    values: dict[str, str] = {}
    edits, stand_ins = [], []
    position = block.start if block else 0
    for row in text[block.start : block.end].split("\n") if block else ():
        match = _TEXT_KEY.match(row)
        value = row[match.end() :].rstrip() if match else ""
        if match and (": " in value or value.endswith(":")) and value[0] not in _INDICATORS:
            start, end = position + match.end(), position + match.end() + len(value)
            form = write_text(value, in_flow=False)
            stand_in = f"\ue000{len(values)}\ue000"
            values[stand_in] = value
            edits.append(Edit(start, end, form))
            stand_ins.append(Edit(start, end, f'"{stand_in}"'))
        position += len(row) + 1
    if not edits or not all(edit.replacement for edit in edits) or any(" #" in value for value in values.values()):
        return ()
    found: list[str] = []
    expected = _with_values(_frontmatter_of(_edited(text, stand_ins)), values, found)
    is_certain = sorted(found) == sorted(values) and _frontmatter_of(_edited(text, edits)) == expected
    return tuple(edits) if is_certain else ()


def _edited(text: str, edits: Sequence[Edit]) -> str:
    pieces, position = [], 0
    for edit in edits:
        pieces += [text[position : edit.start], edit.replacement]
        position = edit.end
    return "".join([*pieces, text[position:]])


def _frontmatter_of(text: str) -> Any:
    block = find_frontmatter(text)
    return load_yaml(text, block) if block else None


def _with_values(data: Any, values: dict[str, str], found: list[str]) -> Any:
    """Return data with stand-ins replaced by the values that they represent, and collect those that occur."""
    if isinstance(data, dict):
        return {key: _with_values(value, values, found) for key, value in data.items()}
    if isinstance(data, list):
        return [_with_values(value, values, found) for value in data]
    if isinstance(data, str) and data in values:
        found.append(data)
        return values[data]
    return data
