"""Implement ``inquiry host``, which adds the files for a code host to a knowledge base."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from inquiry_site.adapters.cli.common import find_root, root_option
from inquiry_site.adapters.cli.host_files import HOSTS, OWNER_PLACEHOLDER, host_files, owners_file
from inquiry_site.adapters.cli.output import fail
from inquiry_site.files import contains_link, write_tree

_OWNER = re.compile(r"@[\w-]+(?:/[\w.-]+)*|[^\s@]+@[^\s@]+")

owner_option = click.option(
    "--owner", help="Account that reviews changes to settings and templates, for the file CODEOWNERS: @name."
)


def checked_owner(owner: str | None) -> str:
    """Return the account that an option names, or a placeholder; end the command if it is none."""
    if owner is not None and not _OWNER.fullmatch(owner):
        fail(
            f"“{owner}” is not an account.", "Give an account (@name), a team (@organisation/team) or an email address."
        )
    return owner or OWNER_PLACEHOLDER


def remind_of_owner(host: str) -> None:
    """Print where the account of the maintainer is missing."""
    click.echo(
        f"Before you accept pull requests, replace {OWNER_PLACEHOLDER} in {owners_file(host)} with your account."
    )


@click.command("host")
@click.argument("host", metavar="HOST", type=click.Choice(HOSTS))
@owner_option
@root_option
def add_host_files(host: str, owner: str | None, root: Path | None) -> None:
    """Add the files for a code host: github, gitlab or forgejo.

    These are workflows that check pull requests and publish the site, forms for issues, and a template for pull
    requests. Existing files are never overwritten.
    """
    folder, contents = find_root(root), host_files(host, checked_owner(owner))
    missing = {path: content for path, content in contents.items() if not os.path.lexists(folder / path)}
    for path in missing:
        if contains_link(folder, path):
            fail(f"{path} would be written through a symbolic link; nothing was written.", "Remove the link.")
    try:
        write_tree(folder, missing)
    except OSError as error:
        fail(f"{folder} cannot be written: {error.strerror or error}; no files were created.")
    for path in contents:
        click.echo(f"  {'written' if path in missing else 'exists '}  {path}")
    if owner is None and owners_file(host) in missing:
        click.echo()
        remind_of_owner(host)
