"""Implement ``inquiry init``, which creates a new knowledge base that builds without further changes."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from inquiry_site.adapters.cli.host import checked_owner, owner_option, remind_of_owner
from inquiry_site.adapters.cli.host_files import HOSTS, host_files, owners_file
from inquiry_site.adapters.cli.output import fail
from inquiry_site.files import write_tree

_STARTER = Path(__file__).parents[1] / "starter"
_RENAMED = {"gitignore": ".gitignore"}
"""Files that are renamed when they are written, because build tools omit hidden files from packages."""


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", help="Name of the site. Default: derived from the folder's name.")
@owner_option
@click.option(
    "--host",
    type=click.Choice(HOSTS),
    default="github",
    show_default=True,
    help="Code host whose workflows, forms and templates are written.",
)
def init(directory: Path, name: str | None, owner: str | None, host: str) -> None:
    """Create a new knowledge base in DIR.

    DIR may already exist, but existing files are never overwritten. “inquiry host” adds the files for another host.
    """
    account = checked_owner(owner)
    if directory.exists() and not directory.is_dir():
        fail(f"{directory} is a file.", "Choose a folder.")
    title = (
        name or directory.absolute().name.replace("-", " ").replace("_", " ").strip().capitalize() or "Knowledge base"
    )
    starter, for_host = _starter(title), host_files(host, account)
    kept = [path for path in for_host if os.path.lexists(directory / path)]
    contents = starter | {path: content for path, content in for_host.items() if path not in kept}
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
    for path in kept:
        click.echo(f"{path} already existed and was kept.")
    if owner is None and owners_file(host) not in kept:
        remind_of_owner(host)


def _starter(title: str) -> dict[str, bytes]:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    contents = {}
    for path in sorted(_STARTER.rglob("*")):
        if path.is_file() and path.suffix in {".md", ".yml", ""}:
            name = path.relative_to(_STARTER).as_posix()
            content = path.read_text(encoding="utf-8").replace("{{ name }}", quoted)
            contents[_RENAMED.get(name, name)] = content.encode("utf-8")
    return contents
