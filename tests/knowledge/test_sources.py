"""The Sources of a line, with which readers check its sentences."""

from __future__ import annotations

from inquiry_site import build
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note, scrambled

ORDER = [5, 2, 8, 1, 7, 3, 6, 4]


def test_each_cited_note_is_one_source_in_the_order_of_first_citation():
    built = build(scrambled(), WITHOUT_WIDE_RULES)
    assert built.diagnostics == ()
    view = built.context(next(page for page in built.pages if page.path == "lines/scrambled.md")).values["line"]
    assert [entry.note.title for entry in view.sources] == [f"Is claim {n} true?" for n in ORDER]
    assert [entry.number for entry in view.sources] == list(range(1, 9))
    for entry, n in zip(view.sources, ORDER, strict=True):
        assert entry.note.claim == f"Claim {n} is true of set {n}."
        assert [reference.title for reference in entry.note.references] == [f"Paper {n}"]
        words = ["".join(word.text if not word.number else "" for word in s.words) for s in entry.sentences]
        assert words == [f"Sentence {n} rests on it .", f"Again {n} bears it out ."]


def test_each_sentence_links_to_its_citation_in_the_text():
    built = build(scrambled())
    page = next(page for page in built.pages if page.path == "lines/scrambled.md")
    html = built.html(page)
    for entry in built.context(page).values["line"].sources:
        for sentence in entry.sentences:
            assert f'id="{sentence.href.removeprefix("#")}"' in html


def test_a_sentence_that_cites_a_note_twice_counts_once():
    files = {"notes/a.md": note(), "lines/l.md": line(body="It holds [[a]], and holds again [[a|twice]].")}
    (entry,) = build(files).knowledge.sources["l"]
    assert len(entry.passages) == 1


def test_a_cited_line_is_not_a_source():
    files = {"notes/a.md": note(), "lines/k.md": line("Where from?"), "lines/l.md": line(body="See [[k]] and [[a]].")}
    built = build(files)
    assert [entry.note for entry in built.knowledge.sources["l"]] == ["a"]
    assert [backlink.source for backlink in built.knowledge.backlinks["k"]] == ["l"]


def test_cited_by_lists_lines_before_notes_with_their_sentences():
    files = {
        "notes/a.md": note(),
        "notes/b.md": note("And this?", "Beside it stands [[a]]."),
        "lines/z.md": line(body="First this [[a]]. Then that."),
    }
    built = build(files)
    view = built.context(next(page for page in built.pages if page.path == "notes/a.md")).values["note"]
    assert [(page.kind, page.title) for page in view.cited_by] == [
        ("line", "Where does it lead?"),
        ("note", "And this?"),
    ]
    assert [s.href for page in view.cited_by for s in page.sentences] == [
        "../../lines/z/#iq-c1",
        "../../notes/b/#iq-c1",
    ]
