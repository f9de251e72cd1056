"""Implement ``inquiry check``, which reports all problems of a knowledge base in one run, and ``inquiry rule``."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from inquiry_site import __version__
from inquiry_site.adapters.cli.check_scope import CheckScope
from inquiry_site.adapters.cli.common import find_root, root_option
from inquiry_site.adapters.cli.output import FINDINGS, fail, write_stdout
from inquiry_site.adapters.cli.progress import Progress
from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.adapters.web.link_check import find_dead_links
from inquiry_site.build import CheckResult, check
from inquiry_site.config import Config, ConfigError
from inquiry_site.diagnostics import Diagnostic, Severity
from inquiry_site.diagnostics.edits import apply_edits, compatible_edits
from inquiry_site.diagnostics.github import render_github
from inquiry_site.diagnostics.gitlab import render_gitlab
from inquiry_site.diagnostics.json import render_json
from inquiry_site.diagnostics.sarif import DescribedRule, render_sarif
from inquiry_site.diagnostics.text import counted, render_text, summarise
from inquiry_site.files import read_tree, replace_file
from inquiry_site.parsing.parallel import parse_in_processes
from inquiry_site.rules import RULES
from inquiry_site.rules.severity import find_rules, select_rules

_MOST_ROUNDS = 10
"""Maximum rounds of fixing, since a fix may reveal another problem. More would indicate a bug."""


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, metavar="RULE", help="Report only this rule or family. May be repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Do not report this rule or family. May be repeated.")
@click.option("--fix", is_flag=True, help="Apply every fix that is certain, then report the remaining findings.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "gitlab", "sarif"]),
    default="text",
    show_default=True,
    help="Format of the findings.",
)
@click.option("--all", "show_all", is_flag=True, help="In text, show every finding in a file.")
@click.option("--links", is_flag=True, help="Also check that web addresses can be reached.")
@root_option
def check_files(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fix: bool,
    form: str,
    show_all: bool,
    links: bool,
    root: Path | None,
) -> None:
    """Check the knowledge base.

    Drafts and the citations of hand-written pages are checked too. With PATHS, only findings in these files and folders
    are reported. All files are read in either case, because a citation in one file refers to others.

    Exit status: 0 no errors and no warnings; 1 at least one; 2 the command could not run.
    """
    folder = find_root(root if root or not paths else _folder_of(paths))
    config, scope = read_config(folder), CheckScope(folder, paths)
    try:
        codes = select_rules(RULES, _split_names(select), _split_names(ignore))
        result = _run(folder, config)
        if fix:
            result = _apply_fixes(scope, config, result, codes)
    except ConfigError as error:
        fail("\n       ".join(error.problems), "“inquiry rule” lists all rules.")
    diagnostics = [diagnostic for diagnostic in result.diagnostics if diagnostic.code in codes]
    if links:
        diagnostics += [d for d in find_dead_links(result, folder / ".cache" / "inquiry") if d.code in codes]
    scope.refuse_unread(result)
    diagnostics = scope.within(diagnostics)
    _report(diagnostics, result, scope, form, None if show_all else config.limits.findings)
    sys.exit(FINDINGS if any(d.severity is not Severity.INFO for d in diagnostics) else 0)


def _split_names(values: Sequence[str]) -> list[str]:
    """Return the rules named by the values of an option, each of which may list several separated by commas."""
    return [name.strip() for names in values for name in names.split(",") if name.strip()]


def _folder_of(paths: tuple[Path, ...]) -> Path | None:
    """Return the knowledge base that contains the first path, or None to search from the current folder."""
    first = paths[0].absolute()
    for folder in (first, *first.parents):
        if (folder / "notes").is_dir() or (folder / "lines").is_dir():
            return folder
    return None


def _run(folder: Path, config: Config) -> CheckResult:
    # Everything that is read is kept until the end, so garbage collection would find nothing.
    gc.disable()
    try:
        with Progress() as report:
            files = read_tree(folder, config.docs_dir, config.limits.file_size, config.is_excluded)
            return check(files, config, report, parse_in_processes, with_drafts=True)
    finally:
        gc.enable()


def _apply_fixes(scope: CheckScope, config: Config, result: CheckResult, codes: frozenset[str]) -> CheckResult:
    """Apply the edits of findings until none are left, and return the result of the last check."""
    total, folder = 0, scope.folder
    for _ in range(_MOST_ROUNDS):
        fixable = [d for d in result.diagnostics if d.edits and d.code in codes]
        by_path: dict[str, list[Diagnostic]] = {}
        for diagnostic in scope.within(fixable):
            by_path.setdefault(diagnostic.span.path, []).append(diagnostic)
        fixed = 0
        for path, diagnostics in by_path.items():
            try:
                before = (folder / path).read_bytes()
                edits, count = compatible_edits(diagnostic.edits for diagnostic in diagnostics)
                after = apply_edits(before, edits)
                if after != before:
                    replace_file(folder / path, after)
                    fixed += count
            except (OSError, UnicodeDecodeError) as error:
                click.echo(f"{path} cannot be fixed: {error}", err=True)
        if not fixed:
            break
        total += fixed
        result = _run(folder, config)
    click.echo(f"{counted(total, 'finding')} fixed.", err=True)
    return result


def _report(diagnostics: list[Diagnostic], result: CheckResult, scope: CheckScope, form: str, most: int | None) -> None:
    prefix = _prefix(scope.folder)
    shown = [replace(d, span=replace(d.span, path=prefix + d.span.path)) for d in diagnostics]
    if form == "json":
        write_stdout(render_json(shown) + "\n")
    elif form == "github":
        write_stdout(render_github(shown) + "\n" if shown else "")
    elif form == "gitlab":
        write_stdout(render_gitlab(shown) + "\n")
    elif form == "sarif":
        rules = [DescribedRule(r.code, r.severity, r.summary, r.documentation) for r in RULES]
        write_stdout(render_sarif(shown, rules, __version__) + "\n")
    elif shown:
        write_stdout(
            render_text(shown, {prefix + path: text for path, text in result.parsed.texts.items()}, most) + "\n\n"
        )
        write_stdout(f"{summarise(shown)}. “inquiry rule CODE” explains a rule.\n")
    else:
        write_stdout(f"{scope.count_files(result.parsed)}: no findings.\n")


def _prefix(folder: Path) -> str:
    """Return the prefix that makes paths relative to the current folder, as editors and annotations expect."""
    try:
        relative = Path(os.path.relpath(folder.resolve(), Path.cwd())).as_posix()
    except ValueError:
        return f"{folder.as_posix()}/"
    return "" if relative == "." else f"{relative}/"


@click.command("rule")
@click.argument("code", required=False)
def explain_rule(code: str | None) -> None:
    """Explain a rule or a family of rules, or list all rules.

    The part of a rule's CODE after the slash is enough if no other rule has it.
    """
    if code is None:
        write_stdout("".join(f"{rule.severity.value:8} {rule.code:32} {rule.summary}\n" for rule in RULES))
        return
    try:
        codes = find_rules(RULES, code)
    except ConfigError as error:
        fail(error.problems[0], "“inquiry rule” lists all rules.")
    for rule in RULES:
        if rule.code in codes:
            severity = f"{rule.severity.value}{', cannot be changed' if rule.fixed else ''}"
            write_stdout(f"{rule.code} ({severity})\n\n{rule.documentation}\n\n{rule.why}\n\n")
