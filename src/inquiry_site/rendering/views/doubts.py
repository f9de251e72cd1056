"""Define and build the view of what a page rests on although it no longer holds."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.diagnostics.terminal import shortened
from inquiry_site.knowledge.standing import SOURCE, Doubt
from inquiry_site.model import AnyDocument, TopicFile
from inquiry_site.rendering.body.doubt_marks import anchor_of_doubt
from inquiry_site.rendering.views.builder import LinkView, SentenceView, ViewBuilder

_LONGEST_REASON = 1000
"""Maximum characters of a reason on the page; the file has the whole text."""


@dataclass(frozen=True, slots=True)
class DoubtView:
    """What a page rests on although it no longer holds: a note that fell (``state``), or one whose ``source`` did."""

    anchor: str
    """The id of its notice, to which the marks in the text lead."""
    state: str
    """``superseded`` or ``retracted``."""
    day: str
    """The date of the retraction; empty if it is unknown."""
    note: LinkView | None
    """The note that fell, or whose source was retracted; None if it is the page itself."""
    source: LinkView | None
    """The retracted source; None if the note itself fell."""
    newer: tuple[LinkView, ...]
    """The notes that supersede the note."""
    through: tuple[LinkView, ...]
    """The pages by way of which the page rests on the note, the cited one first."""
    is_shortened: bool
    """Whether some of these are left out before the last."""
    sentences: tuple[SentenceView, ...]
    """The page's sentences that rest on it."""
    reason: str
    """The author's reason for relying on it all the same; empty if there is none."""


def doubt_views(document: AnyDocument, builder: ViewBuilder) -> tuple[DoubtView, ...]:
    """Build the views of everything that a page rests on although it no longer holds, the nearest first."""
    doubts = builder.knowledge.standing.of_page.get(document.id, ())
    numbers = builder.numbers(document.id) if doubts else {}
    return tuple(
        _view(number, doubt, builder.sentences(document, doubt.passages, doubt.path.target, numbers), builder)
        for number, doubt in enumerate(doubts)
    )


def introduction_doubt_views(topic: TopicFile, builder: ViewBuilder) -> tuple[DoubtView, ...]:
    """Build the same views for the introduction to a topic, without sentences: the text has marks."""
    doubts = builder.knowledge.standing.of_topic.get(topic.path, ())
    return tuple(_view(number, doubt, (), builder) for number, doubt in enumerate(doubts))


def _view(number: int, doubt: Doubt, sentences: tuple[SentenceView, ...], builder: ViewBuilder) -> DoubtView:
    documents, path = builder.knowledge.graph.documents, doubt.path
    fall = builder.knowledge.standing.fallen[path.root]
    pages = [builder.document(documents[node]) for node in path.steps if not node.startswith(SOURCE)]
    source = None
    if path.root.startswith(SOURCE):
        key = path.root.removeprefix(SOURCE)
        title = builder.knowledge.bibliography.sources[key].reference.title
        source = LinkView(title, builder.href(builder.urls.source(key).url))
    return DoubtView(
        anchor=anchor_of_doubt(number),
        state=fall.state,
        day=fall.day,
        note=pages[-1] if pages else None,
        source=source,
        newer=tuple(builder.document(documents[newer]) for newer in fall.newer),
        through=tuple(pages[:-1]),
        is_shortened=path.is_shortened,
        sentences=sentences,
        reason=shortened(doubt.reason, _LONGEST_REASON),
    )
