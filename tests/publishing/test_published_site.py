"""A build replaces the published site as a whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import note, write
from tests.support.sites import build_site, contents, heed_interrupts, left_over, run

WARNED = note("Is there a warning?", **{"unheard-of": "1"})


@pytest.mark.parametrize("options", [(), ("--quiet",)], ids=["", "quiet"])
def test_warnings_in_strict_mode_publish_nothing(small_copy: Path, options: tuple[str, ...]):
    before = contents(build_site(small_copy))
    write(small_copy, {"notes/warned.md": WARNED})
    done = run("mkdocs", "build", "--strict", *options, cwd=small_copy)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if "Nothing was published" in line]
    assert len(said) == 1
    assert f"1 warning in strict mode. {small_copy / 'site'} is unchanged." in said[0]
    assert contents(small_copy / "site") == before
    assert left_over(small_copy) == []
    assert mkdocs_build(small_copy).returncode == 0
    assert (small_copy / "site/notes/warned/index.html").is_file()


def test_warnings_of_the_engine_in_strict_mode_publish_nothing(small_copy: Path):
    before = contents(build_site(small_copy))
    write(small_copy, {"docs/more.md": "# More\n\nSee [there](nowhere.md).\n"})
    done = mkdocs_build(small_copy, "--strict")
    assert done.returncode == 1
    assert "Nothing was published: 1 warning in strict mode" in done.stderr
    assert contents(small_copy / "site") == before


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_publishes_nothing_and_the_staging_folder_is_removed(small_copy: Path, number: signal.Signals):
    before = contents(build_site(small_copy))
    hook = "import pathlib, time\ndef on_env(env, **_):\n    pathlib.Path('at-work').touch()\n    time.sleep(60)\n"
    config = (small_copy / "mkdocs.yml").read_text(encoding="utf-8")
    write(small_copy, {"hook.py": hook, "mkdocs.yml": f"{config}hooks: [hook.py]\n", "notes/b.md": note("Is it new?")})
    build = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=small_copy,
        stderr=subprocess.DEVNULL,
        preexec_fn=heed_interrupts,
    )
    end = time.monotonic() + 60
    while not (small_copy / "at-work").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert left_over(small_copy)
    build.send_signal(number)
    assert build.wait(60) in {1, 128 + number}
    assert contents(small_copy / "site") == before
    assert left_over(small_copy) == []


def test_nothing_is_published_if_a_page_changes_during_the_build(small_copy: Path):
    before = contents(build_site(small_copy))
    hook = (
        "import pathlib\ndef on_env(env, **_):\n    path = pathlib.Path('docs/method.md')\n"
        "    path.write_text(path.read_text() + 'More.')\n    return env\n"
    )
    config = (small_copy / "mkdocs.yml").read_text(encoding="utf-8")
    write(small_copy, {"hook.py": hook, "mkdocs.yml": f"{config}hooks: [hook.py]\n"})
    done = mkdocs_build(small_copy)
    assert done.returncode == 1
    assert "docs/method.md changed during the build" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(small_copy / "site") == before


def test_files_added_to_the_site_are_removed_by_the_next_build(small_copy: Path):
    before = contents(build_site(small_copy))
    write(small_copy / "site", {"notes/extra.html": "Not ours."})
    assert contents(build_site(small_copy)) == before


def test_a_page_changed_to_the_same_size_and_time_is_restored(small_copy: Path):
    before = contents(build_site(small_copy))
    page = small_copy / "site/notes/spacing-helps/index.html"
    times = page.stat().st_atime_ns, page.stat().st_mtime_ns
    page.write_bytes(page.read_bytes().replace(b"Sources", b"sources"))
    os.utime(page, ns=times)
    assert contents(build_site(small_copy)) == before
