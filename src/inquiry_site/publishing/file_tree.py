"""File operations on whole sites: write, compare, hard-link and synchronise folders."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from inquiry_site.publishing.manifest import FileStat

Content = str | bytes | Iterable[str]


def write_file(folder: Path, name: str, content: Content) -> FileStat:
    """Write a file of a site and return its record.

    Args:
        folder: the folder of the site.
        name: the file's path relative to the folder; missing parents are created.
        content: written as UTF-8, with character references for lone surrogates.

    Raises:
        OSError: the file cannot be written.
    """
    pieces = (content,) if isinstance(content, str | bytes) else content
    path = f"{folder}/{name}"
    _ensure_parent(path)
    with open(path, "wb") as file:  # noqa: PTH123
        for piece in pieces:
            file.write(piece.encode(errors="xmlcharrefreplace") if isinstance(piece, str) else piece)
        file.flush()
        return _file_stat(os.fstat(file.fileno()))


def _file_stat(stat: os.stat_result) -> FileStat:
    return FileStat(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _ensure_parent(path: str) -> None:
    """Create the folder of a file if it does not exist."""
    parent = os.path.dirname(path)  # noqa: PTH120 - there are thousands of files
    try:
        # Most pages have a folder of their own, so this usually succeeds at once.
        os.mkdir(parent)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(parent, exist_ok=True)  # noqa: PTH103


def stat_file(path: str | Path) -> FileStat | None:
    """Return the record of a file, which shows whether it has changed; None if it does not exist."""
    try:
        return _file_stat(os.stat(path))  # noqa: PTH116 - there are thousands
    except OSError:
        return None


def unchanged_files(site: Path, outputs: Mapping[str, FileStat], names: Collection[str]) -> set[str]:
    """Return the files that a site still contains exactly as they were written.

    Args:
        site: the folder of the site.
        outputs: the record of every file as it was written.
        names: the files to check.
    """
    return {name for name in names if name in outputs and stat_file(f"{site}/{name}") == outputs[name]}


def stat_tree(folder: Path) -> dict[str, FileStat]:
    """Return the record of every file below a folder by relative path, without hidden entries at the top level."""
    return dict(_stat_tree(str(folder), ""))


def _stat_tree(folder: str, prefix: str) -> Iterator[tuple[str, FileStat]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not prefix and entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _stat_tree(entry.path, f"{prefix}{entry.name}/")
            else:
                yield f"{prefix}{entry.name}", _file_stat(entry.stat(follow_symlinks=False))


def is_identical(
    staging: Path, written: Collection[str], kept: Collection[str], site: Path, outputs: Mapping[str, FileStat]
) -> bool:
    """Whether publishing would change nothing.

    Args:
        staging: the folder of the new files.
        written: the new files.
        kept: the files that the new site shares with the published one.
        site: the folder of the published site.
        outputs: every file that the last build published.
    """
    if {*written, *kept} != outputs.keys() or stat_tree(site).keys() != outputs.keys():
        return False
    return all(filecmp.cmp(staging / name, site / name, shallow=False) for name in written)


def final_stats(site: Path, expected: Mapping[str, FileStat]) -> dict[str, FileStat] | None:
    """Return the records of a site that has just been published; None if another build has replaced it already.

    Args:
        site: the folder of the site.
        expected: records from before the files were linked and moved, which changes some of their values.
    """
    stats = stat_tree(site)
    is_ours = stats.keys() == expected.keys() and all(stats[name].has_same_content(expected[name]) for name in stats)
    return stats if is_ours else None


def sync_tree(
    spare: Path, site: Path, kept: Mapping[str, FileStat], built: Path, written: Collection[str]
) -> list[str]:
    """Turn the spare site into the new one; return kept files that disappeared meanwhile.

    The spare's files are listed first: another build may have put a different site there than the cached one.

    Args:
        spare: the folder of the spare site, changed in place.
        site: the folder of the published site.
        kept: the files that the new site shares with the published one.
        built: the folder of the new files, which are moved out of it.
        written: the names of the new files.
    """
    present = stat_tree(spare)
    # Equal records mean that both names are hard links to one file.
    linked = {name for name, stat in kept.items() if present.get(name) == stat}
    for name in sorted(present.keys() - linked - set(written)):
        _remove_file(spare, name)
    for name in written:
        _ensure_parent(f"{spare}/{name}")
        (built / name).replace(spare / name)
    return hardlink_files(site, spare, {name: stat for name, stat in kept.items() if name not in linked})


def _remove_file(folder: Path, name: str) -> None:
    """Remove a file, and its parent folders as far as they become empty."""
    (folder / name).unlink(missing_ok=True)
    for parent in Path(name).parents[:-1]:
        try:
            (folder / parent).rmdir()
        except OSError:
            return


def hardlink_files(site: Path, target_folder: Path, kept: Mapping[str, FileStat]) -> list[str]:
    """Hard-link files of a site into another folder, or copy them where links are impossible.

    Returns:
        The files that are missing, or that another build has replaced.
    """
    missing = []
    for name, stat in sorted(kept.items()):
        target = f"{target_folder}/{name}"
        _ensure_parent(target)
        try:
            _hardlink_or_copy(f"{site}/{name}", target)
        except FileNotFoundError:
            missing.append(name)
            continue
        linked = stat_file(target)
        if linked is None or not linked.has_same_content(stat):
            Path(target).unlink()
            missing.append(name)
    return missing


def _hardlink_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # The file system has no hard links, or the target is on another one.
        shutil.copy2(source, target)


def hardlink_tree(source: Path, target: Path) -> None:
    """Hard-link a file or a whole folder to another path, or copy it where links are impossible.

    Raises:
        OSError: the target cannot be written.
    """
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        for path in source.iterdir():
            hardlink_tree(path, target / path.name)
        shutil.copystat(source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)
