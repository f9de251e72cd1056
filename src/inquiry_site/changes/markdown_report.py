"""Render changes as Markdown for the comment on a pull request: short, escaped, the most important first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from inquiry_site.changes.change import Change, Reached, count
from inquiry_site.changes.summary import summarise_changes
from inquiry_site.changes.terminal_report import WITH_WORDS, has_reworded_sentence
from inquiry_site.changes.word_diff import Presence, diff_words
from inquiry_site.diagnostics.terminal import escape_unsafe, shortened

MOST_CHARACTERS = 65_000
"""Maximum length: a comment on GitHub holds 65,536 characters."""
_OPEN_ROWS = 5
"""The number of changes that are not folded."""
_MOST_PLACES = 10
_LONGEST_TEXT = 700
_LONGEST_SENTENCE = 200
_RESERVED = 1_500
"""Characters for what follows the changes: what was cut, and where the whole is."""
_HEADING = "### Changes of the knowledge base"

# A mention, a reference and a URL are recognised in the finished page, so escaping the sign does not help.
_REFERENCE = re.compile(r"(?<=[@#!~%$&])(?=[\w\"/])|(?<=://)|(?<=\bwww)(?=\.)|(?<=\b[Gg][Hh])(?=-)", re.IGNORECASE)
_MARKUP = re.compile(r"[\\`*_~{}\[\]()<>|#$^=&\"']")
_ZERO_WIDTH_SPACE = "&#8203;"
_TAGS = {Presence.BOTH: ("", ""), Presence.REMOVED: ("<del>", "</del>"), Presence.ADDED: ("<ins>", "</ins>")}


def render_changes_markdown(changes: Sequence[Change], command: str, url: str = "") -> str:
    """Return a heading, a summary and the changes, of which the first five are open and the others folded.

    Args:
        changes: the changes, the most important first.
        command: the command that shows all changes.
        url: the address of the whole report; empty if there is none.
    """
    head = f"{_HEADING}\n\n**{escape_markdown(summarise_changes(changes), _LONGEST_TEXT * 2)}**\n\n"
    blocks, shown, left = [head], 0, MOST_CHARACTERS - _RESERVED - len(head)
    for index, change in enumerate(changes):
        row = _row(change)
        if index == _OPEN_ROWS:
            row = f"\n<details><summary>{count(len(changes) - index, 'more change')}</summary>\n\n{row}"
        if len(row) > left:
            break
        blocks.append(row)
        left -= len(row)
        shown += 1
    if shown > _OPEN_ROWS:
        blocks.append("\n</details>\n")
    return "".join([*blocks, *_footer(len(changes) - shown, command, url)])


def render_failure_markdown(message: str) -> str:
    """Return the comment that is written if the revisions could not be compared."""
    reason = escape_markdown(message, _LONGEST_TEXT)
    return f"{_HEADING}\n\n**Nothing was compared, because the comparison failed:** {reason}"


def escape_markdown(text: str, longest: int) -> str:
    """Return an author's text so that Markdown shows it as it is: no markup, HTML, mentions, references or links."""
    visible = escape_unsafe(shortened(" ".join(text.split()), longest))
    pieces = [_MARKUP.sub(lambda match: f"&#{ord(match[0])};", piece) for piece in _REFERENCE.split(visible)]
    return _ZERO_WIDTH_SPACE.join(pieces)


def _footer(cut: int, command: str, url: str) -> Iterator[str]:
    link = f'<a href="{html.escape(shortened(url, 500))}">the whole report</a>' if url else ""
    if cut:
        where = f"See {link}." if link else f"Run <code>{escape_markdown(command, 300)}</code> to see all."
        yield f"\n**{count(cut, 'more change')}, the less important ones, are not shown here.** {where}\n"
    elif link:
        yield f"\nSee also {link}.\n"


def _row(change: Change) -> str:
    path = f"<code>{escape_markdown(change.path, _LONGEST_SENTENCE)}</code>"
    lines = [f"- **{change.importance.value}** {path}: {escape_markdown(change.message, _LONGEST_TEXT)}"]
    if has_reworded_sentence(change) or change.kind in WITH_WORDS:
        lines.append(f"  <br>{_marked_words(change)}")
    lines += _places(change)
    return "\n".join(lines) + "\n"


def _marked_words(change: Change) -> str:
    pieces = diff_words(change.before or "", change.after or "")
    return "".join(_TAGS[piece.presence][0] + _keep_spaces(piece.text) + _TAGS[piece.presence][1] for piece in pieces)


def _keep_spaces(text: str) -> str:
    """Escape a piece of a text, of which escaping alone would drop the spaces at its ends."""
    start, end = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{start}{escape_markdown(text, _LONGEST_TEXT)}{end}" if text.strip() else " "


def _places(change: Change) -> Iterator[str]:
    if change.reaches:
        yield f"  <details><summary>{count(len(change.reaches), 'place')} that it reaches</summary>\n"
        for reached in change.reaches[:_MOST_PLACES]:
            yield f"  - {_place(reached)}"
        if len(change.reaches) > _MOST_PLACES:
            yield f"  - … and {count(len(change.reaches) - _MOST_PLACES, 'more place')}"
        yield "  </details>"


def _place(reached: Reached) -> str:
    sentence = f": {escape_markdown(reached.sentence, _LONGEST_SENTENCE)}" if reached.sentence else ""
    return f"<code>{escape_markdown(reached.path, _LONGEST_SENTENCE)}</code>{reached.through}{sentence}"
