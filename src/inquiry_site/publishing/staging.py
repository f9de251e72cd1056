"""Build in a staging directory and swap it in atomically, so that readers never see a mix of two builds."""

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
"""Parts of the names of staging folders, of a site between the two moves of a swap, and of copies of new files."""
_AT_WORKING_FOLDER, _EXCHANGE = -100, 2
"""Linux's AT_FDCWD and RENAME_EXCHANGE."""


class StagingDirectory:
    """A staging directory beside a site.

    Attributes:
        folder: where to build; on the file system of the site if that is writable, so that no file is copied.
    """

    def __init__(self, site: Path) -> None:
        """Create the folder and remove those of builds that were killed.

        Args:
            site: the folder of the published site, which need not exist.

        Raises:
            OSError: no folder can be created anywhere, or ``site`` is a file, or a link to a folder that is no site.
        """
        # Resolved, so that a symbolic link to the site is not replaced by a folder.
        self._site = site.resolve()
        if self._site.is_file():
            raise NotADirectoryError(f"{site} is a file, which nobody here will delete")
        if site.is_symlink() and not _holds_a_site(self._site):
            raise FileExistsError(f"{site} is a link to {self._site}, whose files are no site and would be replaced")
        try:
            self._site.parent.mkdir(parents=True, exist_ok=True)
            self.folder, lock = _new_folder(self._site)
        except PermissionError:
            self.folder, lock = Path(tempfile.mkdtemp(prefix=f"{self._site.name}{_INFIX}")), -1
        self._folders, self._locks = {self.folder}, [lock]
        # mkdtemp creates a folder that only its owner can read.
        mask = os.umask(0)
        os.umask(mask)
        self.folder.chmod(0o777 & ~mask)

    def publish(self) -> None:
        """Replace the site by the folder. Hidden entries at the top of the old site (``.git``) are kept.

        Raises:
            OSError: the site cannot be replaced. It is unchanged, unless its folder cannot be moved (a mount point):
                its files are then replaced one by one.
        """
        if not self._site.exists():
            self.folder.rename(self._site)
            return
        # Linked before the swap rather than moved, so that a killed build never loses them.
        hidden = [path for path in self._site.glob(".*") if not os.path.lexists(self.folder / path.name)]
        for path in hidden:
            hardlink_tree(path, self.folder / path.name)
        # After the swap the old site has this build's name; unlocked, another build would remove it as abandoned.
        with contextlib.suppress(OSError):
            self._locks.append(_lock(self._site))
        is_swapped = _swap(self.folder, self._site)
        for path in hidden:
            with contextlib.suppress(OSError):
                _delete(self.folder / path.name)
        if not is_swapped:
            _replace_files(self.folder, self._site)

    def keep_as_spare(self, path: Path) -> bool:
        """Move the folder, which after ``publish`` is the old site, to a path where the next build finds it.

        Returns:
            Whether it was moved.
        """
        # An older spare there is unknown to the new manifest. Moved away first, because another build may reuse it.
        stale = self.folder.with_name(f"{self.folder.name}-stale")
        self._folders.add(stale)
        with contextlib.suppress(OSError):
            path.rename(stale)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.folder.rename(path)
        except OSError:
            return False
        return True

    def reuse_spare(self, path: Path) -> Path | None:
        """Claim the spare site as the staging folder, so that no other build can use it.

        Returns:
            The folder used so far, or None if there is no usable spare.
        """
        built = self.folder
        claimed = built.with_name(f"{built.name}-again")
        try:
            # A link would let this build write to its target, wherever that is.
            if path.is_symlink():
                return None
            lock = _lock(path)
        except OSError:
            return None
        self._locks.append(lock)
        # Registered before the move, because a signal may end this build at any point.
        self._folders.add(claimed)
        try:
            path.rename(claimed)
        except OSError:
            return None
        self.folder = claimed
        return built

    def discard(self) -> None:
        """Remove the remaining folders of this build and release its locks."""
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)
        while self._locks:
            _unlock(self._locks.pop())


def _holds_a_site(folder: Path) -> bool:
    """Whether a folder is missing, contains hidden files only, or is the output of a build."""
    names = [path.name for path in folder.glob("[!.]*")] if folder.is_dir() else []
    return not names or "index.html" in names or "404.html" in names


def _new_folder(site: Path) -> tuple[Path, int]:
    """Remove the folders of builds that were killed, then create a folder; return it and its lock.

    One build at a time does this: otherwise a folder that is not locked yet could be removed as abandoned. The age of
    a folder shows nothing, because clocks can be set back.
    """
    with _exclusive(site.parent) as can_lock:
        if can_lock:
            _remove_abandoned(site)
        folder = Path(tempfile.mkdtemp(prefix=f".{site.name}{_INFIX}", dir=site.parent))
        return folder, _lock(folder)


@contextlib.contextmanager
def _exclusive(folder: Path) -> Iterator[bool]:
    """Let one build at a time run this block for a folder; yields False where folders cannot be locked."""
    if fcntl is None:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            # Some network file systems have no locks on folders.
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _lock(folder: Path) -> int:
    """Lock a folder until this process ends; return the lock's descriptor, -1 where the system has no locks.

    Raises:
        OSError: another process has locked the folder, or it does not exist.
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
    """Exchange two folders, atomically where the system supports it; return False if one of them cannot be moved."""
    if _exchange(one, other):
        return True
    old = one.with_name(f"{one.name}{_OLD}")
    try:
        try:
            other.rename(old)
        except OSError:
            return False
        one.rename(other)
    except BaseException:
        if old.exists() and not other.exists():
            old.rename(other)
        raise
    with contextlib.suppress(OSError):
        old.rename(one)
    return True


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two paths with Linux's renameat2(2), which Python does not provide; return whether this worked."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    status = rename(_AT_WORKING_FOLDER, os.fsencode(one), _AT_WORKING_FOLDER, os.fsencode(other), _EXCHANGE)
    return bool(status == 0)


def _replace_files(new: Path, site: Path) -> None:
    """Replace the files of a site one by one, each atomically; hidden entries at its top are kept.

    All copies are written before the first file is replaced, so a full disk leaves the site unchanged.
    """
    copies: list[tuple[Path, Path]] = []
    kept = set()
    try:
        for path in sorted(new.rglob("*")):
            target = site / path.relative_to(new)
            kept.add(target)
            if not path.is_dir():
                copy = site / f".{len(copies)}{_NEW}"
                copies.append((copy, target))
                shutil.copy2(path, copy)
    except BaseException:
        for copy, _ in copies:
            copy.unlink(missing_ok=True)
        raise
    for path in (path for path in sorted(kept) if (new / path.relative_to(site)).is_dir()):
        if path.is_file():
            path.unlink()
        path.mkdir(exist_ok=True)
    for copy, target in copies:
        if target.is_dir():
            shutil.rmtree(target)
        copy.replace(target)
    for path in sorted(site.rglob("*"), reverse=True):
        top = path.relative_to(site).parts[0]
        if path not in kept and (not top.startswith(".") or top.endswith(_NEW)):
            _delete(path)


def _delete(path: Path) -> None:
    """Delete a file, a link, or a folder with all its contents."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
