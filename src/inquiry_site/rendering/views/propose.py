"""Define and build what readers need to propose a change: the links on each page, and the page with the form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from inquiry_site.code_host import LONGEST_URL
from inquiry_site.editorial_standard import EditorialStandard
from inquiry_site.model import AnyDocument, InquiringLine
from inquiry_site.rendering.views.builder import ViewBuilder

PROPOSE = "propose"
"""The name of the page with the form."""

_NEW_NOTE = """\
---
title:
description:
sources:
  - title:
    authors: []
    year:
    doi:
---
"""
_NEW_PATH = "notes/new-note.md"
_MOST_OPEN = 500
_MOST_TOPICS = 1000


@dataclass(frozen=True, slots=True)
class OfferView:
    """A way to contribute; ``kind`` is ``note``, ``edit``, ``answer`` or ``problem``."""

    kind: str
    href: str
    """Works without scripts: the editor or the issues of the code host, or the form if the site names no host."""
    form: str
    """The form."""


@dataclass(frozen=True, slots=True)
class OpenQuestionView:
    """An open question that the form can answer; ``record`` contains the keys of its file as JSON."""

    id: str
    title: str
    path: str
    record: str


@dataclass(frozen=True, slots=True)
class ProposeView:
    """What the form needs; the URLs contain placeholders for a script, and are empty if the site names no code host."""

    host: str
    """The name of the code host."""
    new_file: str
    edit_file: str
    new_issue: str
    fork_form: str
    """The form that creates a fork, if the editor opens only for those who can write."""
    fork: str
    new_pull_request: str
    repository: str
    branch: str
    folder: str
    """The folder of the knowledge base in the repository, with a final slash unless it is the root."""
    longest_url: int
    plain: str
    """The host's editor with a new note, for browsers without scripts."""
    questions: str
    """A file with the questions of all notes, for sites without a search."""
    topics: tuple[str, ...]
    """The tags of the site."""
    open_questions: tuple[OpenQuestionView, ...]
    standard: EditorialStandard
    """What the maintainers require beyond the format."""


def propose_view(builder: ViewBuilder) -> ProposeView:
    """Build the view of the page with the form."""
    repository = builder.config.repository
    lines = sorted((line for line in builder.knowledge.graph.lines if line.is_open), key=lambda line: line.id)
    return ProposeView(
        host=repository.host if repository else "",
        new_file=repository.new_file if repository else "",
        edit_file=repository.edit_file if repository else "",
        new_issue=repository.new_issue if repository else "",
        fork_form=repository.fork_form if repository else "",
        fork=repository.fork if repository else "",
        new_pull_request=repository.new_pull_request if repository else "",
        repository=repository.url if repository else "",
        branch=repository.branch if repository else "",
        folder=f"{repository.folder}/" if repository and repository.folder else "",
        longest_url=LONGEST_URL,
        plain=repository.editor_with(_NEW_PATH, _NEW_NOTE) if repository else "",
        questions=builder.href("map/notes.json"),
        topics=tuple(sorted(builder.knowledge.topics.by_slug))[:_MOST_TOPICS],
        open_questions=tuple(OpenQuestionView(o.id, o.title, o.path, _record(o)) for o in lines[:_MOST_OPEN]),
        standard=builder.config.editorial,
    )


def document_offers(document: AnyDocument, builder: ViewBuilder) -> tuple[OfferView, ...]:
    """Return the ways to contribute to a note or line."""
    repository = builder.config.repository
    about = {"id": document.id, "file": document.path}
    offers = []
    if isinstance(document, InquiringLine) and document.is_open:
        form = _form("answer", builder, {"id": document.id})
        offers.append(OfferView("answer", repository.existing_file(document.path) if repository else form, form))
    if repository:
        editor, issues = repository.existing_file(document.path), repository.issue_about(document.id)
        offers.append(OfferView("edit", editor, _form("edit", builder, about)))
        offers.append(OfferView("problem", issues, _form("problem", builder, about)))
    return tuple(offers)


def problem_offers(name: str, builder: ViewBuilder) -> tuple[OfferView, ...]:
    """Return the ways to report a problem with a page that has no file of its own."""
    repository = builder.config.repository
    if not repository:
        return ()
    return (OfferView("problem", repository.issue_about(name), _form("problem", builder, {"id": name})),)


def note_offers(builder: ViewBuilder, topic: str = "") -> tuple[OfferView, ...]:
    """Return the way to add a note, which is about a topic if one is named."""
    repository = builder.config.repository
    form = _form("note", builder, {"tag": topic} if topic else {})
    return (OfferView("note", repository.editor_with(_NEW_PATH, _NEW_NOTE) if repository else form, form),)


def _form(kind: str, builder: ViewBuilder, values: dict[str, str]) -> str:
    return f"{builder.href(builder.urls.page(PROPOSE).url)}?{urlencode({'kind': kind, **values})}"


def _record(line: InquiringLine) -> str:
    """Return the keys of a line's file as JSON, without those that an answer changes."""
    keys = {
        "title": line.title,
        "description": line.description,
        "date": line.date and str(line.date),
        "tags": line.tags,
        "next": line.next,
        "aliases": line.aliases,
        "draft": line.draft,
    }
    return json.dumps({key: value for key, value in keys.items() if value}, ensure_ascii=False)
