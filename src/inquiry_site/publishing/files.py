"""Files of a site that stands, and of one beside it."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from inquiry_site.publishing.memory import Stamp

Content = str | bytes | Iterable[str]


def put(folder: Path, name: str, content: Content) -> Stamp:
    """Write a file of a site.

    Raises:
        OSError: it cannot be written.
    """
    pieces = (content,) if isinstance(content, str | bytes) else content
    path = f"{folder}/{name}"
    _make_room(path)
    with open(path, "wb") as file:  # noqa: PTH123
        for piece in pieces:
            file.write(piece.encode(errors="xmlcharrefreplace") if isinstance(piece, str) else piece)
        file.flush()
        return _stamp(os.fstat(file.fileno()))


def _stamp(stat: os.stat_result) -> Stamp:
    return Stamp(stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def _make_room(path: str) -> None:
    """Make the folder of a file where there is none."""
    parent = os.path.dirname(path)  # noqa: PTH120 - there are thousands of files
    try:
        # Most pages have a folder of their own.
        os.mkdir(parent)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(parent, exist_ok=True)  # noqa: PTH103


def stamp_of(path: str | Path) -> Stamp | None:
    """What tells whether a file has changed; nothing where there is none."""
    try:
        return _stamp(os.stat(path))  # noqa: PTH116 - there are thousands
    except OSError:
        return None


def intact(site: Path, stamps: Mapping[str, Stamp], names: Collection[str]) -> set[str]:
    """Those of these files that stand in a site as they were written."""
    return {name for name in names if name in stamps and stamp_of(f"{site}/{name}") == stamps[name]}


def stamped(folder: Path) -> dict[str, Stamp]:
    """Every file below a folder, but for hidden ones at its top."""
    return dict(_stamped(str(folder), ""))


def _stamped(folder: str, prefix: str) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if not prefix and entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _stamped(entry.path, f"{prefix}{entry.name}/")
            else:
                yield f"{prefix}{entry.name}", _stamp(entry.stat(follow_symlinks=False))


def same_site(
    stage: Path, made: Collection[str], kept: Collection[str], site: Path, stamps: Mapping[str, Stamp]
) -> bool:
    """Whether what was made beside a site, and what is kept of it, is that site as it stands."""
    if {*made, *kept} != stamps.keys() or stamped(site).keys() != stamps.keys():
        return False
    return all(filecmp.cmp(stage / name, site / name, shallow=False) for name in made)


def settled(site: Path, expected: Mapping[str, Stamp]) -> dict[str, Stamp] | None:
    """Stamps of the files of a site that has just been published, unless it is another one already.

    Args:
        site: its folder.
        expected: stamps from before the files were linked and moved, which changes them.
    """
    found = stamped(site)
    is_ours = found.keys() == expected.keys() and all(found[name].has_content_of(expected[name]) for name in found)
    return found if is_ours else None


def renew(folder: Path, site: Path, kept: Mapping[str, Stamp], built: Path, made: Collection[str]) -> list[str]:
    """Turn a folder that holds a former site into the next one; returns kept files that are not there any more.

    What the folder holds is looked up: another build may have put another site there than the one that is known.

    Args:
        folder: the folder.
        site: the site as it is published.
        kept: the files that the next site shares with that one.
        built: where its other files are.
        made: their names.
    """
    present = stamped(folder)
    # The same file, by another link.
    shared = {name for name, stamp in kept.items() if present.get(name) == stamp}
    for name in sorted(present.keys() - shared - set(made)):
        _remove(folder, name)
    for name in made:
        _make_room(f"{folder}/{name}")
        (built / name).replace(folder / name)
    return link(site, folder, {name: stamp for name, stamp in kept.items() if name not in shared})


def _remove(folder: Path, name: str) -> None:
    """Remove a file, and the folders that are empty then."""
    (folder / name).unlink(missing_ok=True)
    for parent in Path(name).parents[:-1]:
        try:
            (folder / parent).rmdir()
        except OSError:
            return


def link(site: Path, stage: Path, kept: Mapping[str, Stamp]) -> list[str]:
    """Put files of a site into another folder too, without copies where the disk allows.

    Returns:
        Those that are gone, or another build has published others in their place.
    """
    gone = []
    for name, stamp in sorted(kept.items()):
        target = f"{stage}/{name}"
        _make_room(target)
        try:
            _link(f"{site}/{name}", target)
        except FileNotFoundError:
            gone.append(name)
            continue
        linked = stamp_of(target)
        if linked is None or not linked.has_content_of(stamp):
            Path(target).unlink()
            gone.append(name)
    return gone


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # A disk without links, or another disk.
        shutil.copy2(source, target)


def link_tree(source: Path, target: Path) -> None:
    """Put a file, or a folder with all it holds, at another path too, without copies where the disk allows.

    Raises:
        OSError: it cannot be put there.
    """
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        for path in source.iterdir():
            link_tree(path, target / path.name)
        shutil.copystat(source, target)
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(source, target, follow_symlinks=False)
