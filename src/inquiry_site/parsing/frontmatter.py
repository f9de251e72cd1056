"""The YAML block at the head of a file: its data, and the place of each key when somebody asks for it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import yaml

_OPENING = re.compile(r"---[ \t]*(?:\n|\Z)")
_CLOSING = re.compile(r"(?:---|\.\.\.)[ \t]*(?:\n|\Z)")

MOST_VALUES = 100_000
"""How many values a block may hold, its aliases written out: nine short lines of aliases can stand for billions."""
MOST_DEEP = 50
"""How deeply values may be nested: libyaml brings the interpreter down somewhere above five thousand levels."""

_BEGUN = frozenset(
    f"while {doing}"
    for doing in (
        "scanning a simple key",
        "scanning a quoted scalar",
        "parsing a flow sequence",
        "parsing a flow mapping",
    )
)
"""What is wrong with these shows only further down; an author looks for the place where they begin."""

KeyPath = tuple[str | int, ...]
"""Where a value stands: keys of mappings and indices (or texts) of entries of lists, outermost first."""


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


_SEQ = "tag:yaml.org,2002:seq"
_MAP = "tag:yaml.org,2002:map"
_STR = "tag:yaml.org,2002:str"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MERGE = "tag:yaml.org,2002:merge"
_SCALARS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null", "timestamp"))

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc] # in C where it is there
    """A safe loader that looks at a plain value's first letter once, and keeps no account of paths."""

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:
        """The tag of a value that has none."""
        if kind is yaml.ScalarNode:
            if implicit[0]:
                for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                    if pattern.match(value):
                        return str(tag)
            return _STR
        return _SEQ if kind is yaml.SequenceNode else _MAP

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Paths resolve nothing here."""

    def ascend_resolver(self) -> None:
        """Paths resolve nothing here."""


def find_frontmatter(text: str) -> Frontmatter | None:
    """The block between two ``---`` lines at the very top; None when there is none or it is not closed."""
    opening = _OPENING.match(text)
    if opening is None:
        return None
    start = opening.end()
    marks = dict.fromkeys(("\n---", "\n..."), start - 1)
    while start < len(text):
        closing = _CLOSING.match(text, start)
        if closing is not None:
            return Frontmatter(opening.end(), start, closing.end())
        # Only what begins a line can close the block.
        for mark, place in marks.items():
            if 0 <= place < start:
                marks[mark] = text.find(mark, start)
        if max(marks.values()) < 0:
            return None
        start = min(place for place in marks.values() if place >= 0) + 1
    return None


def opens_frontmatter(text: str) -> bool:
    """Whether the text begins a block, closed or not."""
    return _OPENING.match(text) is not None


def load_yaml(text: str, block: Frontmatter) -> object:
    """The block's data as plain Python values, or the ``YamlFault`` that keeps it from being read."""
    source = text[block.start : block.end]
    try:
        _refuse_depth(source)
        loader = _Loader(source)
        node = loader.get_single_node()
        if node is None:
            return None
        return _Construction(loader).value(node, 0)
    except yaml.MarkedYAMLError as error:
        mark = error.context_mark if error.context in _BEGUN else error.problem_mark
        return YamlFault(block.start + (min(mark.index, len(source)) if mark else 0), _in_words(error))
    except yaml.reader.ReaderError as error:
        match = yaml.reader.Reader.NON_PRINTABLE.search(source)
        if match is None:
            return YamlFault(block.start, str(error))
        return YamlFault(block.start + match.start(), f"the character U+{ord(match[0]):04X} is not allowed")


def _in_words(error: yaml.MarkedYAMLError) -> str:
    return ", ".join(part for part in (error.context, error.problem) if part) or "malformed YAML"


def _refuse(problem: str, at: yaml.Node | yaml.Event) -> NoReturn:
    raise yaml.composer.ComposerError(None, None, problem, at.start_mark)  # type: ignore[arg-type] # libyaml's marks are another class


def _refuse_depth(source: str) -> None:
    """Stop before composing, which recurses in C; few blocks have enough openers to be looked at."""
    if sum(source.count(opener) for opener in "[{-?") < 10 * MOST_DEEP:
        return
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_DEEP:
            _refuse("lists or mappings are nested too deeply", event)


class _Construction:
    """Values of composed nodes, checked on the way: no key twice, nothing nested or repeated beyond measure.

    A key is the text that stands there: neither ``1`` nor ``yes`` becomes anything else. Tags beyond those of YAML's
    core are refused.
    """

    def __init__(self, loader: yaml.SafeLoader) -> None:
        self._loader = loader
        self._count = 0

    def value(self, node: yaml.Node, depth: int) -> object:
        """The plain value of a node."""
        self._count += 1
        if self._count > MOST_VALUES or depth > MOST_DEEP:
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
        found: dict[str, object] = {}
        merged: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                _refuse("a key is a list or a mapping", key)
            if key.value in found:
                _refuse(f"the key “{key.value}” stands here a second time", key)
            if key.tag == _MERGE:
                merged = self._merged(value, depth) | merged
            else:
                found[key.value] = self.value(value, depth)
        return {**merged, **found} if merged else found

    def _merged(self, node: yaml.Node, depth: int) -> dict[str, object]:
        """What ``<<`` brings in: a mapping, or a list of mappings of which the first that has a key decides."""
        value = self.value(node, depth)
        parts = value if isinstance(value, list) else [value]
        result: dict[str, object] = {}
        for part in parts:
            if not isinstance(part, dict):
                _refuse("“<<” stands for a mapping, or a list of them", node)
            result = part | result
        return result


def locate_key(text: str, path: KeyPath) -> tuple[int, int]:
    """Offsets of the value at a key path; of the nearest thing around it that exists when it does not.

    The block is composed again for this: places are wanted only for the few files that a report names.
    """
    return _locate(text, path, of_key=False)


def locate_key_name(text: str, path: KeyPath) -> tuple[int, int]:
    """Offsets of the key itself rather than of its value."""
    return _locate(text, path, of_key=True)


@lru_cache(maxsize=1)
def _composed(text: str) -> tuple[Frontmatter, yaml.Node | None] | None:
    """Kept for the next key of the same file: a report asks for the places of one file after another."""
    block = find_frontmatter(text)
    return (block, yaml.compose(text[block.start : block.end], Loader=_Loader)) if block else None


def _locate(text: str, path: KeyPath, *, of_key: bool) -> tuple[int, int]:
    composed = _composed(text)
    if composed is None:
        return 0, 0
    block, node = composed
    span = (0, 3)
    for step, key in enumerate(path):
        found = _child(node, key)
        if found is None:
            break
        name, node = found
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
