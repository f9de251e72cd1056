"""The drawing of a page's neighbourhood: it shows what the page lists, within its frame."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from inquiry_site import Build, build
from inquiry_site.rendering.views.neighbourhood import NeighbourhoodView
from tests.support.knowledge_bases import line, note

NAMES = [f"n{number}" for number in range(8)]


def view_of(built: Build, path: str, kind: str) -> NeighbourhoodView | None:
    page = next(page for page in built.pages if page.path == path)
    view = built.context(page).values[kind].around
    assert view is None or isinstance(view, NeighbourhoodView)
    return view


def test_a_line_is_drawn_with_sources_disagreements_and_notes_shared_with_next_lines():
    files = {
        "notes/a.md": note("A?", relations="[{type: contradicts, to: b, because: So.}]"),
        "notes/b.md": note("B?", relations="[{type: supports, to: c, because: So.}]"),
        "notes/c.md": note("C?"),
        "lines/l.md": line("L?", "First [[b]], then [[a]] and [[c]]."),
        "lines/m.md": line("M?", "Only [[c]].", verdict="contested"),
    }
    built = build(files)
    drawing = view_of(built, "lines/l.md", "line")
    assert drawing is not None
    assert [(dot.label, dot.href) for dot in drawing.notes] == [("1", "#iq-s1"), ("2", "#iq-s2"), ("3", "#iq-s3")]
    assert [(ring.label, ring.href, ring.kind) for ring in drawing.lines] == [("1", "../../lines/m/", "contested")]
    b, a, c = (dot.x for dot in drawing.notes)
    assert b < a < c
    ends = {arcs.kind: re.findall(r"M([\d.]+) .*? ([\d.]+) [\d.]+(?=M|$)", arcs.path) for arcs in drawing.arcs}
    assert ends == {"contradicts": [(f"{b:g}", f"{a:g}")], "agrees": [(f"{b:g}", f"{c:g}")]}
    assert re.findall(r"L([\d.]+) ", drawing.cites) == [f"{c:g}"]
    html = built.html(next(page for page in built.pages if page.path == "lines/l.md"))
    assert "also cites 3" in html, "the same as text, for readers who cannot see the drawing"


def test_a_note_is_drawn_with_its_relations_and_the_lines_that_cite_it():
    files = {
        "notes/a.md": note(
            "A?", relations="[{type: extends, to: b, because: So.}, {type: qualifies, to: c, because: So.}]"
        ),
        "notes/b.md": note("B?", relations="[{type: contradicts, to: c, because: That is between others.}]"),
        "notes/c.md": note("C?", relations="[{type: contradicts, to: a, because: So.}]"),
        "lines/l.md": line("L?", "Both [[a]] and [[c]]."),
    }
    built = build(files)
    drawing = view_of(built, "notes/a.md", "note")
    assert drawing is not None
    assert [(dot.label, dot.kind) for dot in drawing.notes] == [("1", "note"), ("", "own"), ("2", "note")]
    assert {arcs.kind: arcs.path.count("M") for arcs in drawing.arcs} == {"agrees": 1, "qualifies": 1}
    assert drawing.cites.count("M") == 2
    html = built.html(next(page for page in built.pages if page.path == "notes/a.md"))
    assert "also cites 2 above" in html


def test_a_page_without_relations_has_no_drawing():
    built = build({"notes/a.md": note("A?"), "notes/b.md": note("B?"), "lines/l.md": line("L?", "So [[a]].")})
    assert view_of(built, "lines/l.md", "line") is None
    assert view_of(built, "notes/b.md", "note") is None
    assert view_of(built, "notes/a.md", "note") is not None


_pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]))


@given(_pairs, st.lists(st.lists(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=5))
def test_everything_is_drawn_within_the_frame(pairs: list[tuple[str, str]], lines: list[list[str]]):
    relations = {
        name: ", ".join(f"{{type: contradicts, to: {b}, because: So.}}" for a, b in sorted(set(pairs)) if a == name)
        for name in NAMES
    }
    files = {f"notes/{name}.md": note(f"{name}?", relations=f"[{relations[name]}]") for name in NAMES}
    files |= {
        f"lines/l{number}.md": line(f"L{number}?", " ".join(f"So [[{name}]]." for name in cited))
        for number, cited in enumerate(lines)
    }
    built = build(files)
    for page in built.pages:
        kind = page.template.removesuffix(".html")
        drawing = view_of(built, page.path, kind) if kind in {"line", "note"} else None
        if drawing is None:
            continue
        for dot in (*drawing.notes, *drawing.lines):
            assert drawing.radius <= dot.x <= drawing.width - drawing.radius
        assert drawing.radius < drawing.row <= drawing.below < drawing.height
        numbers = re.findall(r"-?[\d.]+", "".join(arcs.path for arcs in drawing.arcs) + drawing.cites)
        assert all(float(number) <= max(drawing.width, drawing.height) for number in numbers)


def test_eighty_sources_still_fit():
    names = [f"n{number}" for number in range(80)]
    files = {f"notes/{name}.md": note(f"{name}?") for name in names}
    files["notes/n0.md"] = note("n0?", relations="[{type: contradicts, to: n79, because: So.}]")
    files["lines/l.md"] = line("L?", " ".join(f"So [[{name}]]." for name in names))
    drawing = view_of(build(files), "lines/l.md", "line")
    assert drawing is not None
    assert drawing.width <= 600
    gaps = {b.x - a.x for a, b in zip(drawing.notes, drawing.notes[1:], strict=False)}
    assert min(gaps) >= 2 * drawing.radius
