"""The examples in the docstrings of rules, as patches of a small clean knowledge base."""

from __future__ import annotations

import datetime as dt
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import yaml

from inquiry_site.adapters.web import link_check as addresses
from inquiry_site.build import build, check
from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.files import read_tree
from inquiry_site.rules.rule import Rule

CONFIG = Config(today=dt.date(2026, 6, 1))


def _base_note(name: str, minutes: int) -> str:
    return (
        f"---\ntitle: Does {name} shorten sleep?\n"
        f"description: {name.capitalize()} at night cut sleep by {minutes} minutes.\n"
        f"sources:\n  - title: {name.capitalize()} at Night\n    authors: [Ada Example, Ben Sample]\n    year: 2021\n"
        f"    doi: 10.1000/{name}\n    quotes:\n"
        f"      - {{text: {name} at night cut sleep by {minutes} minutes, locator: abstract}}\n"
        "---\n"
    )


BASE = {
    "notes/coffee.md": _base_note("coffee", 41),
    "notes/tea.md": _base_note("tea", 18),
    "lines/sleep.md": (
        "---\ntitle: What do hot drinks do to sleep?\ndescription: Whether coffee and tea differ.\n"
        "answer: Coffee shortens it more than tea.\nverdict: partly\nnext: [naps]\n---\n"
        "Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]].\n"
    ),
    "lines/naps.md": "---\ntitle: Do naps make up for it?\ndescription: Whether short sleep by day helps.\n---\n",
}
_BLOCK = re.compile(
    r'^```(\w+) title="([^"]+)"(?: encoding="([^"]+)")?(?: replaces="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL
)
_KEY = re.compile(r"^(?=\S)", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """One fenced block of an example: a whole file, or some keys or the body of one."""

    language: str
    path: str
    encoding: str
    replaced: str
    """The path of the block in the failing example that this one replaces; empty if it has the same path."""
    text: str

    @property
    def is_fragment(self) -> bool:
        """Whether the rest of the file comes from the base."""
        return self.language == "markdown" or (self.language == "yaml" and self.path != "mkdocs.yml")

    def apply_to(self, file: str) -> str:
        """Return the text of the file after this block."""
        if not self.is_fragment:
            return self.text
        frontmatter, body = file.removeprefix("---\n").split("---\n", 1)
        if self.language == "markdown":
            return f"---\n{frontmatter}---\n{self.text}"
        return f"---\n{patch_yaml(frontmatter, self.text)}---\n{body}"


@dataclass(frozen=True)
class Example:
    """The blocks of an example, and the files that result from them."""

    blocks: tuple[Block, ...]
    files: dict[str, bytes]


def examples(rule: Rule) -> tuple[Example, Example]:
    """Return the failing and the passing example of a rule.

    A block of the passing example replaces the block of the failing one that has the same path and language; the other
    blocks of the failing one remain.
    """
    _, _, rest = rule.documentation.partition("Fails:\n")
    fails, passes = map(_parse_blocks, rest.split("\nPasses:\n"))
    blocks = {(block.path, block.language): block for block in fails}
    for block in passes:
        if block.replaced:
            del blocks[block.replaced, block.language]
        blocks[block.path, block.language] = block
    return Example(fails, _files(fails)), Example(passes, _files(blocks.values()))


def explanation(rule: Rule) -> str:
    """Return the documentation without its examples."""
    return rule.documentation.partition("Fails:\n")[0].strip()


def _parse_blocks(shown: str) -> tuple[Block, ...]:
    assert _BLOCK.search(shown), "an example shows at least one file"
    assert not _BLOCK.sub("", shown).strip(), "an example is made of blocks with titles and of nothing else"
    return tuple(Block(*parts) for parts in _BLOCK.findall(shown))


def _files(blocks: Iterable[Block]) -> dict[str, bytes]:
    files = {path: text.encode() for path, text in BASE.items()}
    for block in blocks:
        before = files.get(block.path, _new_file(block.path)).decode()
        files[block.path] = block.apply_to(before).encode(block.encoding or "utf-8")
    return files


def _new_file(path: str) -> bytes:
    return (BASE["lines/naps.md"] if path.startswith("lines/") else _base_note(Path(path).stem, 30)).encode()


def patch_yaml(before: str, patch: str) -> str:
    """Return YAML in which the values of a patch replace those at the same path of keys; all others remain.

    A list of mappings is patched entry by entry, in order. Any other list is replaced as a whole.
    """
    values = dict(_top_level(before))
    for key, text in _top_level(patch):
        values[key] = _patch_value(values[key], text) if key in values else text
    return "".join(values.values())


def _top_level(block: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, _KEY.split(block)):
        yield part.partition(":")[0], part


def _patch_value(before: str, patch: str) -> str:
    try:
        old, new = yaml.compose(before, yaml.SafeLoader), yaml.compose(patch, yaml.SafeLoader)
    except yaml.YAMLError:
        return patch  # Some examples show YAML that cannot be parsed.
    assert isinstance(old, yaml.Node)
    assert isinstance(new, yaml.Node)
    return yaml.serialize(_merge_nodes(old, new), Dumper=_Dumper, allow_unicode=True, width=sys.maxsize)


def _merge_nodes(old: yaml.Node, new: yaml.Node) -> yaml.Node:
    """Merge YAML trees, which, unlike the values parsed from them, contain quotation marks and final zeros."""
    if isinstance(old, yaml.MappingNode) and isinstance(new, yaml.MappingNode):
        entries = {key.value: (key, value) for key, value in old.value}
        for key, value in new.value:
            entries[key.value] = (key, _merge_nodes(entries[key.value][1], value) if key.value in entries else value)
        return yaml.MappingNode(old.tag, list(entries.values()), flow_style=old.flow_style)
    if _is_list_of_mappings(old) and _is_list_of_mappings(new):
        merged = [_merge_nodes(*pair) for pair in zip(old.value, new.value, strict=False)]
        unpaired = [*old.value[len(merged) :], *new.value[len(merged) :]]
        return yaml.SequenceNode(old.tag, [*merged, *unpaired], flow_style=old.flow_style)
    return new


def _is_list_of_mappings(node: yaml.Node) -> TypeGuard[yaml.SequenceNode]:
    is_list = isinstance(node, yaml.SequenceNode) and bool(node.value)
    return is_list and all(isinstance(entry, yaml.MappingNode) for entry in node.value)


class _Dumper(yaml.SafeDumper):
    """Indents lists as the files of the base do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def found_in(rule: Rule, example: Example) -> tuple[list[Diagnostic], dict[str, str]]:
    """Return the diagnostics of an example, and the texts of its files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in example.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_dir():
                path.write_bytes(content)
        if rule.code == "files/bad-template":
            built = build(read_tree(root), CONFIG)
            return list(built.diagnostics), built.texts
        settings = _settings(example)
        checkup = check(read_tree(root, largest=settings.limits.file_size), settings)
        found = list(checkup.diagnostics)
        if rule.code.endswith("-address"):
            found += addresses.find_dead_links(checkup, root / ".cache")
        if rule.code == "files/address-taken":
            found += _taken(root)
        return found, checkup.parsed.texts


def _settings(example: Example) -> Config:
    """Return the settings of the examples, including those of a ``mkdocs.yml``."""
    plugins = yaml.safe_load(example.files.get("mkdocs.yml", b"plugins: []"))["plugins"]
    options = {key: value for plugin in plugins for key, value in plugin["inquiry"].items()}
    return Config.from_mapping({"today": CONFIG.today, **options})


def _taken(root: Path) -> list[Diagnostic]:
    """Return the URL conflicts that the plugin reports."""
    from mkdocs.config import load_config

    from inquiry_site.adapters.mkdocs.site_files import url_conflicts
    from inquiry_site.publishing.session import BuildSession

    (root / "mkdocs.yml").write_text("site_name: An example\nplugins: [inquiry]\n", encoding="utf-8")
    (root / "docs").mkdir(exist_ok=True)
    config = load_config(str(root / "mkdocs.yml"))
    return list(url_conflicts(BuildSession(read_tree(root), CONFIG), config, is_preview=False))


def answer(address: str, time_out: float) -> addresses.Answer:
    """Simulate the web: addresses with “gone” are gone, those with “slow” time out."""
    if "gone" in address:
        return addresses.Answer(False, True, "the server responds with status 404")
    return addresses.Answer("slow" not in address, False, "the server does not respond in time")
