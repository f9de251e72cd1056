"""The examples in the docstrings of rules, laid over a small clean knowledge base."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
_BLOCK = re.compile(r'^```(\w+) title="([^"]+)"(?: encoding="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"^(?=\S)", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """The code of an example, and the resulting files."""

    shown: str
    files: dict[str, bytes]


def examples(rule: Rule) -> tuple[Example, Example]:
    """Return the failing and the passing example of a rule."""
    _, _, rest = rule.documentation.partition("Fails:\n\n")
    fails, _, passes = rest.partition("Passes:\n\n")
    return _example(fails), _example(passes)


def explanation(rule: Rule) -> str:
    """Return the documentation without its examples."""
    return rule.documentation.partition("Fails:\n\n")[0].strip()


def _example(shown: str) -> Example:
    files = {path: text.encode() for path, text in BASE.items()}
    for language, path, encoding, text in _BLOCK.findall(shown):
        before = files.get(path, _new(path)).decode()
        files[path] = _laid_over(before, language, text).encode(encoding or "utf-8")
    assert _BLOCK.search(shown), "an example shows at least one file"
    assert not _BLOCK.sub("", shown).strip(), "an example is made of blocks with titles and of nothing else"
    return Example(shown.strip(), files)


def _new(path: str) -> bytes:
    name = Path(path).stem
    if path == "mkdocs.yml":
        return b""
    return (BASE["lines/naps.md"] if path.startswith("lines/") else _base_note(name, 30)).encode()


def _laid_over(before: str, language: str, text: str) -> str:
    if language == "markdown" and not text.startswith("---"):
        return before[: before.rindex("---\n") + 4] + text
    if language != "yaml" or not before:
        return text
    block, body = before[4:].split("---\n", 1)
    keys = dict(_by_key(block)) | dict(_by_key(text))
    return f"---\n{''.join(keys.values())}---\n{body}"


def _by_key(block: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, _KEY.split(block)):
        yield part.partition(":")[0], part


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
        return found, {document.path: document.text for document in checkup.parsed.documents}


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
