"""Files of a site that stands, and of one beside it."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from inquiry_site.publishing.manifest import FileStat

Content = str | bytes | Iterable[str]


def write_file(folder: Path, name: str, content: Content) -> FileStat:
    """Write a file of a site.

    Raises:
        OSError: it cannot be written.
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
    """Make the folder of a file where there is none."""
    parent = os.path.dirname(path)  # noqa: PTH120 - there are thousands of files
    try:
        # Most pages have a folder of their own.
        os.mkdir(parent)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(parent, exist_ok=True)  # noqa: PTH103


def stat_file(path: str | Path) -> FileStat | None:
    """What tells whether a file has changed; nothing where there is none."""
    try:
        return _file_stat(os.stat(path))  # noqa: PTH116 - there are thousands
    except OSError:
        return None


def unchanged_files(site: Path, stamps: Mapping[str, FileStat], names: Collection[str]) -> set[str]:
    """Those of these files that stand in a site as they were written."""
    return {name for name in names if name in stamps and stat_file(f"{site}/{name}") == stamps[name]}


def stat_tree(folder: Path) -> dict[str, FileStat]:
    """Every file below a folder, but for hidden ones at its top."""
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
    stage: Path, made: Collection[str], kept: Collection[str], site: Path, stamps: Mapping[str, FileStat]
) -> bool:
    """Whether what was made beside a site, and what is kept of it, is that site as it stands."""
    if {*made, *kept} != stamps.keys() or stat_tree(site).keys() != stamps.keys():
        return False
    return all(filecmp.cmp(stage / name, site / name, shallow=False) for name in made)


def final_stats(site: Path, expected: Mapping[str, FileStat]) -> dict[str, FileStat] | None:
    """Stamps of the files of a site that has just been published, unless it is another one already.

    Args:
        site: its folder.
        expected: stamps from before the files were linked and moved, which changes them.
    """
    found = stat_tree(site)
    is_ours = found.keys() == expected.keys() and all(found[name].has_same_content(expected[name]) for name in found)
    return found if is_ours else None


def sync_tree(folder: Path, site: Path, kept: Mapping[str, FileStat], built: Path, made: Collection[str]) -> list[str]:
    """Turn a folder that holds a former site into the next one; returns kept files that are not there any more.

    What the folder holds is looked up: another build may have put another site there than the one that is known.

    Args:
        folder: the folder.
        site: the site as it is published.
        kept: the files that the next site shares with that one.
        built: where its other files are.
        made: their names.
    """
    present = stat_tree(folder)
    # The same file, by another link.
    shared = {name for name, stamp in kept.items() if present.get(name) == stamp}
    for name in sorted(present.keys() - shared - set(made)):
        _remove_file(folder, name)
    for name in made:
        _ensure_parent(f"{folder}/{name}")
        (built / name).replace(folder / name)
    return hardlink_files(site, folder, {name: stamp for name, stamp in kept.items() if name not in shared})


def _remove_file(folder: Path, name: str) -> None:
    """Remove a file, and the folders that are empty then."""
    (folder / name).unlink(missing_ok=True)
    for parent in Path(name).parents[:-1]:
        try:
            (folder / parent).rmdir()
        except OSError:
            return


def hardlink_files(site: Path, stage: Path, kept: Mapping[str, FileStat]) -> list[str]:
    """Put files of a site into another folder too, without copies where the disk allows.

    Returns:
        Those that are gone, or another build has published others in their place.
    """
    gone = []
    for name, stamp in sorted(kept.items()):
        target = f"{stage}/{name}"
        _ensure_parent(target)
        try:
            _hardlink_or_copy(f"{site}/{name}", target)
        except FileNotFoundError:
            gone.append(name)
            continue
        linked = stat_file(target)
        if linked is None or not linked.has_same_content(stamp):
            Path(target).unlink()
            gone.append(name)
    return gone


def _hardlink_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # A disk without links, or another disk.
        shutil.copy2(source, target)


def hardlink_tree(source: Path, target: Path) -> None:
    """Put a file, or a folder with all it holds, at another path too, without copies where the disk allows.

    Raises:
        OSError: it cannot be put there.
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
