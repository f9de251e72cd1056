"""Relations between notes, and the disagreements that a line shows."""

from __future__ import annotations

from inquiry_site import build
from tests.support.knowledge_bases import line, note


def test_a_disagreement_is_shown_only_when_both_sides_are_cited():
    files = {
        "notes/a.md": note("A?", relations="[{type: contradicts, to: b, because: They differ.}]"),
        "notes/b.md": note("B?"),
        "lines/both.md": line("Both?", "Here [[b]] and there [[a]]."),
        "lines/one.md": line("One?", "Only [[a]]."),
    }
    disagreements = build(files).knowledge.relations.disagreements
    assert [(relation.source, relation.target, relation.because) for relation in disagreements["both"]] == [
        ("a", "b", "They differ.")
    ]
    assert disagreements["one"] == ()


def test_a_contradiction_that_both_notes_state_is_listed_once_with_both_reasons():
    files = {
        "notes/a.md": note("A?", relations="[{type: contradicts, to: b, because: The tests differ.}]"),
        "notes/b.md": note("B?", relations="[{type: contradicts, to: a, because: The pupils differ.}]"),
        "lines/l.md": line(body="Here [[b]] and there [[a]]."),
    }
    built = build(files)
    (relation,) = built.knowledge.relations.disagreements["l"]
    assert (relation.source, relation.target) == ("b", "a"), "from the note that is cited first"
    assert (relation.because, relation.replies) == ("The pupils differ.", ("The tests differ.",))
    html = built.html(next(page for page in built.pages if page.path == "lines/l.md"))
    section = html[html.index('id="iq-disagree"') :]
    assert section.index("The pupils differ.") < section.index("The tests differ.")


def test_contradictions_precede_qualifications_and_agreement_is_omitted(small):
    disagreements = small.knowledge.relations.disagreements["how-to-remember"]
    assert [relation.type.value for relation in disagreements] == ["contradicts", "qualifies"]
    files = {
        "notes/a.md": note("A?", relations="[{type: supports, to: b, because: They agree.}]"),
        "notes/b.md": note("B?"),
        "lines/l.md": line(body="Both [[a]] and [[b]]."),
    }
    assert build(files).knowledge.relations.disagreements["l"] == ()


def test_relations_are_indexed_by_source_and_by_target(small):
    relations = small.knowledge.relations
    assert [relation.source for relation in relations.incoming["cramming-suffices"]] == ["spacing-helps"]
    assert [relation.target for relation in relations.outgoing["sleep-consolidates"]] == ["spacing-helps"]


def test_a_claim_that_changed_after_the_review_makes_the_line_due(small):
    assert small.knowledge.relations.due["how-to-remember"] == ("spacing-helps",)
    assert small.knowledge.relations.due["does-testing-help"] == ()


def test_each_claim_is_shown_once_on_the_page_of_a_line_whose_sources_disagree():
    """Three notes that all contradict one another: three pairs, six sides, three claims."""
    files = {
        "notes/a.md": note("A?", description="The claim of a."),
        "notes/b.md": note(
            "B?", description="The claim of b.", relations="[{type: contradicts, to: a, because: They differ.}]"
        ),
        "notes/c.md": note(
            "C?",
            description="The claim of c.",
            relations="[{type: contradicts, to: a, because: They differ.}, "
            "{type: contradicts, to: b, because: They differ.}]",
        ),
        "lines/l.md": line(body="One [[a]], two [[b]], three [[c]]."),
    }
    built = build(files)
    page = next(page for page in built.pages if page.path == "lines/l.md")
    html = built.html(page)
    section = html[html.index('id="iq-disagree"') : html.index("</section>", html.index('id="iq-disagree"'))]
    assert section.count("They differ.") == 3
    assert [html.count(f"The claim of {name}.") for name in "abc"] == [1, 1, 1]
