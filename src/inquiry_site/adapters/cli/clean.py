"""Implement ``inquiry clean``, which deletes the build cache."""

from __future__ import annotations

from pathlib import Path

import click

from inquiry_site.adapters.cli.common import find_root, root_option
from inquiry_site.adapters.cli.output import fail
from inquiry_site.files import CACHE_FOLDER
from inquiry_site.publishing.cache import BuildCache


@click.command()
@root_option
def clean(root: Path | None) -> None:
    """Delete what builds have left for the next one.

    The next build makes everything anew. The site and the files that you wrote are not touched.
    """
    folder = find_root(root)
    try:
        existed = BuildCache(folder).clear()
    except OSError as error:
        fail(f"{folder / CACHE_FOLDER} cannot be deleted: {error.strerror or error}.")
    click.echo(f"{CACHE_FOLDER} is deleted." if existed else f"There is no {CACHE_FOLDER}: nothing to delete.")
