"""Implement ``inquiry init``, which creates a new knowledge base that builds without further changes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click

from inquiry_site.adapters.cli.output import fail
from inquiry_site.files import write_tree

_STARTER = Path(__file__).parents[1] / "starter"
_RENAMED = {"gitignore": ".gitignore", "codeowners": ".github/CODEOWNERS"}
"""Files that are renamed when they are written, because build tools omit hidden files from packages."""
_OWNER = re.compile(r"@[\w-]+(?:/[\w.-]+)?|[^\s@]+@[^\s@]+")
_OWNER_PLACEHOLDER = "@OWNER"
"""Placeholder for the account if none is given."""


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", help="Name of the site. Default: derived from the folder's name.")
@click.option("--owner", help="Account that reviews changes to settings and templates, for .github/CODEOWNERS: @name.")
def init(directory: Path, name: str | None, owner: str | None) -> None:
    """Create a new knowledge base in DIR.

    DIR may already exist, but existing files are never overwritten.
    """
    if owner is not None and not _OWNER.fullmatch(owner):
        fail(
            f"“{owner}” is not an account.", "Give an account (@name), a team (@organisation/team) or an email address."
        )
    if directory.exists() and not directory.is_dir():
        fail(f"{directory} is a file.", "Choose a folder.")
    title = (
        name or directory.absolute().name.replace("-", " ").replace("_", " ").strip().capitalize() or "Knowledge base"
    )
    contents = {
        _RENAMED.get(path, path): content for path, content in _starter(title, owner or _OWNER_PLACEHOLDER).items()
    }
    try:
        write_tree(directory, contents)
    except FileExistsError as error:
        fail(f"{error}; nothing was written.", "Choose a folder without these files.")
    except OSError as error:
        fail(f"{directory} cannot be written: {error.strerror}; no files were created.")
    count = sum(path.startswith(("notes/", "lines/")) for path in contents)
    click.echo(f"Created a knowledge base of {count} pages in {directory}.\n")
    click.echo(f"  cd {shlex.quote(str(directory))}\n  mkdocs serve       read it at http://127.0.0.1:8000\n")
    click.echo("Its notes and lines are examples: you may delete their files and add your own.")
    if owner is None:
        click.echo(
            f"Before you accept pull requests, replace {_OWNER_PLACEHOLDER} in .github/CODEOWNERS with your account."
        )


def _starter(title: str, owner: str) -> dict[str, bytes]:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    contents = {}
    for path in sorted(_STARTER.rglob("*")):
        if path.is_file() and path.suffix in {".md", ".yml", ""}:
            content = path.read_text(encoding="utf-8").replace("{{ name }}", quoted).replace("{{ owner }}", owner)
            contents[path.relative_to(_STARTER).as_posix()] = content.encode("utf-8")
    return contents
