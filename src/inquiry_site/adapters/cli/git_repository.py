"""Read commits, lists of files and contents from a Git repository with the command ``git``."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

_LARGEST_LISTING = 512 * 1024 * 1024
"""Maximum size of the list of files of a revision, in bytes; a hostile tree may list billions."""
_NOT_A_REPOSITORY = "not a git repository"
_FORBIDDEN_OWNER = "dubious ownership"


class ComparisonError(Exception):
    """Two revisions cannot be compared.

    Attributes:
        message: what is wrong.
        hint: what to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = message, hint
        super().__init__(message)


class GitRepository:
    """The Git repository that contains a folder, read with the command ``git``."""

    def __init__(self, folder: Path) -> None:
        """Find the repository.

        Raises:
            ComparisonError: Git is not installed, or the folder is not part of a repository that it may read.
        """
        self._folder = folder
        command = shutil.which("git")
        if command is None:
            raise ComparisonError(
                "Git is not installed, so revisions cannot be read.", "Install Git, or compare two folders."
            )
        self._command = [command, "--no-pager", "--literal-pathspecs"]
        done = self._run("rev-parse", "--show-prefix")
        if done.returncode:
            raise _not_readable(folder, done.stderr)
        self._prefix = done.stdout[:-1] if done.stdout.endswith(b"\n") else done.stdout

    def find_commit(self, revision: str) -> str | None:
        """Return the hash of the commit that a user named, or None if there is none."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        found = done.stdout.decode("ascii", "replace").strip()
        return found if done.returncode == 0 and found.isalnum() else None

    def commit(self, revision: str) -> str:
        """Return the hash of the commit that a user named.

        Raises:
            ComparisonError: there is none.
        """
        found = self.find_commit(revision)
        if found is None:
            hint = "“git branch --all” and “git tag” list names. Fetch it first if it is only in another repository."
            raise ComparisonError(f"There is no revision “{revision}” in this repository.", self._shallow_hint or hint)
        return found

    def merge_base(self, one: str, other: str, names: tuple[str, str]) -> str:
        """Return the newest commit from which two commits descend.

        Args:
            one: the hash of a commit.
            other: the hash of another commit.
            names: how the user named them.

        Raises:
            ComparisonError: there is none.
        """
        done = self._run("merge-base", one, other)
        found = done.stdout.decode("ascii", "replace").strip()
        if done.returncode == 0 and found:
            return found
        hint = f"Compare them as they are: inquiry diff {names[0]} {names[1]}"
        raise ComparisonError(f"“{names[0]}” and “{names[1]}” have no common history.", self._shallow_hint or hint)

    @cached_property
    def _shallow_hint(self) -> str:
        done = self._run("rev-parse", "--is-shallow-repository")
        if done.stdout.strip() != b"true":
            return ""
        return (
            "This clone is shallow: it lacks most of the history. Fetch it with “git fetch --unshallow”, or in a "
            "workflow set “fetch-depth: 0” of actions/checkout."
        )

    def list_files(self, commit: str) -> Iterator[tuple[str, str, str]]:
        """Yield the path, mode and object hash of each file of the knowledge base's folder in a commit."""
        where = f"{commit}:{os.fsdecode(self._prefix).rstrip('/')}" if self._prefix else commit
        if self._prefix and not self._exists(where):
            return
        process = self._start("ls-tree", "-r", "-z", "--full-tree", where)
        with process:
            listing = process.stdout.read(_LARGEST_LISTING + 1) if process.stdout else b""
            if len(listing) > _LARGEST_LISTING:
                process.kill()
                raise ComparisonError(f"The commit {commit[:12]} lists too many files.")
        if process.returncode:
            raise ComparisonError(f"Git cannot list the files of {commit[:12]}.", "“git fsck” checks the repository.")
        for entry in listing.split(b"\0")[:-1]:
            head, _, path = entry.partition(b"\t")
            mode, _, name = head.decode("ascii").split(" ")
            yield os.fsdecode(path), mode, name

    def _exists(self, name: str) -> bool:
        return self._run("cat-file", "-e", name).returncode == 0

    def sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the size of each object, in bytes, by hash.

        Raises:
            ComparisonError: an object is not part of this clone.
        """
        listed = list(dict.fromkeys(names))
        done = self._run("cat-file", "--batch-check", "--buffer", stdin="".join(f"{n}\n" for n in listed).encode())
        sizes: dict[str, int] = {}
        for line in done.stdout.decode("ascii", "replace").splitlines():
            parts = line.split(" ")
            if len(parts) == 3 and parts[2].isdigit():
                sizes[parts[0]] = int(parts[2])
        if len(sizes) < len(listed):
            number = len(listed) - len(sizes)
            hint = "Clone it without “--filter”, or fetch the files with “git fetch --refetch --no-filter”."
            raise ComparisonError(f"{number} files of the revision are not part of this clone.", hint)
        return sizes

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return the content of each object by hash."""
        listed = list(dict.fromkeys(names))
        done = self._run("cat-file", "--batch", "--buffer", stdin="".join(f"{n}\n" for n in listed).encode())
        return _split_contents(listed, done.stdout)

    def _run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [*self._command, *arguments]
        return subprocess.run(  # noqa: S603 - no shell, and names follow --end-of-options
            command, cwd=self._folder, env=_environment(), input=stdin, capture_output=True, check=False
        )

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command, nothing = [*self._command, *arguments], subprocess.DEVNULL
        return subprocess.Popen(  # noqa: S603 - as above
            command, cwd=self._folder, env=_environment(), stdin=nothing, stdout=subprocess.PIPE, stderr=nothing
        )


def _split_contents(names: Iterable[str], output: bytes) -> dict[str, bytes]:
    """Return the content of each object from the output of ``git cat-file --batch``."""
    contents: dict[str, bytes] = {}
    position = 0
    for name in names:
        end = output.find(b"\n", position)
        parts = output[position:end].split(b" ")
        if end < 0 or len(parts) != 3:
            raise ComparisonError(f"Git cannot read the object {name[:12]}.", "“git fsck” checks the repository.")
        size = int(parts[2])
        contents[name] = output[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
    return contents


def _environment() -> dict[str, str]:
    """Return the environment of Git: the repository is found from the folder, nothing is fetched or asked for."""
    # A hook that runs this command sets GIT_DIR and the like, which would make Git misjudge the folder.
    kept = {name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES}
    # A partial clone would fetch missing objects; before Git 2.44, only forbidding every protocol prevents that.
    offline = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none", "GIT_TERMINAL_PROMPT": "0"}
    return kept | offline | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


_REPOSITORY_VARIABLES = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_INDEX_FILE", "GIT_COMMON_DIR"})


def _not_readable(folder: Path, stderr: bytes) -> ComparisonError:
    reason = stderr.decode("utf-8", "replace").strip()
    if _NOT_A_REPOSITORY in reason:
        return ComparisonError(f"{folder} is not in a Git repository.", "Run “git init”, or compare two folders.")
    if _FORBIDDEN_OWNER in reason:
        hint = f"If you trust it: git config --global --add safe.directory {folder}"
        return ComparisonError(f"Git refuses to read {folder}, because it belongs to another user.", hint)
    return ComparisonError(f"Git cannot read {folder}: {reason.partition(chr(10))[0]}")
