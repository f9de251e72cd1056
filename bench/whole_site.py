"""Compare a whole build with plain MkDocs and Material building the same number of pages of the same text.

    python -m bench.whole_site [NOTES]

Both build in the same way: a fresh process, an empty site folder, without search. The peer gets each note and line as
a plain Markdown page outside the navigation, without sources, backlinks or next lines. Prints seconds and memory of
both, and the ratio; quote the ratio.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.knowledge_base import make

CONFIG = "site_name: Bench\ntheme: {name: material, font: false}\n"


def measure(folder: Path) -> tuple[float, float]:
    """Run ``mkdocs build`` in a folder; return its seconds and its memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "--quiet"],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the build in {folder} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def plain_copy(base: Path, peer: Path) -> None:
    """Write the same pages as plain Markdown into another folder, with wikilinks replaced by their text."""
    for kind in ("notes", "lines"):
        (peer / "docs" / kind).mkdir(parents=True)
        for path in sorted((base / kind).glob("*.md")):
            text = path.read_text(encoding="utf-8").replace("[[", "").replace("]]", "")
            (peer / "docs" / kind / path.name).write_text(text, encoding="utf-8")
    shutil.copytree(base / "docs", peer / "docs", dirs_exist_ok=True)
    (peer / "mkdocs.yml").write_text(CONFIG + "plugins: []\nnot_in_nav: |\n  /notes/\n  /lines/\n", encoding="utf-8")


def main(notes: int) -> None:
    """Measure both and print a table."""
    with tempfile.TemporaryDirectory() as name:
        base, peer = Path(name, "base"), Path(name, "peer")
        make(base, notes, max(1, notes // 10))
        plain_copy(base, peer)
        (base / "mkdocs.yml").write_text(CONFIG + "plugins: [inquiry]\n", encoding="utf-8")
        ours, theirs = measure(base), measure(peer)
        pages = [sum(1 for _ in (folder / "site").rglob("index.html")) for folder in (base, peer)]
    print(f"{'':24}{'pages':>8}{'seconds':>10}{'MiB':>8}")
    for label, count, (seconds, memory) in (("inquiry", pages[0], ours), ("plain MkDocs", pages[1], theirs)):
        print(f"{label:24}{count:>8}{seconds:>10.2f}{memory:>8.0f}")
    print(f"ratio {ours[0] / theirs[0]:.2f}  (per page {ours[0] / pages[0] / (theirs[0] / pages[1]):.2f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
