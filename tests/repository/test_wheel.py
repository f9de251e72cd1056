"""The wheel works outside the repository, and its build is reproducible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import inquiry_site
from tests.support.distributions import digests, find_faults
from tests.support.knowledge_bases import ROOT

# sitecustomize.py of the second build: its clock is 400 days ahead.
LATER = "import time\nnow = time.time\ntime.time = lambda: now() + 400 * 86400\n"


def test_a_new_knowledge_base_builds_from_an_installed_wheel(tmp_path: Path):
    def python(*arguments: str, cwd: Path) -> str:
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PIP_NO_INDEX": "1"}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    python("-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), cwd=ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    python("-m", "pip", "install", "--no-deps", "--target", str(tmp_path / "installed"), str(wheel), cwd=tmp_path)
    used = python("-c", "import inquiry_site; print(inquiry_site.__file__)", cwd=tmp_path)
    assert str(tmp_path / "installed") in used
    python("-m", "inquiry_site.adapters.cli", "init", "my-kb", cwd=tmp_path)
    python("-m", "mkdocs", "build", "--strict", cwd=tmp_path / "my-kb")
    page = (tmp_path / "my-kb/site/lines/when-to-review/index.html").read_text(encoding="utf-8")
    assert "Sources · 3 notes" in page
    assert (tmp_path / "my-kb/site/assets/inquiry/inquiry.css").stat().st_size > 1000


def source_files() -> list[Path]:
    """Return the files of the repository, including untracked ones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return [Path(name) for name in listed.stdout.decode().split("\0") if (ROOT / name).is_file()]


def build_elsewhere(folder: Path, umask: int, modified: int, environment: dict[str, str]) -> Path:
    """Build from a copy of the source with a umask and dates; return the output folder."""
    source = folder / "source"
    for path in source_files():
        copy = source / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, copy)
        copy.chmod(0o666 & ~umask | (ROOT / path).stat().st_mode & 0o100)
        os.utime(copy, (modified, modified))
    inherited = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder / "dist")],
        cwd=source,
        env={**inherited, **environment},
        umask=umask,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "dist"


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two builds that share only their source: other folder, umask, dates, clock, time zone and hash seed."""
    later = tmp_path_factory.mktemp("later")
    (later / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    places = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("a place with a longer name")
    with ThreadPoolExecutor() as pool:
        here = pool.submit(build_elsewhere, places[0], 0o022, 1_000_000_000, {"TZ": "UTC", "PYTHONHASHSEED": "1"})
        there = pool.submit(
            build_elsewhere,
            places[1],
            0o077,
            1_700_000_001,
            {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "2", "PYTHONPATH": str(later)},
        )
        return here.result(), there.result()


@pytest.mark.xdist_group("builds")
def test_two_builds_have_the_same_bytes_and_can_be_published(builds: tuple[Path, Path]):
    assert len(digests(builds[0])) == 2
    assert find_faults(*builds, tag=f"v{inquiry_site.__version__}") == []


@pytest.mark.xdist_group("builds")
def test_builds_that_differ_or_belong_to_another_tag_are_not_published(builds: tuple[Path, Path], tmp_path: Path):
    shutil.copytree(builds[0], tmp_path / "dist")
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    assert len(find_faults(*builds, tag="v99.0.0")) == 2
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    assert find_faults(builds[1], tmp_path / "dist") == [f"{wheel.name}: the builds differ"]
    wheel.unlink()
    assert find_faults(tmp_path / "dist", tmp_path / "dist")


@pytest.mark.xdist_group("builds")
def test_the_sdist_contains_licences_and_tracked_files_only(builds: tuple[Path, Path]):
    (path,) = builds[0].glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {"LICENSE", "LICENSE-CONTENT.md", "SECURITY.md"} <= names
    assert names - {"PKG-INFO"} <= {path.as_posix() for path in source_files()}
