"""Parse the YAML block at the head of a file, and locate its keys on demand."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import yaml

_OPENING = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*(?:\n|\Z)")

MAX_VALUES = 100_000
"""The maximum number of values in a block, aliases expanded: nine short lines of aliases can expand to billions."""
MAX_DEPTH = 50
"""The maximum nesting depth of values: libyaml crashes the interpreter somewhere above five thousand levels."""

_REPORTED_AT_START = frozenset(
    f"while {activity}"
    for activity in (
        "scanning a simple key",
        "scanning a quoted scalar",
        "parsing a flow sequence",
        "parsing a flow mapping",
    )
)
"""Contexts of errors that libyaml detects only further down; authors need the position where the construct starts."""

KeyPath = tuple[str | int, ...]
"""Path to a value: keys of mappings, and indices or texts of list entries, outermost first."""


@dataclass(frozen=True, slots=True)
class Frontmatter:
    """The position of the block in a text. Offsets count characters."""

    start: int
    end: int
    body: int
    """Start of the Markdown."""


@dataclass(frozen=True, slots=True)
class YamlFault:
    """The reason why a block cannot be parsed, and its position as an offset into the file's text."""

    offset: int
    problem: str


_SEQ = "tag:yaml.org,2002:seq"
_MAP = "tag:yaml.org,2002:map"
_STR = "tag:yaml.org,2002:str"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MERGE = "tag:yaml.org,2002:merge"
_SCALARS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "timestamp"))

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc] # the C loader if available
    """A safe loader that selects resolvers by a value's first letter alone and omits path resolvers, for speed."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:
        """Return the tag of a value without an explicit one."""
        if kind is yaml.ScalarNode:
            if implicit[0]:
                for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                    if pattern.match(value):
                        return str(tag)
            return _STR
        return _SEQ if kind is yaml.SequenceNode else _MAP

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Do nothing: there are no path resolvers."""

    def ascend_resolver(self) -> None:
        """Do nothing: there are no path resolvers."""


def find_frontmatter(text: str) -> Frontmatter | None:
    """Return the block between two ``---`` lines at the very top, or None if there is none or it is not closed."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    candidates = dict.fromkeys(("\n---", "\n..."), start - 1)
    while start < len(text):
        closing = _CLOSING.match(text, start)
        if closing is not None:
            return Frontmatter(opening.end(), start, closing.end())
        # A closing delimiter is at the start of a line.
        for delimiter, position in candidates.items():
            if 0 <= position < start:
                candidates[delimiter] = text.find(delimiter, start)
        if max(candidates.values()) < 0:
            return None
        start = min(position for position in candidates.values() if position >= 0) + 1
    return None


def opens_frontmatter(text: str) -> bool:
    """Return whether the text starts with the opening delimiter of a block, closed or not."""
    return _OPENING.match(text) is not None


def load_yaml(text: str, block: Frontmatter) -> object:
    """Return the block's data as plain Python values, or a ``YamlFault`` if it cannot be parsed."""
    source = text[block.start : block.end]
    try:
        _refuse_depth(source)
        loader = _Loader(source)
        node = loader.get_single_node()
        if node is None:
            return None
        return _Construction(loader).value(node, 0)
    except yaml.MarkedYAMLError as error:
        mark = error.context_mark if error.context in _REPORTED_AT_START else error.problem_mark
        return YamlFault(block.start + (min(mark.index, len(source)) if mark else 0), _error_message(error))
    except yaml.reader.ReaderError as error:
        match = yaml.reader.Reader.NON_PRINTABLE.search(source)
        if match is None:
            return YamlFault(block.start, str(error))
        return YamlFault(block.start + match.start(), f"the character U+{ord(match[0]):04X} is not allowed")


def _error_message(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part) or "malformed YAML"


def _refuse(problem: str, at: yaml.Node | yaml.Event) -> NoReturn:
    raise yaml.composer.ComposerError(None, None, problem, at.start_mark)  # type: ignore[arg-type] # libyaml has its own class of marks


def _refuse_depth(source: str) -> None:
    """Refuse deep nesting before composing, which recurses in C. Few blocks have enough openers to be checked."""
    if sum(source.count(opener) for opener in "[{-?") < 10 * MAX_DEPTH:
        return
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            _refuse("lists or mappings are nested too deeply", event)


class _Construction:
    """Construct values from composed nodes; refuse duplicate keys and excessive nesting or repetition.

    Keys keep their text: neither ``1`` nor ``yes`` is converted. Tags other than those of YAML's core are refused.
    """

    def __init__(self, loader: yaml.SafeLoader) -> None:
        self._loader = loader
        self._count = 0

    def value(self, node: yaml.Node, depth: int) -> object:
        """Return the plain value of a node."""
        self._count += 1
        if self._count > MAX_VALUES or depth > MAX_DEPTH:
            _refuse("values are nested or repeated (with & and *) beyond measure", node)
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.tag == _STR else self._scalar(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == _SEQ:
            return [self.value(entry, depth + 1) for entry in node.value]
        if isinstance(node, yaml.MappingNode) and node.tag == _MAP:
            return self._mapping(node, depth + 1)
        return _refuse(f"could not determine a constructor for the tag {node.tag!r}", node)

    def _scalar(self, node: yaml.ScalarNode) -> object:
        if node.tag not in _SCALARS:
            _refuse(f"could not determine a constructor for the tag {node.tag!r}", node)
        try:
            if _DAY.fullmatch(node.value):
                return dt.date.fromisoformat(node.value)
            return self._loader.yaml_constructors[node.tag](self._loader, node)
        except Exception as error:
            problem = str(error) if isinstance(error, ValueError) else f"{node.value!r} does not fit its tag"
            return _refuse(problem, node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, object]:
        values: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _refuse("a key is a list or a mapping", key)
            if key.value in values:
                _refuse(f"the key “{key.value}” stands here a second time", key)
            if key.tag == _MERGE:
                merged = self._merged(value, depth) | merged
            else:
                values[key.value] = self.value(value, depth)
        return {**merged, **values} if merged else values

    def _merged(self, node: yaml.Node, depth: int) -> dict[str, object]:
        """Return the keys that ``<<`` merges: those of a mapping, or of a list of mappings, earlier ones first."""
        value = self.value(node, depth)
        parts = value if isinstance(value, list) else [value]
        result: dict[str, object] = {}
        for part in parts:
            if not isinstance(part, dict):
                _refuse("“<<” stands for a mapping, or a list of them", node)
            result = part | result
        return result


def locate_key(text: str, path: KeyPath) -> tuple[int, int]:
    """Return the start and end offset of the value at a key path.

    If the value does not exist, the offsets are those of its innermost enclosing value that does. The block is composed
    again for this, because only the few files in a report need positions.
    """
    return _locate(text, path, of_key=False)


def locate_key_name(text: str, path: KeyPath) -> tuple[int, int]:
    """Return the start and end offset of the key at a key path rather than of its value."""
    return _locate(text, path, of_key=True)


@lru_cache(maxsize=1)
def _composed(text: str) -> tuple[Frontmatter, yaml.Node | None] | None:
    """Compose the block of a text. The last one is cached because a report locates keys one file at a time."""
    block = find_frontmatter(text)
    return (block, yaml.compose(text[block.start : block.end], Loader=_Loader)) if block else None


def _locate(text: str, path: KeyPath, *, of_key: bool) -> tuple[int, int]:
    composed = _composed(text)
    if composed is None:
        return 0, 0
    block, node = composed
    span = (0, 3)
    for step, key in enumerate(path):
        child = _child(node, key)
        if child is None:
            break
        name, node = child
        marked = name if of_key and step == len(path) - 1 and name is not None else node
        start, end = block.start + marked.start_mark.index, block.start + marked.end_mark.index
        span = start, max(start, start + len(text[start:end].rstrip()))
    return span


def _child(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((name, value) for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, yaml.SequenceNode):
        entries = node.value[key : key + 1] if isinstance(key, int) else (e for e in node.value if e.value == key)
        return next(((None, entry) for entry in entries), None)
    return None
