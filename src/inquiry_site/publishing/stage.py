"""A site built beside the published one and put in its place whole: at no moment is a reader given half of each."""

from __future__ import annotations

import contextlib
import ctypes
import glob
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_MARK = ".building-"
_YOUNG = 60
"""Seconds."""
_AT_WORKING_FOLDER, _EXCHANGE = -100, 2


class Stage:
    """A folder beside a site.

    Attributes:
        folder: where to build; on the site's own disk where that can be written, so that no file is copied.
    """

    def __init__(self, site: Path) -> None:
        """Make the folder, and remove those that builds left which were killed.

        Raises:
            OSError: there is no room for a folder anywhere, or a file stands in the site's place.
        """
        # A link to the site stays one.
        self._site = site.resolve()
        if self._site.is_file():
            raise NotADirectoryError(f"{site} is a file, which nobody here will delete")
        try:
            self._site.parent.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(self._site)
            self.folder = Path(tempfile.mkdtemp(prefix=f".{self._site.name}{_MARK}", dir=self._site.parent))
        except PermissionError:
            self.folder = Path(tempfile.mkdtemp(prefix=f"{self._site.name}{_MARK}"))
        self._lock = _locked(self.folder)
        # What is made for one person only becomes a folder like any other.
        mask = os.umask(0)
        os.umask(mask)
        self.folder.chmod(0o777 & ~mask)

    def publish(self) -> None:
        """Put the folder in the place of the site; hidden files that stand there stay (``.git``).

        Raises:
            OSError: it cannot be put there; the site is as it was, unless its folder cannot be moved (a mount point),
                where it is changed file by file.
        """
        if not self._site.exists():
            self.folder.rename(self._site)
        elif not _swap(self.folder, self._site):
            _replace_files(self.folder, self._site)
        else:
            for hidden in self.folder.glob(".*"):
                if not os.path.lexists(self._site / hidden.name):
                    hidden.rename(self._site / hidden.name)

    def set_aside(self, place: Path) -> bool:
        """Move the folder, which after ``publish`` is the former site, to where the next build finds it."""
        # What still stands there is of an edition that nobody knows any more. Moved first: another build may want it.
        stale = self.folder.with_name(f"{self.folder.name}-stale")
        with contextlib.suppress(OSError):
            place.rename(stale)
            shutil.rmtree(stale, ignore_errors=True)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            self.folder.rename(place)
        except OSError:
            return False
        return True

    def take_over(self, place: Path) -> Path | None:
        """Go on in a folder that an earlier build has set aside; where what was built so far stands, if that can be.

        No other build can take it then.
        """
        built = self.folder
        taken = built.with_name(f"{built.name}-again")
        try:
            lock = _locked(place)
            place.rename(taken)
        except OSError:
            return None
        self._unlock()
        self.folder, self._lock = taken, lock
        return built

    def discard(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._unlock()

    def _unlock(self) -> None:
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _locked(folder: Path) -> int:
    """A lock on a folder for as long as this process lives; -1 where the system has none."""
    if fcntl is None:
        return -1
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def _remove_abandoned(site: Path) -> None:
    """Remove the folders of builds that ended before they could."""
    if fcntl is None:
        return
    for folder in site.parent.glob(f".{glob.escape(site.name)}{_MARK}*"):
        try:
            # One that has just been made is not locked yet.
            if time.time() - folder.stat().st_mtime < _YOUNG:
                continue
            os.close(_locked(folder))
        except OSError:
            continue
        shutil.rmtree(folder, ignore_errors=True)


def _swap(one: Path, other: Path) -> bool:
    """Let two folders change places, at once where the system can; ``False`` where one of them may not be moved."""
    if _exchange(one, other):
        return True
    aside = one.with_name(f"{one.name}.old")
    try:
        other.rename(aside)
    except OSError:
        return False
    try:
        one.rename(other)
    except BaseException:
        aside.rename(other)
        raise
    aside.rename(one)
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Linux's renameat2(2) with RENAME_EXCHANGE, for which Python has no name."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = rename(_AT_WORKING_FOLDER, os.fsencode(one), _AT_WORKING_FOLDER, os.fsencode(other), _EXCHANGE)
    return bool(done == 0)


def _replace_files(new: Path, site: Path) -> None:
    """Make a folder hold what another holds, each file whole; hidden files at its top stay."""
    kept = set()
    for path in sorted(new.rglob("*")):
        place = site / path.relative_to(new)
        kept.add(place)
        if path.is_dir():
            if place.is_file():
                place.unlink()
            place.mkdir(exist_ok=True)
            continue
        if place.is_dir():
            shutil.rmtree(place)
        beside = place.with_name(f".{place.name}.new")
        shutil.copyfile(path, beside)
        beside.replace(place)
    for path in sorted(site.rglob("*"), reverse=True):
        if path not in kept and not path.relative_to(site).parts[0].startswith("."):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
