"""No file crashes or slows down a build: its body is refused with a span, or it can be converted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from inquiry_site import Config, ConfigError, build
from inquiry_site.build import check
from inquiry_site.config import Limits
from inquiry_site.file_content import TooLarge
from inquiry_site.files import read_tree
from inquiry_site.parsing.bounds import find_excess
from inquiry_site.parsing.complexity import estimate, find_too_complex, may_be_complex
from inquiry_site.parsing.nesting import find_too_deep, may_be_deep
from inquiry_site.rendering.body.author_extensions import CALLOUTS
from tests.support.hard_bodies import BODIES, just_below
from tests.support.knowledge_bases import line, note, write

SMALL = Limits(nesting=10, complexity=30_000)
FAMILY = {"files/too-large", "files/too-deep", "files/too-complex"}
EXTENSIONS = ["admonition", "attr_list", "def_list", "abbr", "footnotes", "md_in_html", "nl2br", "sane_lists"]
EXTENSIONS += ["smarty", "tables", "toc", "pymdownx.arithmatex", "pymdownx.superfences", "pymdownx.details"]
EXTENSIONS += ["pymdownx.tasklist", CALLOUTS]
EXTENSIONS += ["pymdownx.caret", "pymdownx.tilde", "pymdownx.mark", "pymdownx.critic", "pymdownx.magiclink"]


def convert(body: str) -> str:
    return Markdown(extensions=EXTENSIONS).convert(body)


@pytest.mark.parametrize("name", BODIES)
def test_every_hard_body_is_refused_once_or_converted(name: str) -> None:
    config = Config(limits=SMALL)
    for body in (just_below(BODIES[name], SMALL), BODIES[name](20_000)):
        text = note(body=body)
        diagnostics = [d for d in check({"notes/a.md": text}, config).diagnostics if d.code in FAMILY]
        assert len(diagnostics) <= 1
        for diagnostic in diagnostics:
            assert text.split("\n").index("---", 1) + 1 < diagnostic.span.line <= text.count("\n") + 1
        if not diagnostics:
            convert(body)


@given(
    st.lists(
        st.sampled_from([*"[](){}<>*_~^=+`$\\!#|:-'\"&@. \n\tab1", "|-|-|\n", "\n\n", "    ", "- ", "> ", "```", "!["])
    )
)
def test_the_quick_checks_of_a_body_have_no_false_negatives(parts: list[str]) -> None:
    for body in ("".join(parts), "".join(parts) * 40):
        for complexity in (1_000, 20_000, 300_000):
            assert may_be_complex(body, complexity) or find_too_complex(body, complexity) is None
            assert estimate(body) <= complexity or find_too_complex(body, complexity) is not None
        assert may_be_deep(body, 5) or find_too_deep(body, 5) is None


def test_a_long_review_passes() -> None:
    sentence = "Spacing raised recall by 12 points [[spacing-helps]], *after a week*, in `n = 400` [^1]. "
    rows = "".join(
        f"| Study {n} | 20{n % 30:02} | [doi](https://doi.org/10.1000/{n}) | **{n}%** |\n" for n in range(500)
    )
    references = "".join(
        f"- Author {n}, *Title of {n}*, [10.1000/{n}](https://doi.org/10.1000/{n}).\n" for n in range(300)
    )
    body = "".join(f"## Part {n}\n\n{sentence.replace('^1', f'^{n}') * 4}\n\n" for n in range(60))
    body += f"| a | b | c | d |\n|---|---|---|---|\n{rows}\n{references}\n"
    body += "".join(f"[^{n}]: A note.\n" for n in range(60))
    assert find_excess(body, Limits()) is None


def test_citations_of_a_refused_file_are_not_reported() -> None:
    files = {
        "notes/hard.md": note(body="[" * 5_000),
        "lines/a.md": line("What of it?", "It is so [[hard]]."),
    }
    diagnostics = build(files).diagnostics
    assert [(d.code, d.span.path, d.span.line) for d in diagnostics if d.code.startswith(("files", "citations"))] == [
        ("files/too-complex", "notes/hard.md", diagnostics[0].span.line)
    ]


def test_too_large_files_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"notes/a.md": "a" * 2_000, "references.bib": "b" * 2_000, "templates/note.html": "c" * 2_000})
    tree = read_tree(tmp_path, largest=1_000)
    assert set(tree.values()) == {TooLarge(2_000)}
    diagnostics = check(tree, Config(limits=Limits(file_size=1_000))).diagnostics
    assert [(d.code, d.span.path) for d in diagnostics] == [
        ("files/too-large", path) for path in ("notes/a.md", "references.bib", "templates/note.html")
    ]


def test_documents_are_reparsed_when_limits_change() -> None:
    files = {"notes/a.md": note(body="[" * 200)}
    first = build(files)
    assert not first.errors
    second = build(files, Config(limits=Limits(complexity=1_000)), before=first)
    assert [d.code for d in second.errors] == ["files/too-complex"]


def test_all_invalid_limits_are_reported_at_once() -> None:
    with pytest.raises(ConfigError) as raised:
        Config.from_mapping({"limits": {"nesting": 1_000, "size": 3, "findings": True}})
    assert len(raised.value.problems) == 3
    with pytest.raises(ConfigError, match="must be a mapping"):
        Config.from_mapping({"limits": 3})
    assert Config.from_mapping({"limits": {"nesting": 50}}).limits == Limits(nesting=50)
