"""Implement ``inquiry new``, which writes the file of a new note or line."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from inquiry_site.adapters.cli.common import find_root, root_option
from inquiry_site.adapters.cli.editor import is_interactive, open_editor
from inquiry_site.adapters.cli.new_source import GivenSource, source_of
from inquiry_site.adapters.cli.output import COULD_NOT_RUN, FINDINGS, fail, write_stdout
from inquiry_site.adapters.cli.progress import Progress
from inquiry_site.adapters.cli.site_config import check_date, read_config
from inquiry_site.authoring.id_suggestion import suggest_id
from inquiry_site.authoring.new_page import new_line, new_note
from inquiry_site.authoring.similar_questions import find_similar
from inquiry_site.diagnostics.terminal import printable_line
from inquiry_site.diagnostics.text import LONGEST_LINE
from inquiry_site.files import contains_link, read_tree, write_tree
from inquiry_site.graph import KnowledgeGraph, resolve_graph
from inquiry_site.model import QUESTION_MARKS, Kind, ParsedFiles
from inquiry_site.parsing.ids import is_id
from inquiry_site.parsing.parallel import parse_in_processes
from inquiry_site.parsing.parser import parse_files

_LONGEST_QUESTION = 300
"""Characters. A question is the title of a page and the text of links to it."""


@click.group()
def new() -> None:
    """Write the file of a new note or line, ready to be filled in."""


def _common_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        root_option,
        click.option("--no-edit", is_flag=True, help="Do not open the file in $VISUAL or $EDITOR."),
        click.option("--yes", is_flag=True, help="Write the file even if the question has been asked already."),
        click.option("--id", "identifier", help="Id of the page. Default: derived from the question."),
    ):
        command = option(command)
    return command


@new.command("note")
@click.argument("question")
@click.option("--doi", help="DOI of the source, whose record Crossref provides.")
@click.option("--arxiv", help="arXiv number of the source, whose record arXiv provides.")
@click.option("--bibtex", type=click.Path(path_type=Path), metavar="FILE", help="BibTeX file with the source.")
@click.option("--key", help="Key of the source in the BibTeX file. Default: its only entry.")
@_common_options
def note(
    question: str,
    doi: str | None,
    arxiv: str | None,
    bibtex: Path | None,
    key: str | None,
    identifier: str | None,
    yes: bool,
    no_edit: bool,
    root: Path | None,
) -> None:
    """Write notes/ID.md for the question QUESTION.

    Similar questions are shown first. If one of them is nearly the same, the file is written only with --yes or after
    you confirm. The file is opened in $VISUAL or $EDITOR; “inquiry check” lists what is missing in it.

    Exit status: 0 success; 1 the question has been asked already; 2 the file cannot be written.
    """
    folder, question, chosen = _prepare(Kind.NOTE, question, identifier, root, is_confirmed=yes)
    source = source_of(doi, arxiv, bibtex, key)
    _write(folder, Kind.NOTE, chosen, new_note(question, check_date(), source.record))
    _report(folder, Kind.NOTE, chosen, source, is_opened=not no_edit)


@new.command("line")
@click.argument("question")
@_common_options
def line(question: str, identifier: str | None, yes: bool, no_edit: bool, root: Path | None) -> None:
    """Write lines/ID.md for the question QUESTION.

    Similar questions are shown first. If one of them is nearly the same, the file is written only with --yes or after
    you confirm. The file is opened in $VISUAL or $EDITOR; “inquiry check” lists what is missing in it.

    Exit status: 0 success; 1 the question has been asked already; 2 the file cannot be written.
    """
    folder, question, chosen = _prepare(Kind.LINE, question, identifier, root, is_confirmed=yes)
    _write(folder, Kind.LINE, chosen, new_line(question, check_date()))
    _report(folder, Kind.LINE, chosen, GivenSource(), is_opened=not no_edit)


def _prepare(
    kind: Kind, question: str, identifier: str | None, root: Path | None, *, is_confirmed: bool
) -> tuple[Path, str, str]:
    """Return the folder, the question and the id of a new page; end the command if it must not be written."""
    folder, question = find_root(root), _valid_question(question)
    config = read_config(folder)
    with Progress():
        files = read_tree(folder, config.docs_dir, config.limits.file_size, config.is_excluded)
        parsed = parse_files(files, parse_in_processes, config.limits, config.docs_dir)
        graph = resolve_graph(parsed, replace(config, drafts=True))
    chosen = _choose_id(question, identifier, parsed)
    _show_similar(graph, question, kind, is_confirmed=is_confirmed)
    return folder, question, chosen


def _valid_question(question: str) -> str:
    """Return a question on one line; end the command if it is none."""
    shown = printable_line(question[: _LONGEST_QUESTION + 1], 80)
    question = " ".join(question.split())
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in question):
        fail(f"The question contains control characters: “{shown}”.")
    if len(question) > _LONGEST_QUESTION:
        fail(
            f"The question has {len(question)} characters; it must have at most {_LONGEST_QUESTION}.",
            "Ask it in one sentence; what it covers belongs in the description.",
        )
    if not question.endswith(QUESTION_MARKS):
        fail(f"“{shown}” does not end in a question mark.", "Write the question in quotation marks: “Does it hold?”.")
    return question


def _choose_id(question: str, given: str | None, parsed: ParsedFiles) -> str:
    """Return the id that was given, or one that is derived from the question; end the command if there is none."""
    holders = {entry.id: entry.path for entry in parsed.documents}
    aliases = {alias: e.path for e in parsed.documents if e.document for alias in e.document.aliases}
    if given is None:
        suggested = suggest_id(question, {**aliases, **holders})
        return suggested or fail("No id can be derived from this question.", "Choose one with --id.")
    given = unicodedata.normalize("NFC", given)
    suggested, shown = suggest_id(given, {**aliases, **holders}), printable_line(given, 80)
    if not is_id(given):
        hint = "An id consists of lower-case letters, digits and hyphens."
        fail(f"“{shown}” is not an id.", f"{hint} Did you mean {suggested}?" if suggested else hint)
    if given in holders:
        fail(f"{holders[given]} has the id “{shown}”.", f"{suggested} is free.")
    if given in aliases:
        fail(f"“{shown}” is an alias of {aliases[given]}.", f"{suggested} is free.")
    return given


def _show_similar(graph: KnowledgeGraph, question: str, kind: Kind, *, is_confirmed: bool) -> None:
    """Show similar questions; end the command if one of them is nearly the same and the author does not go on."""
    similar = find_similar(graph, question, kind)
    if similar.nearest:
        click.echo("Similar questions:", err=True)
    for document in similar.nearest:
        title = printable_line(document.title, LONGEST_LINE)
        click.echo(f"  {title}\n    {printable_line(document.path, LONGEST_LINE)}", err=True)
    if similar.repeated is None or is_confirmed:
        return
    message = f"{similar.repeated.path} asks nearly the same question."
    if not is_interactive():
        fail(message, "Add to that file, ask more precisely, or use --yes.", FINDINGS)
    click.echo(message, err=True)
    if not click.confirm("Write a new file all the same?", err=True):
        fail("Nothing was written.", status=FINDINGS)


def _write(folder: Path, kind: Kind, identifier: str, text: str) -> None:
    path = f"{kind.value}/{identifier}.md"
    if contains_link(folder, kind.value):
        fail(f"{folder / kind.value} is a link; nothing was written.")
    try:
        write_tree(folder, {path: text.encode("utf-8")})
    except FileExistsError as error:
        fail(f"{error}; nothing was written.", "Choose another id with --id.")
    except OSError as error:
        fail(f"{folder / path} cannot be written: {error.strerror or error}.", status=COULD_NOT_RUN)


def _report(folder: Path, kind: Kind, identifier: str, source: GivenSource, *, is_opened: bool) -> None:
    path = folder / kind.value / f"{identifier}.md"
    for problem in source.problems:
        click.echo(printable_line(problem, LONGEST_LINE), err=True)
    write_stdout(f"Created {kind.value}/{identifier}.md. “inquiry check” lists what is missing in it.\n")
    if is_opened and is_interactive():
        open_editor(path)
