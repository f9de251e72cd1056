"""What several commands do first: find the knowledge base, and build it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from inquiry_site.adapters.cli.output import FINDINGS, fail
from inquiry_site.adapters.cli.progress import Progress
from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.build import Build, CheckResult, build, check
from inquiry_site.config import ConfigError
from inquiry_site.diagnostics.terminal import printable_line
from inquiry_site.diagnostics.text import LONGEST_LINE, render_text, summarise
from inquiry_site.files import DOCUMENT_FOLDERS, read_tree
from inquiry_site.parsing.parallel import parse_in_processes

root_option = click.option(
    "--root",
    "-C",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that contains notes/ or lines/. Default: the current folder, or its nearest parent that does.",
)


def find_root(given: Path | None) -> Path:
    """Return the folder of the knowledge base; end the command if there is none.

    Args:
        given: the folder that the user named; None to search the current folder and those above it.
    """
    start = (given or Path.cwd()).absolute()
    for folder in (start,) if given else (start, *start.parents):
        if any((folder / name).is_dir() for name in DOCUMENT_FOLDERS):
            return folder
    return fail(
        f"There is no knowledge base in {start}: it has neither notes/ nor lines/.",
        "Change to one, select one with --root, or create one with “inquiry init DIR”.",
    )


def build_root(root: Path) -> Build:
    """Build the knowledge base in a folder; end the command if its files have errors."""
    config = read_config(root)
    try:
        with Progress() as report:
            files = read_tree(root, config.docs_dir, config.limits.file_size, config.is_excluded)
            result = build(files, config, report)
    except ConfigError as error:
        fail(str(error))
    if result.errors:
        click.echo(render_text(result.errors, result.texts, config.limits.findings) + "\n", err=True)
        click.echo(summarise(result.errors), err=True)
        sys.exit(FINDINGS)
    return result


def check_root(root: Path) -> CheckResult:
    """Check the knowledge base in a folder, and report which files its knowledge does not include."""
    config = read_config(root)
    try:
        with Progress() as report:
            files = read_tree(root, config.docs_dir, config.limits.file_size, config.is_excluded)
            result = check(files, config, report, parse_in_processes)
    except ConfigError as error:
        fail(str(error))
    faulty = [entry.path for entry in result.parsed.documents if entry.document is None]
    if faulty:
        more = f" and {len(faulty) - 1} more" if len(faulty) > 1 else ""
        name = printable_line(faulty[0], LONGEST_LINE)
        click.echo(f"Left out because of errors, which “inquiry check” explains: {name}{more}.", err=True)
    return result
