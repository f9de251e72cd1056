"""Knowledge bases as values, for tests that need one of a certain shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from inquiry_site.config import Config

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "fixtures" / "small"


WITHOUT_WIDE_RULES = Config(rules={"evidence": False, "shape": False, "sources": False})
"""Without the rules that report every small knowledge base, for tests of something else."""


def note(title: str = "Does it hold?", body: str = "", **keys: str) -> str:
    """Return the text of a note; further keys are lines of YAML."""
    given = {"description": "It does.", "sources": "[{title: T, authors: [A B], year: 2020, doi: 10.1000/x}]", **keys}
    return f"---\ntitle: {title}\n{_yaml(given)}---\n{body}"


def line(title: str = "Where does it lead?", body: str = "Somewhere.", **keys: str) -> str:
    """Return the text of a line; further keys are lines of YAML."""
    given = {"description": "Where it leads.", **({"answer": "There."} if body else {}), **keys}
    return f"---\ntitle: {title}\n{_yaml(given)}---\n{body}"


def topic(title: str = "What it is about", body: str = "", **keys: str) -> str:
    """Return the text of a topic file; further keys are lines of YAML."""
    return f"---\ntitle: {title}\n{_yaml(keys)}---\n{body}"


def _yaml(keys: Mapping[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in keys.items())


def scrambled() -> dict[str, str]:
    """Return eight notes and a line that cites each twice, in a scrambled order."""
    order = [5, 2, 8, 1, 7, 3, 6, 4]
    files: dict[str, str] = {
        f"notes/n{n}.md": note(
            f"Is claim {n} true?",
            description=f"Claim {n} is true of set {n}.",
            sources=f"[{{title: Paper {n}, authors: [Author {n}], year: 20{n:02}, arxiv: '2001.0000{n}'}}]",
            tags="[claims]",
        )
        for n in order
    }
    first = " ".join(f"Sentence {n} rests on it [[n{n}]]." for n in order)
    second = " ".join(f"Again {n} bears it out [[n{n}]]." for n in reversed(order))
    files["lines/scrambled.md"] = line("What do eight notes say?", f"{first}\n\n{second}\n", next="[onwards]")
    files["lines/onwards.md"] = line("What comes after eight notes?", "The first again [[n1]].")
    return files


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


QUIET = "inquiry: {rules: {evidence: off, shape: off, sources: off}}"
"""The plugin without the rules that report every small knowledge base."""


def mkdocs_yml(plugins: Iterable[str] = (QUIET,), more: str = "") -> str:
    """Return a minimal configuration of a site."""
    listed = "".join(f"  - {plugin}\n" for plugin in plugins)
    return f"site_name: A test\ntheme: {{name: material, font: false}}\nplugins:\n{listed}{more}"
