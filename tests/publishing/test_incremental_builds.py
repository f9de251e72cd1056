"""Incremental builds: the site equals a clean build, whatever is cached and whatever fails."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import pytest
from click.testing import CliRunner

from inquiry_site.adapters.cli import main
from inquiry_site.publishing.cache import BuildCache
from inquiry_site.publishing.signing_key import signing_key
from tests.support.in_process import mkdocs_build
from tests.support.knowledge_bases import ROOT, SMALL, line, mkdocs_yml, note, topic, write
from tests.support.sites import build_site, contents, left_over

CACHE = ".cache/inquiry"


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    """The small knowledge base, built once."""
    folder = Path(shutil.copytree(SMALL, tmp_path / "kb"))
    build_site(folder)
    return folder


def cold(folder: Path) -> dict[str, bytes]:
    """Return the site of a clean build of the same files."""
    anew = folder.with_name(f"{folder.name}-cold")
    shutil.rmtree(anew, ignore_errors=True)
    shutil.copytree(folder, anew, ignore=shutil.ignore_patterns("site", ".cache", ".site*"))
    return contents(build_site(anew))


def times(site: Path) -> dict[str, int]:
    return {path.as_posix(): path.stat().st_mtime_ns for path in sorted(site.rglob("*")) if path.is_file()}


def add_a_word(folder: Path) -> None:
    path = folder / "notes/spacing-helps.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")


def replaced(path: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        file = folder / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def template(folder: Path) -> None:
    text = (ROOT / "templates" / "source.html").read_text(encoding="utf-8")
    write(folder, {"templates/source.html": text.replace("<dl", "<p>Ours.</p>\n<dl")})


def new_note(folder: Path) -> None:
    write(folder, {"notes/anew.md": note("Is it new?")})


def new_topic(folder: Path) -> None:
    write(folder, {"topics/sleep.md": topic("Sleeping", "It helps.")})


def deleted(folder: Path) -> None:
    (folder / "lines/what-of-skills.md").unlink()
    replaced("lines/how-to-remember.md", "next: [what-of-skills]\n", "")(folder)


def renamed(folder: Path) -> None:
    (folder / "lines/what-of-skills.md").rename(folder / "lines/of-skills.md")
    replaced("lines/how-to-remember.md", "next: [what-of-skills]", "next: [of-skills]")(folder)


EDITS: dict[str, Callable[[Path], None]] = {
    "a body": replaced("notes/spacing-helps.md", "The delay matters", "The delay matters much"),
    "a title": replaced("notes/sleep-consolidates.md", "---\ntitle: ", "---\ntitle: Once more, "),
    "a claim": replaced("notes/spacing-helps.md", "description: ", "description: Indeed, "),
    "a retraction": replaced("notes/memory/cramming-suffices.md", "status: disputed", "status: retracted"),
    "an alias": replaced("notes/sleep-consolidates.md", "---\ntitle: ", "---\naliases: [sleeping-on-it]\ntitle: "),
    "a paper": replaced("notes/sleep-consolidates.md", "title: Sleep and Words", "title: Words and Sleep"),
    "a new note": new_note,
    "a deleted line": deleted,
    "a renamed line": renamed,
    "a hand-written page": replaced("docs/method.md", "# ", "# Our "),
    "a template": template,
    "the name of a topic": replaced("topics/memory.md", "title: Memory", "title: Remembering"),
    "the introduction to a topic": replaced("topics/memory.md", "best known", "best-known one"),
    "an alias of a topic": replaced("topics/memory.md", "[remembering]", "[sleep]"),
    "a new topic file": new_topic,
    "a deleted topic file": lambda folder: (folder / "topics/memory.md").unlink(),
    "a term of the glossary": replaced("docs/glossary.md", "Recall\n", "List\n"),
    "a deleted glossary": lambda folder: (folder / "docs/glossary.md").unlink(),
    "a setting of the site": replaced("mkdocs.yml", "site_name: ", "site_name: Another "),
    "a setting of the plugin": replaced("mkdocs.yml", "inquiry: {", "inquiry: {next_lines: 1, "),
    "an extension": replaced("mkdocs.yml", "tables, toc]", "tables, toc, smarty]"),
    "the theme": replaced("mkdocs.yml", "font: false", "font: false\n  features: [navigation.tabs]"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_site_equals_a_clean_build(kb: Path, edit: str):
    EDITS[edit](kb)
    done = mkdocs_build(kb)
    assert done.returncode == 0, done.stderr
    anew = kb.with_name("cold")
    shutil.copytree(kb, anew, ignore=shutil.ignore_patterns("site", ".cache"))
    assert mkdocs_build(anew).returncode == 0
    assert contents(kb / "site") == contents(anew / "site")
    assert left_over(kb) == []


def test_many_edits_in_a_row_equal_a_clean_build(kb: Path):
    chance = random.Random(7)
    for turn in range(5):
        path = chance.choice(sorted((kb / "notes").rglob("*.md")))
        path.write_text(path.read_text(encoding="utf-8") + f"\n\nTurn {turn}.\n", encoding="utf-8")
        build_site(kb)
    assert contents(kb / "site") == cold(kb)


def test_no_file_is_written_when_nothing_changed(kb: Path):
    before = times(kb / "site")
    build_site(kb)
    assert times(kb / "site") == before


def test_an_edit_rewrites_stale_pages_only(kb: Path):
    write(kb, {"notes/apart.md": note("Is it apart?", sources="[{title: Z, authors: [Z], year: 2001, doi: 10.1/z}]")})
    build_site(kb)
    before = times(kb / "site")
    path = kb / "notes/apart.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    build_site(kb)
    after = times(kb / "site")
    changed = {Path(name).relative_to(kb / "site").as_posix() for name in after if before.get(name) != after[name]}
    assert "notes/apart/index.html" in changed
    assert not {name for name in changed if name.startswith("sources/doi-10.1000")}


def test_warnings_are_repeated_when_nothing_changed(kb: Path):
    quiet = replaced("mkdocs.yml", "shape: off, ", "")
    quiet(kb)
    write(kb, {"notes/b.md": note("Twice?", "See [there](nowhere.txt)."), "notes/c.md": note("Twice??")})
    one, other = (mkdocs_build(kb).stderr for _ in range(2))

    def warnings(log: str) -> list[str]:
        return sorted(line for line in log.splitlines() if line.startswith("WARNING"))

    assert len(warnings(one)) > 1
    assert warnings(one) == warnings(other)


def test_a_page_changed_in_the_published_site_is_restored(kb: Path):
    before = contents(kb / "site")
    page = kb / "site/notes/spacing-helps/index.html"
    page.write_bytes(page.read_bytes().replace(b"Sources", b"Nonsense"))
    (kb / "site/graph.json").unlink()
    assert contents(build_site(kb)) == before


@pytest.mark.parametrize("name", ["manifest", "state"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:100] + bytes([data[100] ^ 1]) + data[101:],
        lambda data: b"inquiry 0\n" + data[10:],
        lambda data: b"cos\nsystem\n(S'touch harmed'\ntR.",
    ],
    ids=["cut", "empty", "one bit", "another version", "a program"],
)
def test_a_damaged_cache_is_ignored(kb: Path, name: str, damage: Callable[[bytes], bytes]):
    file = kb / CACHE / name
    file.write_bytes(damage(file.read_bytes()))
    add_a_word(kb)
    assert contents(build_site(kb)) == cold(kb)
    assert not (kb / "harmed").exists()


class _Harm:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch harmed",)


def _by_dotted_name() -> bytes:
    """Return a pickle that reaches a function through an import of one of our modules."""

    def text(value: str) -> bytes:
        return b"\x8c" + bytes([len(value)]) + value.encode()

    found = text("inquiry_site.parsing.parallel") + text("os.system") + b"\x93"
    return b"\x80\x04" + found + text("touch harmed") + b"\x85R."


@pytest.mark.parametrize("program", [pickle.dumps(_Harm()), _by_dotted_name()], ids=["by name", "by dotted name"])
@pytest.mark.parametrize("is_signed", [True, False], ids=["with the user's key", "with a key of its author's"])
def test_a_cache_executes_no_code(kb: Path, program: bytes, is_signed: bool):
    body = b"inquiry 3\n" + program
    digest = blake2b(body, digest_size=32, key=signing_key() if is_signed else b"x" * 32).digest()
    for name in ("manifest", "state"):
        (kb / CACHE / name).write_bytes(body + digest)
    assert contents(build_site(kb)) == cold(kb)
    assert not (kb / "harmed").exists()


def test_a_cache_of_another_user_is_ignored(kb: Path, tmp_path: Path):
    built = contents(build_site(kb))
    manifest = (kb / CACHE / "manifest").read_bytes()
    assert contents(build_site(kb, XDG_CACHE_HOME=str(tmp_path / "other"))) == built
    assert (kb / CACHE / "manifest").read_bytes() != manifest


@pytest.mark.skipif(sys.platform == "win32", reason="folders are not read-only there")
def test_an_unwritable_cache_is_logged_and_the_site_is_built(kb: Path):
    shutil.rmtree(kb / CACHE)
    (kb / ".cache").rmdir()
    (kb / ".cache").write_text("A file where the folder should be.")
    done = mkdocs_build(kb, "--strict")
    assert done.returncode == 0, done.stderr
    assert "the cache cannot be saved" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cache_deleted_during_a_build_changes_nothing(kb: Path):
    hook = (
        "import shutil\ndef on_post_template(output_content, **_):\n    shutil.rmtree('.cache', ignore_errors=True)\n"
    )
    write(kb, {"hook.py": hook, "mkdocs.yml": (kb / "mkdocs.yml").read_text() + "hooks: [hook.py]\n"})
    add_a_word(kb)
    assert contents(build_site(kb)) == cold(kb)


def test_an_unknown_spare_site_is_deleted(kb: Path):
    add_a_word(kb)
    build_site(kb)
    (kb / CACHE / "manifest").unlink()
    (kb / CACHE / "spare" / "unknown.html").write_text("Left behind.")
    for _ in range(2):
        build_site(kb)
        add_a_word(kb)
    build_site(kb)
    assert not (kb / CACHE / "spare" / "unknown.html").exists()
    assert contents(kb / "site") == cold(kb)
    assert left_over(kb) == []


def test_builds_at_the_same_time_all_succeed(kb: Path):
    add_a_word(kb)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    builds = [subprocess.Popen(command, cwd=kb, stderr=subprocess.PIPE) for _ in range(3)]
    ends = [(build.communicate()[1], build.returncode) for build in builds]
    assert [status for _, status in ends] == [0, 0, 0], ends
    assert contents(kb / "site") == cold(kb)
    assert left_over(kb) == []
    assert contents(build_site(kb)) == cold(kb)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_killed_build_publishes_the_old_site_or_the_new_one(kb: Path):
    old = contents(kb / "site")
    add_a_word(kb)
    new = cold(kb)
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(kb / "other")], cwd=kb, check=True)
    takes = time.perf_counter() - began
    for part in range(1, 9):
        build = subprocess.Popen([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=kb, start_new_session=True)
        time.sleep(takes * part / 8)
        os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        assert contents(kb / "site") in (old, new), f"killed after {part}/8"
    assert contents(build_site(kb)) == new


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set as Linux does")
def test_a_full_disk_does_not_change_the_site(kb: Path):
    before = contents(kb / "site")
    add_a_word(kb)
    # A limit on the size of files fails as a full disk does: in the middle of a file.
    command = f"ulimit -f 20; exec {sys.executable} -m mkdocs build"
    done = subprocess.run(["bash", "-c", command], cwd=kb, capture_output=True, text=True)
    assert done.returncode != 0
    assert contents(kb / "site") == before
    assert left_over(kb) == []
    assert contents(build_site(kb)) == cold(kb)


def test_hidden_files_of_a_site_are_kept(kb: Path):
    write(kb / "site", {".git/HEAD": "ref: refs/heads/gh-pages\n"})
    add_a_word(kb)
    assert (build_site(kb) / ".git/HEAD").is_file()


def test_a_symbolic_link_to_the_site_is_kept(tmp_path: Path):
    folder = write(tmp_path / "kb", {"mkdocs.yml": mkdocs_yml(), "notes/a.md": note(), "docs/b.md": "# B\n"})
    (tmp_path / "elsewhere").mkdir()
    (folder / "site").symlink_to(tmp_path / "elsewhere")
    build_site(folder)
    assert (folder / "site").is_symlink()
    assert (tmp_path / "elsewhere/notes/a/index.html").is_file()


def test_a_file_at_the_path_of_the_site_is_not_deleted(tmp_path: Path):
    folder = write(tmp_path, {"mkdocs.yml": mkdocs_yml(), "notes/a.md": note(), "docs/b.md": "# B\n", "site": "Mine."})
    done = mkdocs_build(folder)
    assert done.returncode == 1
    assert "is a file and will not be replaced" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "site").read_text() == "Mine."


def test_clean_deletes_the_cache_and_nothing_else(kb: Path):
    before = {name: content for name, content in contents(kb).items() if not name.startswith(".cache/")}
    done = CliRunner().invoke(main, ["clean", "-C", str(kb)])
    assert done.exit_code == 0
    assert contents(kb) == before
    again = CliRunner().invoke(main, ["clean", "-C", str(kb)])
    assert "nothing to delete" in again.output


def test_state_cached_with_other_settings_is_ignored(kb: Path):
    manifest = BuildCache(kb).load_manifest()
    assert manifest is not None
    assert BuildCache(kb).load_state("another basis") is None


def test_a_new_missing_citation_is_reported_by_the_next_build(kb: Path):
    write(kb, {"lines/lost.md": line("Lost?", "See [[gone]].")})
    done = mkdocs_build(kb)
    assert done.returncode == 1
    assert "lines/lost.md" in done.stderr
