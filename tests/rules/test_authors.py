"""Names of authors that pages would show wrongly, and their fixes."""

from __future__ import annotations

import pytest

from inquiry_site.build import check
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.diagnostics.edits import apply_edits
from inquiry_site.files import read_tree
from tests.support.knowledge_bases import ROOT, SMALL, note
from tests.text.test_person_names import ORDINARY


def findings(authors: str) -> list[Diagnostic]:
    """Return the findings on the authors of a source, given as YAML."""
    result = check({"notes/a.md": with_authors(authors)})
    return [diagnostic for diagnostic in result.diagnostics if diagnostic.code.startswith("authors/")]


def with_authors(authors: str) -> str:
    source = f"\n- title: T  # the paper\n  authors: {authors}\n  year: 2020\n  doi: 10.1000/x"
    return note("Does it help?", sources=source)


def fixed(authors: str) -> str:
    """Return the authors after one round of fixes, which may change nothing else."""
    edits = [edit for finding in findings(authors) for edit in finding.edits]
    text = apply_edits(with_authors(authors).encode(), edits).decode()
    before, after = with_authors("|").split("|")
    assert text.startswith(before)
    assert text.endswith(after)
    return text.removeprefix(before).removesuffix(after)


@pytest.mark.parametrize("folder", [ROOT, SMALL, ROOT / "src/inquiry_site/adapters/starter"])
def test_no_author_of_a_real_knowledge_base_is_reported(folder):
    found = check(read_tree(folder)).diagnostics
    assert [d for d in found if d.code.startswith("authors/")] == []


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_not_reported(name: str):
    assert findings(f'["{name}"]') == []
    assert findings(f'["{name}", Ada Example]') == []


@pytest.mark.parametrize(
    "authors",
    [
        "[Jiequn Han, Arnulf Jentzen, Weinan E]",
        "[Weinan E, Bing Yu]",
        '["E, Weinan"]',
        "[Ada Example, Meta AI]",
        "[Wei WU, Bo LI]",
        "[Ada Example, Anthropic PBC]",
        "[OpenAI, HP]",
        "[Ada Example, IBM]",
        "[Google, UCL]",
        "[A, B]",
        "[A B, C D]",
    ],
)
def test_a_list_in_which_most_names_have_a_usual_form_is_not_reported(authors: str):
    assert findings(authors) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[Rasch B, Born J]", '["Rasch, B.", "Born, J."]'),
        ("['Rasch B', \"Born J\"]", "['Rasch, B.', \"Born, J.\"]"),
        ("\n  - Rasch B\n  - Born J  # Lübeck", "\n  - Rasch, B.\n  - Born, J.  # Lübeck"),
        ("[Rasch B, Wang X, Garcia Lopez M]", '["Rasch, B.", "Wang, X.", "Garcia Lopez, M."]'),
        ("[Plihal, W., Born, J.]", '["Plihal, W.", "Born, J."]'),
        ("[ Plihal,W, Born,J, ]", '[ "Plihal, W.", "Born, J.", ]'),
        ("[van der Maaten, L. J. P.]", '["van der Maaten, L. J. P."]'),
        ('["Rasch B, Born J"]', '["Rasch, B.", "Born, J."]'),
        ("[Ada Example and Ben Mock]", "[Ada Example, Ben Mock]"),
        ("['Ada Example & Ben Mock', Cy Ng]", "['Ada Example', 'Ben Mock', Cy Ng]"),
        ("\n  - Ada Example and Ben Mock\n  - Cy Ng", "\n  - Ada Example\n  - Ben Mock\n  - Cy Ng"),
        ("\n  - Plihal, W., Born, J.  # Bamberg", "\n  - Plihal, W.\n  - Born, J.  # Bamberg"),
        ("[A. Example; B. Mock]", "[A. Example, B. Mock]"),
    ],
)
def test_certain_fixes_change_nothing_but_the_names(before: str, after: str):
    assert fixed(before) == after
    assert findings(after) == []


@pytest.mark.parametrize(
    "authors",
    [
        "[Wang X]",
        "[Charles V]",
        "[Plihal, W., Born]",
        "[W.]",
        "[Sammy Davis, Jr.]",
        '["Rasch; Born"]',
        '["Plihal, W., Born"]',
        "[Ada Example, et al.]",
        '["Rasch B, Born J, et al."]',
        "[Ada Example, others]",
        "&a [Ada Example and Ben Mock]\n  venue: *a",
        "[Plihal,\n    W., Born, J.]",
    ],
)
def test_uncertain_names_are_reported_and_left_alone(authors: str):
    if "*a" not in authors:
        assert len(findings(authors)) == 1
    assert fixed(authors) == authors


def test_one_finding_covers_all_authors_of_a_list():
    (finding,) = findings("[Rasch B, Born J, Wang X]")
    assert (
        finding.message == "“Rasch B” is read as given name “Rasch” and family name “B”; 2 more names have this order."
    )
    assert finding.hint == "Write “Rasch, B.”, in quotation marks, or “B. Rasch”."


@pytest.mark.parametrize(
    ("author", "code"),
    [
        ("Rasch B and Born J", "authors/initials"),
        ("Rasch B, Born J", "authors/several-people"),
        ("Rasch, B. and others", None),
        ("Rasch, B. et al.", "authors/et-al"),
        ("E, Weinan", None),
        ("Plihal, W. and Born, J.", None),
        ("{Centers for Disease Control and Prevention}", None),
        ("{\\'E}tienne Dupont and M{\\\"u}ller, J.", None),
    ],
)
def test_names_in_bibtex_are_judged_as_written(author: str, code: str | None):
    entry = f"\n\n@article{{k, title = {{T}}, author = {{{author}}}, year = 2020, doi = {{10.1000/x}}}}"
    cited = check({"notes/a.md": note("Does it help?", sources='["@k"]'), "references.bib": entry})
    found = [(d.code, str(d.span)) for d in cited.diagnostics if d.code.startswith("authors/")]
    assert found == ([(code, "references.bib:3:1")] if code else [])
    uncited = check({"notes/a.md": note("Does it help?"), "references.bib": entry})
    assert [d for d in uncited.diagnostics if d.code.startswith("authors/")] == []
