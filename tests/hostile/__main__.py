"""``python -m tests.hostile`` builds the hostile base, opens every page and prints what was found, family by family."""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.conftest import chromium_options
from tests.hostile.base import EXTENSIONS, hostile_base
from tests.hostile.browser import Judged, judge, watched
from tests.hostile.payloads import payloads
from tests.support.knowledge_bases import mkdocs_yml, write
from tests.support.sites import run, served

_MARK = re.compile(r"(?:notes|lines|sources|topics)/\D*(\d+)")


def main() -> int:
    """The number of problems, 1 at most."""
    base = hostile_base()
    judged = Judged()
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = write(Path(place), {**base.files, "docs/about.md": "# A\n", "mkdocs.yml": mkdocs_yml(more=EXTENSIONS)})
        done = run("mkdocs", "build", cwd=folder)
        if done.returncode:
            print(done.stderr[-4000:])
            return 1
        browser = playwright.chromium.launch(**chromium_options())
        pages = sorted((folder / "site").rglob("*.html"))
        with served(folder / "site") as address, watched(browser, judged) as page:
            for path in pages:
                url = path.relative_to(folder / "site").as_posix().removesuffix("index.html")
                try:
                    page.goto(address + url)
                except Error as error:
                    judged.problems.append(f"{url}: did not load ({error.message.splitlines()[0]})")
                    continue
                judge(page, judged, url)
    families = [family for family, _ in payloads()]
    counts = Counter(
        families[int(found[1])]
        for problem in judged.problems
        if (found := _MARK.match(problem)) and int(found[1]) < len(families)
    )
    for problem in judged.problems[:40]:
        print(problem)
    print(f"\n{len(payloads())} payloads, {len(base.refused)} refused by the checks, {judged.pages} pages opened")
    ran = sorted({problem.split(":")[0] for problem in judged.problems if ": ran " in problem})
    print(f"{len(ran)} pages ran a script, {len({p.split(':')[0] for p in judged.problems}) - len(ran)} more could")
    print(f"by family: {dict(counts)}")
    print(f"asked of other hosts: {sorted(judged.elsewhere)}")
    return int(bool(judged.problems or judged.elsewhere))


if __name__ == "__main__":
    sys.exit(main())
