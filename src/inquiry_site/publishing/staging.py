"""Build in a staging folder and swap it in atomically, so that readers never see a mix of two builds."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from inquiry_site.publishing.file_tree import hardlink_tree

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_INFIX, _OLD, _NEW = ".building-", ".old", ".inquiry-new"
_AT_WORKING_FOLDER, _EXCHANGE = -100, 2


class StagingDirectory:
    """A staging folder beside a site.

    Attributes:
        folder: where to build; on the site's own disk where that can be written, so that no file is copied.
    """

    def __init__(self, site: Path) -> None:
        """Create the folder, and clean up after builds that were killed.

        Raises:
            OSError: no folder can be created anywhere, or a file stands in the site's place.
        """
        # A link to the site stays one.
        self._site = site.resolve()
        if self._site.is_file():
            raise NotADirectoryError(f"{site} is a file and will not be replaced")
        if site.is_symlink() and not _holds_a_site(self._site):
            raise FileExistsError(f"{site} is a link to {self._site}, whose files are not a site and would be replaced")
        try:
            self._site.parent.mkdir(parents=True, exist_ok=True)
            self.folder, lock = _new_folder(self._site)
        except PermissionError:
            self.folder, lock = Path(tempfile.mkdtemp(prefix=f"{self._site.name}{_INFIX}")), -1
        self._folders, self._locks = {self.folder}, [lock]
        # What is made for one person only becomes a folder like any other.
        mask = os.umask(0)
        os.umask(mask)
        self.folder.chmod(0o777 & ~mask)

    def publish(self) -> None:
        """Put the folder in the place of the site. Hidden files and folders of the former site stay (``.git``).

        Raises:
            OSError: it cannot be put there; the site is as it was, unless its folder cannot be moved (a mount point),
                where it is changed file by file.
        """
        if not self._site.exists():
            self.folder.rename(self._site)
            return
        # Before the swap, and without moving them: whatever is killed, they are never gone.
        hidden = [path for path in self._site.glob(".*") if not os.path.lexists(self.folder / path.name)]
        for path in hidden:
            hardlink_tree(path, self.folder / path.name)
        # Once swapped the former site must not pass for the folder of a build that was killed.
        with contextlib.suppress(OSError):
            self._locks.append(_lock(self._site))
        swapped = _swap(self.folder, self._site)
        for path in hidden:
            with contextlib.suppress(OSError):
                _delete(self.folder / path.name)
        if not swapped:
            _replace_files(self.folder, self._site)

    def keep_as_spare(self, place: Path) -> bool:
        """Move the folder, which after ``publish`` is the former site, to where the next build finds it."""
        # What is still there belongs to an unknown edition. Moved first: another build may want it.
        stale = self.folder.with_name(f"{self.folder.name}-stale")
        self._folders.add(stale)
        with contextlib.suppress(OSError):
            place.rename(stale)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            self.folder.rename(place)
        except OSError:
            return False
        return True

    def reuse_spare(self, place: Path) -> Path | None:
        """Continue in a folder that an earlier build has set aside; returns the folder used so far, if that can be.

        No other build can take it then.
        """
        built = self.folder
        taken = built.with_name(f"{built.name}-again")
        try:
            # A link would let this build write wherever it leads.
            if place.is_symlink():
                return None
            lock = _lock(place)
        except OSError:
            return None
        self._locks.append(lock)
        # Before it is there: a signal may end this build at any place.
        self._folders.add(taken)
        try:
            place.rename(taken)
        except OSError:
            return None
        self.folder = taken
        return built

    def discard(self) -> None:
        """Remove every folder of this build that is left."""
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        while self._locks:
            _unlock(self._locks.pop())


def _holds_a_site(folder: Path) -> bool:
    """Whether a folder is missing, empty but for hidden files, or the output of a build."""
    shown = [path.name for path in folder.glob("[!.]*")] if folder.is_dir() else []
    return not shown or "index.html" in shown or "404.html" in shown


def _new_folder(site: Path) -> tuple[Path, int]:
    """Remove the folders of builds that were killed, then create one and lock it; returns it and its lock.

    One build at a time does this, so that none takes the folder of another, not locked yet, for an abandoned one. Its
    age is no evidence: clocks are set back.
    """
    with _exclusive(site.parent) as can_lock:
        if can_lock:
            _remove_abandoned(site)
        folder = Path(tempfile.mkdtemp(prefix=f".{site.name}{_INFIX}", dir=site.parent))
        return folder, _lock(folder)


@contextlib.contextmanager
def _exclusive(folder: Path) -> Iterator[bool]:
    """Wait for other builds that are in this block for the same folder; yields whether the system has such locks."""
    if fcntl is None:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            # Some network disks have no locks on folders.
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int:
    """Lock a folder for as long as this process lives; returns -1 where the system has no locks.

    Raises:
        OSError: another process has locked it, or it is not there.
    """
    if fcntl is None:
        return -1
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
            raise
        return -1
    return descriptor


def _unlock(lock: int) -> None:
    if lock >= 0:
        os.close(lock)


def _remove_abandoned(site: Path) -> None:
    """Remove the folders of builds that were killed."""
    for folder in site.parent.glob(f".{glob.escape(site.name)}{_INFIX}*"):
        try:
            lock = _lock(folder)
        except OSError:
            continue
        if folder.name.endswith(_OLD) and not os.path.lexists(site):
            # The build was killed between the two moves of a swap.
            with contextlib.suppress(OSError):
                folder.rename(site)
        elif lock >= 0:
            shutil.rmtree(folder, ignore_errors=True)
        _unlock(lock)


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders, atomically where the system can; returns ``False`` where one of them may not be moved."""
    if _exchange(one, other):
        return True
    aside = one.with_name(f"{one.name}{_OLD}")
    try:
        try:
            other.rename(aside)
        except OSError:
            return False
        one.rename(other)
    except BaseException:
        if aside.exists() and not other.exists():
            aside.rename(other)
        raise
    with contextlib.suppress(OSError):
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
    """Copy a folder over another, each file whole; hidden files at its top stay.

    All copies are written before the first replaces anything: a full disk leaves the site as it was.
    """
    copies: list[tuple[Path, Path]] = []
    kept = set()
    try:
        for path in sorted(new.rglob("*")):
            place = site / path.relative_to(new)
            kept.add(place)
            if not path.is_dir():
                beside = site / f".{len(copies)}{_NEW}"
                copies.append((beside, place))
                shutil.copy2(path, beside)
    except BaseException:
        for beside, _ in copies:
            beside.unlink(missing_ok=True)
        raise
    for path in (path for path in sorted(kept) if (new / path.relative_to(site)).is_dir()):
        if path.is_file():
            path.unlink()
        path.mkdir(exist_ok=True)
    for beside, place in copies:
        if place.is_dir():
            shutil.rmtree(place)
        beside.replace(place)
    for path in sorted(site.rglob("*"), reverse=True):
        top = path.relative_to(site).parts[0]
        if path not in kept and (not top.startswith(".") or top.endswith(_NEW)):
            _delete(path)


def _delete(path: Path) -> None:
    """Delete a file, a link, or a folder with all it holds."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
