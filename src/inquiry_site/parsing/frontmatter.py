"""The YAML block at the head of a file: its data, and the place of each key when somebody asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_OPENING = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)

KeyPath = tuple[str | int, ...]
"""Where a value stands: keys of mappings and indices of lists, outermost first."""


@dataclass(frozen=True, slots=True)
class Frontmatter:
    """Where the block stands in a text; offsets count characters."""

    start: int
    end: int
    body: int
    """Where the Markdown begins."""


@dataclass(frozen=True, slots=True)
class YamlFault:
    """Why a block cannot be read, and where: an offset into the file's text."""

    offset: int
    problem: str


def find_frontmatter(text: str) -> Frontmatter | None:
    """The block between two ``---`` lines at the very top; None when there is none or it is not closed."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        return None
    return Frontmatter(opening.end(), closing.start(), closing.end())


def opens_frontmatter(text: str) -> bool:
    """Whether the text begins a block, closed or not."""
    return _OPENING.match(text) is not None


def load_yaml(text: str, block: Frontmatter) -> Any | YamlFault:
    """The block's data as plain Python values, or the fault that keeps it from being read."""
    source = text[block.start : block.end]
    try:
        return yaml.load(source, Loader=_Loader)  # noqa: S506 - a safe loader, in C where it is there
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        offset = block.start + (_offset(source, mark.line, mark.column) if mark else 0)
        return YamlFault(offset, _in_words(error))
    except yaml.reader.ReaderError as error:
        return YamlFault(block.start + _first_unprintable(source), f"a character that YAML does not allow: {error.reason}")
    except RecursionError:
        return YamlFault(block.start, "lists or mappings nested too deeply")
    except ValueError as error:
        # PyYAML builds dates and numbers with Python's constructors, which refuse 2026-13-45 without a mark.
        return YamlFault(block.start + _first_bad_date(source), str(error))


def _in_words(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part) or "malformed YAML"


def _offset(source: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line):
        start = source.find("\n", start) + 1
    return min(start + column, len(source))


def _first_unprintable(source: str) -> int:
    match = yaml.reader.Reader.NON_PRINTABLE.search(source)
    return match.start() if match else 0


def _first_bad_date(source: str) -> int:
    match = re.search(r"\d{4}-\d{1,2}-\d{1,2}", source)
    return match.start() if match else 0


def locate_key(text: str, path: KeyPath) -> tuple[int, int]:
    """Offsets of the value at a key path; of the nearest thing around it that exists when it does not.

    The block is composed again for this: places are wanted only for the few files that a report names.
    """
    return _locate(text, path, of_key=False)


def locate_key_name(text: str, path: KeyPath) -> tuple[int, int]:
    """Offsets of the key itself rather than of its value."""
    return _locate(text, path, of_key=True)


def _locate(text: str, path: KeyPath, *, of_key: bool) -> tuple[int, int]:
    block = find_frontmatter(text)
    if block is None:
        return 0, 0
    source = text[block.start : block.end]
    node = yaml.compose(source, Loader=_Loader)
    span = (0, 3)
    for step, key in enumerate(path):
        found = _child(node, key)
        if found is None:
            break
        name, node = found
        marked = name if of_key and step == len(path) - 1 and name is not None else node
        start = block.start + _offset(source, marked.start_mark.line, marked.start_mark.column)
        end = block.start + _offset(source, marked.end_mark.line, marked.end_mark.column)
        span = start, max(start, start + len(text[start:end].rstrip()))
    return span


def _child(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        matches = [(name, value) for name, value in node.value if name.value == key]
        return matches[-1] if matches else None
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return None, node.value[key]
    return None
