"""Implement ``inquiry rename``, which changes the id of a note or a line in all files that name it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import click

from inquiry_site.adapters.cli.common import find_root, root_option
from inquiry_site.adapters.cli.output import COULD_NOT_RUN, FINDINGS, fail, write_stdout
from inquiry_site.adapters.cli.progress import Progress
from inquiry_site.adapters.cli.site_config import CONFIG_FILES, read_config
from inquiry_site.authoring.renaming import RenameError, Renaming, plan_renaming
from inquiry_site.diagnostics.terminal import escape_unsafe, printable_line
from inquiry_site.diagnostics.text import LONGEST_LINE, counted
from inquiry_site.files import FileChangedError, contains_link, read_tree, replace_files
from inquiry_site.parsing.parallel import parse_in_processes


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--dry-run", is_flag=True, help="Show the changes as a diff; write nothing.")
@root_option
def rename(old: str, new: str, dry_run: bool, root: Path | None) -> None:
    """Change the id OLD of a note or a line to NEW.

    The file is renamed, and everything that names the id is changed: citations in notes, lines, topics and hand-written
    pages, next lines, relations. OLD becomes an alias, so that its address still works. Either all files are changed
    or none; code, comments and equal words stay as they are.

    OLD is a file name without ".md"; the path of the file also works.

    Exit status: 0 success; 1 unknown id; 2 the id cannot be changed.
    """
    folder = find_root(root)
    plan = _plan(folder, old.rpartition("/")[2].removesuffix(".md"), new)
    if dry_run:
        write_stdout("".join(_diff(plan)))
    else:
        _apply(folder, plan)
        changed = f"{counted(plan.count, 'place')} changed"
        write_stdout(f"{plan.old_path} is now {plan.new_path}; {changed}, and the old address leads there.\n")
    for path in plan.unread:
        _warn(f"{path} has errors and may still name “{old}”.")
    for name in CONFIG_FILES:
        if (folder / name).is_file() and plan.old_path in (folder / name).read_text("utf-8", errors="replace"):
            _warn(f"{name} contains {plan.old_path}: change it there.")


def _plan(folder: Path, old: str, new: str) -> Renaming:
    config = read_config(folder)
    with Progress():
        files = read_tree(folder, config.docs_dir, config.limits.file_size, config.is_excluded)
        try:
            return plan_renaming(files, config, old, new, parse_in_processes)
        except RenameError as error:
            message, hint = (printable_line(text, LONGEST_LINE) for text in (str(error), error.hint))
            fail(message, hint, FINDINGS if error.is_unknown else COULD_NOT_RUN)


def _apply(folder: Path, plan: Renaming) -> None:
    for path in plan.contents:
        if contains_link(folder, path):
            fail(f"{printable_line(path, LONGEST_LINE)} is a link; nothing was changed.", "Rename its target by hand.")
    try:
        replace_files(folder, plan.contents, (plan.old_path, plan.new_path))
    except FileChangedError as error:
        fail(f"{error}; nothing was changed.", "Save all files and run the command again.")
    except FileExistsError:
        fail(f"{plan.new_path} exists; nothing was changed.", "Choose another id.")
    except OSError as error:
        fail(f"The files cannot be changed: {error.strerror or error}; all of them are as before.")


def _warn(message: str) -> None:
    click.echo(f"warning: {printable_line(message, LONGEST_LINE)}", err=True)


def _diff(plan: Renaming) -> Iterator[str]:
    """Yield the changes as a unified diff, without characters that terminals or CI runners parse as commands."""
    for path, (before, after) in sorted(plan.contents.items()):
        new_path = plan.new_path if path == plan.old_path else path
        if path != new_path:
            yield f"rename from {path}\nrename to {new_path}\n"
        old_lines, new_lines = (content.decode("utf-8-sig").splitlines() for content in (before, after))
        for line in difflib.unified_diff(old_lines, new_lines, f"a/{path}", f"b/{new_path}", lineterm=""):
            yield f"{escape_unsafe(line)}\n"
