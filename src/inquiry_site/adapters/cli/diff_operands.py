"""Find out what a user wants to compare: revisions of a repository, folders, or the working tree."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from inquiry_site.adapters.cli.git_repository import ComparisonError, GitRepository
from inquiry_site.adapters.cli.git_revision import is_inside, read_revision
from inquiry_site.config import Config
from inquiry_site.file_content import FileContent
from inquiry_site.files import CONTENT_FOLDERS, read_tree

WORKING_TREE = "the working tree"


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison: a folder, or a commit."""

    name: str
    """How messages call it."""
    folder: Path | None = None
    commit: str = ""


class Operands:
    """Both sides of a comparison, as the arguments of a command name them.

    Attributes:
        before: the earlier side.
        after: the later side.
    """

    def __init__(self, base: str, head: str | None, find_root: Callable[[], Path]) -> None:
        """Resolve the arguments.

        Args:
            base: a revision, a folder, ``A..B``, or ``A...B`` for what B changed since it left A.
            head: a revision or a folder; None for the working tree.
            find_root: returns the folder of the knowledge base; called only if it is needed.

        Raises:
            ComparisonError: an argument names nothing that can be compared.
        """
        self._find_root = find_root
        ends = _range_ends(base) if not _is_folder(base) else None
        if ends is None:
            self.before = self._resolve(base)
            self.after = self._resolve(head) if head is not None else Operand(WORKING_TREE, self.root)
            return
        if head is not None:
            raise ComparisonError(
                f"“{base}” names both sides, so “{head}” is one too many.", f"Leave out “{head}”: inquiry diff {base}"
            )
        first, separator, second = ends
        self.before, self.after = self._resolve_commit(first), self._resolve_commit(second)
        if separator == "...":
            commit = self._repository.merge_base(self.before.commit, self.after.commit, (first, second))
            self.before = replace(self.before, commit=commit)

    @cached_property
    def root(self) -> Path:
        """The folder of the knowledge base."""
        return self._find_root()

    @cached_property
    def _repository(self) -> GitRepository:
        return GitRepository(self.root)

    @property
    def settings_folder(self) -> Path:
        """The folder whose settings apply to both sides, so that only their files differ."""
        return self.after.folder or self.root

    def read(self, operand: Operand, config: Config) -> dict[str, FileContent]:
        """Return the files of one side. A folder of hand-written pages outside the knowledge base is left out.

        Raises:
            ComparisonError: they cannot be read completely.
        """
        if not is_inside(config.docs_dir):
            config = replace(config, docs_dir="docs")
        if operand.folder is not None:
            return read_tree(operand.folder, config.docs_dir, config.limits.file_size, config.is_excluded)
        return read_revision(self._repository, operand.commit, config)

    def _resolve(self, name: str) -> Operand:
        if not _is_folder(name):
            return self._resolve_commit(name)
        if not _is_path(name) and self._is_revision(name):
            hint = f"Write “./{name}” for the folder, or “refs/heads/{name}” for the branch."
            raise ComparisonError(f"“{name}” is a folder and a revision.", hint)
        if not any((Path(name) / folder).is_dir() for folder in CONTENT_FOLDERS):
            raise ComparisonError(f"“{name}” is no knowledge base: it has neither notes/ nor lines/.")
        return Operand(name, Path(name))

    def _resolve_commit(self, name: str) -> Operand:
        if _is_path(name):
            raise ComparisonError(f"The folder “{name}” does not exist.")
        return Operand(name, None, self._repository.commit(name))

    def _is_revision(self, name: str) -> bool:
        """Return whether a name is a revision of the repository in the current folder, if there is one."""
        try:
            return GitRepository(Path.cwd()).find_commit(name) is not None
        except ComparisonError:
            return False


def _range_ends(name: str) -> tuple[str, str, str] | None:
    """Return both ends of ``A...B`` or ``A..B`` and the dots between them; an empty end is ``HEAD``, as for Git."""
    for separator in ("...", ".."):
        first, found, second = name.partition(separator)
        if found and not _is_path(name):
            return first or "HEAD", separator, second or "HEAD"
    return None


def _is_folder(name: str) -> bool:
    return name != "" and Path(name).is_dir()


def _is_path(name: str) -> bool:
    """Return whether a name can only be that of a folder."""
    return (
        name in {".", ".."} or name.startswith((f".{os.sep}", f"..{os.sep}", "./", "../")) or Path(name).is_absolute()
    )
