"""``python -m tests.hostile`` builds the hostile base, opens every page and prints the problems."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.conftest import chromium_options
from tests.hostile.base import EXTENSIONS, hostile_base
from tests.hostile.browser import Findings, inspect_page, watched
from tests.hostile.payloads import payloads
from tests.support.knowledge_bases import mkdocs_yml, write
from tests.support.sites import run, served

_MARK = re.compile(r"(?:notes|lines|sources|topics)/\D*(\d+)")


def main() -> int:
    """Return 1 if there are problems, 0 otherwise."""
    base = hostile_base()
    findings = Findings()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        files = {**base.files, "docs/about.md": "# A\n", "mkdocs.yml": mkdocs_yml(more=EXTENSIONS)}
        folder = write(Path(temporary), files)
        done = run("mkdocs", "build", cwd=folder)
        if done.returncode:
            print(done.stderr[-4000:])
            return 1
        browser = playwright.chromium.launch(**chromium_options())
        pages = sorted((folder / "site").rglob("*.html"))
        with served(folder / "site") as address, watched(browser, findings) as page:
            for path in pages:
                url = path.relative_to(folder / "site").as_posix().removesuffix("index.html")
                try:
                    page.goto(address + url)
                except Error as error:
                    findings.problems.append(f"{url}: did not load ({error.message.splitlines()[0]})")
                    continue
                inspect_page(page, findings, url)
    families = [family for family, _ in payloads()]
    counts = Counter(
        families[int(match[1])]
        for problem in findings.problems
        if (match := _MARK.match(problem)) and int(match[1]) < len(families)
    )
    for problem in findings.problems[:40]:
        print(problem)
    print(f"\n{len(payloads())} payloads, {len(base.refused)} refused by the checks, {findings.pages} pages opened")
    ran = sorted({problem.split(":")[0] for problem in findings.problems if ": ran " in problem})
    print(f"{len(ran)} pages ran a script, {len({p.split(':')[0] for p in findings.problems}) - len(ran)} more could")
    print(f"by family: {dict(counts)}")
    print(f"requested from other hosts: {sorted(findings.elsewhere)}")
    return int(bool(findings.problems or findings.elsewhere))


if __name__ == "__main__":
    sys.exit(main())
