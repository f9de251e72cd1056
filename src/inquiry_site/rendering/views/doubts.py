"""Define and build the view of what a page rests on although it no longer holds."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_site.knowledge.standing import SOURCE, Doubt
from inquiry_site.model import AnyDocument
from inquiry_site.rendering.views.builder import LinkView, SentenceView, ViewBuilder


@dataclass(frozen=True, slots=True)
class DoubtView:
    """What a page rests on although it no longer holds: a note that fell (``state``), or one whose ``source`` did."""

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
    return tuple(_view(document, doubt, builder) for doubt in builder.knowledge.standing.of_page.get(document.id, ()))


def _view(document: AnyDocument, doubt: Doubt, builder: ViewBuilder) -> DoubtView:
    documents, path = builder.knowledge.graph.documents, doubt.path
    fall = builder.knowledge.standing.fallen[path.root]
    pages = [builder.document(documents[node]) for node in path.steps if not node.startswith(SOURCE)]
    source = None
    if path.root.startswith(SOURCE):
        key = path.root.removeprefix(SOURCE)
        title = builder.knowledge.bibliography.sources[key].reference.title
        source = LinkView(title, builder.href(builder.urls.source(key).url))
    return DoubtView(
        state=fall.state,
        day=fall.day,
        note=pages[-1] if pages else None,
        source=source,
        newer=tuple(builder.document(documents[newer]) for newer in fall.newer),
        through=tuple(pages[:-1]),
        is_shortened=path.is_shortened,
        sentences=builder.sentences(document, doubt.passages, path.target, builder.numbers(document.id)),
        reason=doubt.reason,
    )
