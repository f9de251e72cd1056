"""Write the text of a new note or line: its frontmatter with what is known, and comments on what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from inquiry_site.authoring.yaml_text import write_list, write_text
from inquiry_site.model import Reference

UNKNOWN_SOURCE = Reference(title="", authors=(), year=0)
"""A source of which nothing is known yet."""

_LINE_BODY = (
    "<!-- Answer the question in prose. A sentence that rests on a note cites it: [[note-id]].\n"
    "     Without text, the line is an open question. -->\n"
)
_NOTE_BODY = "<!-- What was measured, against what, and what would change the reading. -->\n"


def new_line(question: str, day: dt.date) -> str:
    """Return the text of a new line."""
    return (
        f"---\ntitle: {write_text(question)}\n"
        "description:  # what the line examines\n"
        "# answer:  # the short answer, once there is one; at most 600 characters\n"
        "# verdict:  # answered, partly, contested or open\n"
        f"date: {day}\n"
        f"# reviewed: {day}  # the day on which the text was last read against its notes\n"
        "tags: []\n"
        "next: []  # ids of the lines to read next\n"
        f"---\n{_LINE_BODY}"
    )


def new_note(question: str, day: dt.date, source: Reference = UNKNOWN_SOURCE) -> str:
    """Return the text of a new note.

    Args:
        question: the title.
        day: today.
        source: what is known of the source; fields without a value are left to the author.
    """
    fields = "".join(f"    {line}\n" for line in _source_lines(source, day))
    return (
        f"---\ntitle: {write_text(question)}\n"
        "description:  # the claim: what the evidence shows, in at most 600 characters\n"
        f"date: {day}\n"
        "tags: []\n"
        f"sources:\n  - {fields.lstrip()}"
        "scope:\n"
        "  holds: []  # where the claim holds\n"
        "  not_shown: []  # where it has not been shown to hold\n"
        "# relations:\n"
        "#   - {type: contradicts, to: other-note, because: The reason in a sentence.}\n"
        f"---\n{_NOTE_BODY}"
    )


def _source_lines(source: Reference, day: dt.date) -> Iterator[str]:
    yield f"title: {write_text(source.title)}" if source.title else "title:  # of the publication"
    names = 'authors: []  # Given Family, or "Family, Given"'
    yield f"authors: {write_list(source.authors)}" if source.authors else names
    yield f"year: {source.year}" if source.year else "year:"
    identifiers = [key for key in ("doi", "arxiv", "isbn", "url") if getattr(source, key)]
    yield from (f"{key}: {write_text(getattr(source, key))}" for key in identifiers)
    if not identifiers:
        yield 'doi:  # or arxiv: "2510.07364", isbn or url'
    yield f"venue: {write_text(source.venue)}" if source.venue else "venue:  # the journal or conference, if any"
    if source.type != "paper":
        yield f"type: {source.type}"
    if source.retracted:
        yield f"retracted: {'true' if source.retracted == 'yes' else source.retracted}"
    yield f"# checked: {{on: {day}, as: abstract}}  # when you have read it, and how far: abstract or text"
    yield "quotes:"
    yield "  - text:  # a verbatim passage"
    yield "    locator:  # where it is: abstract, §4.2, p. 7, Table 3"
