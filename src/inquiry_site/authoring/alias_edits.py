"""Add an alias to a file's frontmatter, as an edit that changes nothing else."""

from __future__ import annotations

import re

from inquiry_site.authoring.yaml_text import write_list
from inquiry_site.diagnostics import Edit
from inquiry_site.parsing.frontmatter import find_frontmatter, load_yaml, locate_key, locate_key_name

_KEY = "aliases"
_ITEM = re.compile(r"[ \t]*-[ \t]+")


def add_alias(text: str, alias: str, replaced: str = "") -> tuple[Edit, ...]:
    """Return the edit that adds an alias; none if the file has it already, or if it is unclear where to put it.

    Args:
        text: the file.
        alias: the alias.
        replaced: an alias in whose place it is written, if the file has that one.
    """
    block = find_frontmatter(text)
    data = load_yaml(text, block) if block else None
    if block is None or not isinstance(data, dict):
        return ()
    value, aliases = write_list([alias])[1:-1], data.get(_KEY)
    if _KEY not in data:
        return (Edit(block.end, block.end, f"{_KEY}: [{value}]\n"),)
    if aliases is None:
        end = text.find(":", locate_key_name(text, (_KEY,))[1]) + 1
        return (Edit(end, end, f" [{value}]"),)
    if not isinstance(aliases, list) or alias in aliases:
        return ()
    if replaced and replaced in aliases:
        start, end = locate_key(text, (_KEY, aliases.index(replaced)))
        return (Edit(start, end, value),)
    return _add_entry(text, value, has_entries=bool(aliases))


def _add_entry(text: str, value: str, *, has_entries: bool) -> tuple[Edit, ...]:
    start, _ = locate_key(text, (_KEY,))
    if text[start] == "[":
        return (Edit(start + 1, start + 1, f"{value}, " if has_entries else value),)
    first, _ = locate_key(text, (_KEY, 0))
    line_start = text.rfind("\n", 0, first) + 1
    if not _ITEM.fullmatch(text, line_start, first):
        return ()
    return (Edit(line_start, line_start, f"{text[line_start:first]}{value}\n"),)
