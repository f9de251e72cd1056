"""``inquiry check`` as a contributor runs it: levels, paths, formats, mending, addresses, and any bytes at all."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from inquiry_site.build import check
from tests.support.command import inquiry
from tests.support.hard_inputs import HARD, check_hard
from tests.support.knowledge_bases import note, write
from tests.support.rule_examples import BASE


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write(tmp_path, BASE))
    return tmp_path


def spoil(base: Path, path: str, old: str, new: str) -> None:
    text = (base / path).read_text(encoding="utf-8")
    assert old in text
    (base / path).write_text(text.replace(old, new), encoding="utf-8")


def codes(result: Result) -> list[str]:
    return [found["code"] for found in json.loads(result.stdout)]


def test_exit_status_0_when_nothing_is_found(base: Path) -> None:
    result = inquiry("check")
    assert (result.exit_code, result.stdout) == (0, "2 notes and 2 lines: nothing found.\n")


def test_exit_status_1_for_a_warning_as_for_an_error(base: Path) -> None:
    spoil(base, "lines/sleep.md", "by 41", "by 47")
    result = inquiry("check")
    assert result.exit_code == 1
    assert "lines/sleep.md:8:22: warning: The figure 47 stands in none of" in result.stdout
    assert result.stdout.endswith("1 warning in 1 file. “inquiry rule CODE” explains a rule.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere.md"], "nowhere.md does not exist"),
        (["check", "--select", "evidense"], "There is no rule “evidense”. Did you mean “evidence”?"),
        (["check", "--ignore", "links/nxt"], "Did you mean “links/next”"),
        (["check", "-C", "notes"], "There is no knowledge base"),
        (["rule", "nothing"], "There is no rule “nothing”"),
    ],
)
def test_exit_status_2_when_it_could_not_run(base: Path, arguments: list[str], said: str) -> None:
    result = inquiry(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_select_ignore_and_paths(base: Path) -> None:
    spoil(base, "lines/sleep.md", "by 41", "by 47")
    spoil(base, "notes/tea.md", "10.1000/tea", "11.1000/tea")
    assert codes(inquiry("check", "--format", "json")) == ["evidence/figure-not-found", "sources/bad-doi"]
    assert codes(inquiry("check", "--format", "json", "--select", "sources,links")) == ["sources/bad-doi"]
    assert codes(inquiry("check", "--format", "json", "--ignore", "sources")) == ["evidence/figure-not-found"]
    assert codes(inquiry("check", "--format", "json", "notes")) == ["sources/bad-doi"]
    assert inquiry("check", "notes/coffee.md").exit_code == 0


@pytest.mark.parametrize(
    ("rules", "severities"),
    [
        ("{evidence: error}", ["error"]),
        ("{evidence: off}", []),
        ("{evidence: off, evidence/figure-not-found: warning}", ["warning"]),
        ("{evidence/figure-not-found: on}", ["warning"]),
    ],
)
def test_levels_of_mkdocs_yml(base: Path, rules: str, severities: list[str]) -> None:
    spoil(base, "lines/sleep.md", "by 41", "by 47")
    write(base, {"mkdocs.yml": f"plugins:\n  - inquiry: {{rules: {rules}}}\n"})
    found = json.loads(inquiry("check", "--format", "json").stdout)
    assert [each["severity"] for each in found] == severities


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("{evidense: off}", "Did you mean “evidence”"),
        ("{evidence: loud}", "must be one of off, warning, error"),
        ("{files/empty: off}", "cannot be changed"),
        ("[evidence]", "must be a mapping"),
    ],
)
def test_levels_that_are_none(base: Path, rules: str, said: str) -> None:
    write(base, {"mkdocs.yml": f"plugins:\n  - inquiry: {{rules: {rules}}}\n"})
    result = inquiry("check")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_comment_reaches_as_far_as_its_paragraph(base: Path) -> None:
    comment = "<!-- inquiry: error evidence/figure-not-found because this one must be right -->"
    spoil(base, "lines/sleep.md", "Coffee cuts sleep by 41", f"{comment}\n\nCoffee cuts sleep by 47")
    spoil(base, "lines/sleep.md", "tea by 18 [[tea]].\n", "tea by 18 [[tea]].\n\nTea cuts it by 81 [[tea]].\n")
    found = json.loads(inquiry("check", "--format", "json").stdout)
    assert [(each["line"], each["severity"]) for each in found] == [(10, "error"), (12, "warning")]


MENDED = [
    ("arxiv: 2510.07360", 'arxiv: "2510.07360"'),
    ('year: "2021"', "year: 2021"),
    ("title: Does tea help?.", "title: Does tea help?"),
    ("Tags: [a]", "tags: [a]"),
    ("aliases: [x, other, y]", "aliases: [other, y]"),
    ("aliases: [other, x]", "aliases: [other]"),
    ("aliases:\n  - x\n  - other", "aliases:\n  - other"),
]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), MENDED)
def test_fix_touches_nothing_outside_the_mended_place(
    tmp_path: Path, before: str, after: str, line_end: str, mark: bytes
) -> None:
    head = "---\ntitle: Does tea help?\ndescription: D.  \nsources:\n"
    head += "- title: T\n  authors: [A B]\n  year: 2021\n  doi: 10.1000/x\n"
    key = before.partition(":")[0]
    if key in {"title"}:
        head = head.replace("title: Does tea help?", before, 1)
        wanted = head.replace(before, after, 1)
    elif key in {"year", "arxiv"}:
        head = head.replace("year: 2021" if key == "year" else "doi: 10.1000/x", before)
        wanted = head.replace(before, after)
    else:
        head, wanted = head + before + "\n", head + after + "\n"
    tail = "---\nText with trailing blanks  \n\n\n"
    path = tmp_path / "notes" / "x.md"
    path.parent.mkdir()
    path.write_bytes(mark + (head + tail).replace("\n", line_end).encode())
    inquiry("check", "-C", str(tmp_path), "--fix")
    assert path.read_bytes() == mark + (wanted + tail).replace("\n", line_end).encode()
    inquiry("check", "-C", str(tmp_path), "--fix")
    assert path.read_bytes() == mark + (wanted + tail).replace("\n", line_end).encode()


PIECES = st.sampled_from(
    [
        "---\n",
        "title: T?\n",
        "description: 1%\n",
        "sources:\n",
        "  - {title: T, authors: [A], year: 1, doi: 10.1000/x}\n",
        "[[a]]",
        "[[",
        "]]",
        "“",
        "”",
        '"',
        "> ",
        "91%",
        "2 x",
        "<!-- inquiry:",
        " off",
        " because",
        "-->",
        "`",
        "```\n",
        "\n",
        "\n\n",
        "\t",
        "&a ",
        "*a",
        "{",
        "[",
        ": ",
        "\u202e",
        "\ufeff",
        "é",
        "間",
        "\x00",
        "![p](p.png)",
        "<http://x>",
    ]
)
BYTES = st.binary(max_size=60) | st.lists(PIECES, max_size=40).map(lambda pieces: "".join(pieces).encode())
WHOLE = st.lists(PIECES, max_size=30).map(lambda pieces: (note("A?") + "".join(pieces)).encode())


@given(
    st.dictionaries(
        st.sampled_from(
            ["notes/a.md", "notes/b.md", "lines/a.md", "lines/\u200fl.md", "notes/s/c.md", "references.bib"]
        ),
        BYTES | WHOLE,
        max_size=4,
    )
)
def test_any_bytes_end_in_findings(files: dict[str, bytes]) -> None:
    checkup = check(files)
    for found in checkup.diagnostics:
        assert found.message
        assert found.span.line >= 1
    assert check(files).diagnostics == checkup.diagnostics


@pytest.mark.parametrize("name", HARD)
def test_hard_input_ends_in_a_bounded_time(name: str) -> None:
    began = time.process_time()
    check_hard(name)
    # Far above what such a file takes, so that only what grows out of bounds fails here.
    assert time.process_time() - began < 30


def test_links_in_a_circle_and_marks_of_another_direction_are_findings(base: Path) -> None:
    (base / "notes/again").symlink_to(base / "notes", target_is_directory=True)
    (base / "notes/itself.md").symlink_to(base / "notes/itself.md")
    (base / "lines/sl\u202eeep.md").write_text("---\ntitle: A?\n---\n[[cof\u202efee]]\n", encoding="utf-8")
    result = inquiry("check", "--format", "json")
    assert (result.exit_code, result.stderr) == (1, "")
    found = {(each["path"], each["code"]) for each in json.loads(result.stdout)}
    assert ("lines/sl\u202eeep.md", "files/bad-id") in found
    assert {path for path, _ in found} >= {"notes/itself.md"}


def test_text_shows_some_findings_of_a_file_and_counts_the_rest(base: Path) -> None:
    write(base, {"mkdocs.yml": "plugins:\n  - inquiry: {limits: {findings: 2}}\n"})
    spoil(base, "lines/sleep.md", "tea by 18 [[tea]].", "[[a]] [[b]] [[c]] [[d]].")
    result = inquiry("check", "--select", "citations")
    assert result.stdout.count("error:") == 2
    assert "… and 2 more findings in lines/sleep.md: “inquiry check --all” shows all." in result.stdout
    assert "4 errors in 1 file." in result.stdout
    assert inquiry("check", "--select", "citations", "--all").stdout.count("error:") == 4
    assert len(codes(inquiry("check", "--select", "citations", "--format", "json"))) == 4


def test_limits_of_mkdocs_yml_that_are_none(base: Path) -> None:
    write(base, {"mkdocs.yml": "plugins:\n  - inquiry: {limits: {nesting: 1000, size: 1}}\n"})
    result = inquiry("check")
    assert result.exit_code == 2
    assert "'nesting' must be a whole number from 5 to 100" in result.stderr
    assert "'size' is none of the 'limits'" in result.stderr
