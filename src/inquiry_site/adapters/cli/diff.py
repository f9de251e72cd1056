"""Implement ``inquiry diff``, which shows what changed between two revisions of a knowledge base."""

from __future__ import annotations

import gc
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from inquiry_site.adapters.cli.common import find_root, root_option
from inquiry_site.adapters.cli.diff_operands import Operands
from inquiry_site.adapters.cli.git_repository import ComparisonError
from inquiry_site.adapters.cli.output import COULD_NOT_RUN, FINDINGS, fail, write_stdout
from inquiry_site.adapters.cli.progress import Progress
from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.build import ProgressCallback, check
from inquiry_site.changes.change import Change, Importance
from inquiry_site.changes.comparison import compare
from inquiry_site.changes.json_report import render_changes_json, render_failure_json
from inquiry_site.changes.markdown_report import render_changes_markdown, render_failure_markdown
from inquiry_site.changes.revision import Revision
from inquiry_site.changes.terminal_report import render_changes_text, render_failure_text
from inquiry_site.config import Config, ConfigError
from inquiry_site.diagnostics.terminal import printable_line
from inquiry_site.diagnostics.text import LONGEST_LINE
from inquiry_site.file_content import FileContent
from inquiry_site.parsing.parallel import parse_in_processes
from inquiry_site.parsing.parser import ParseAll, parse_changed

_URL = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_FAILURES = {"text": render_failure_text, "markdown": render_failure_markdown, "json": render_failure_json}


@click.command("diff")
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Format of the changes; Markdown is for the comment on a pull request.",
)
@click.option("--full-url", default="", metavar="URL", help="In Markdown, the address of the whole report.")
@click.option("--ranking/--no-ranking", default=False, help="Also compare next lines, which takes longer.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if anything changed.")
@click.option(
    "--fail-on",
    type=click.Choice([importance.value for importance in Importance]),
    help="Exit with 1 if a change is at least this important.",
)
@root_option
def diff(
    base: str,
    head: str | None,
    form: str,
    full_url: str,
    ranking: bool,
    exit_code: bool,
    fail_on: str | None,
    root: Path | None,
) -> None:
    """Show what changed between two revisions of the knowledge base.

    BASE and HEAD are Git revisions or folders; without HEAD, BASE is compared with the working tree. BASE...HEAD
    compares with the commit at which HEAD left BASE, as a pull request does.

    Exit status: 0 compared; 1 compared, and there is a change that “--exit-code” or “--fail-on” asks for; 2 not
    compared.
    """
    with _reporting_failures(form):
        if full_url and not _URL.fullmatch(full_url):
            raise ComparisonError(f"“{full_url}” is not a web address.", "Give one that begins with “https://”.")
        changes = _compare(Operands(base, head, lambda: find_root(root)), ranking)
    command = shlex.join(["inquiry", "diff", base, *([head] if head else [])])
    if form == "json":
        write_stdout(render_changes_json(changes) + "\n")
    elif form == "markdown":
        write_stdout(render_changes_markdown(changes, command, full_url))
    else:
        write_stdout(render_changes_text(changes) + "\n")
    threshold = fail_on or (Importance.INFO.value if exit_code else None)
    fails = threshold and any(change.importance.rank <= Importance(threshold).rank for change in changes)
    sys.exit(FINDINGS if fails else 0)


@contextmanager
def _reporting_failures(form: str) -> Iterator[None]:
    """Report a failure on standard output too, so that a report without changes is never the result of one."""
    render = _FAILURES[form]
    try:
        yield
    except ComparisonError as error:
        write_stdout(render(error.message) + "\n")
        fail(printable_line(error.message, LONGEST_LINE), printable_line(error.hint, LONGEST_LINE))
    except ConfigError as error:
        write_stdout(render("; ".join(error.problems)) + "\n")
        fail("; ".join(error.problems))
    except SystemExit as ending:
        if ending.code == COULD_NOT_RUN:
            write_stdout(render("Standard error has the reason.") + "\n")
        raise


def _compare(operands: Operands, with_ranking: bool) -> tuple[Change, ...]:
    config = read_config(operands.settings_folder)
    # Everything that is read is kept until the end, so garbage collection would find nothing.
    gc.disable()
    try:
        with Progress() as report:
            old, new = (operands.read(operand, config) for operand in (operands.before, operands.after))
            before = _check(operands.before.name, old, config, report, parse_in_processes)
            # Most files are the same on both sides, and are parsed once.
            reuse = parse_changed(old, before.parsed.documents, parse_in_processes)
            after = _check(operands.after.name, new, config, report, reuse)
            report("Comparing", len(new))
            return compare(before, after, with_ranking)
    finally:
        gc.enable()


def _check(
    name: str, files: dict[str, FileContent], config: Config, report: ProgressCallback, parse: ParseAll
) -> Revision:
    result = check(files, config, report, parse, with_drafts=True)
    return Revision(name, files, result.parsed, result.knowledge, result.diagnostics)
