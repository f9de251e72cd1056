"""Create edits that are certain to fix a problem in frontmatter and change nothing else."""

from __future__ import annotations

import re

from inquiry_site.diagnostics import Edit
from inquiry_site.parsing.frontmatter import KeyPath, locate_key, locate_key_name

_PLAIN_SCALAR = re.compile(r"[^\s\"'\[\]{}&*!|>#,:][^\n\"\\]*")
_LIST_ITEM = re.compile(r"[ \t]*-[ \t]+")


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
