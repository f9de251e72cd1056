"""``inquiry check`` as contributors run it: severities, paths, formats, fixes, links to the web, and any bytes."""

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


def replace_text(base: Path, path: str, old: str, new: str) -> None:
    text = (base / path).read_text(encoding="utf-8")
    assert old in text
    (base / path).write_text(text.replace(old, new), encoding="utf-8")


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in json.loads(result.stdout)]


def test_exit_status_0_when_nothing_is_found(base: Path) -> None:
    result = inquiry("check")
    assert (result.exit_code, result.stdout) == (0, "2 notes and 2 lines: no findings.\n")


def test_exit_status_1_for_warnings_and_errors(base: Path) -> None:
    replace_text(base, "lines/sleep.md", "by 41", "by 47")
    result = inquiry("check")
    assert result.exit_code == 1
    assert "lines/sleep.md:8:22: warning: The figure 47 occurs in none of" in result.stdout
    assert result.stdout.endswith("1 warning in 1 file. “inquiry rule CODE” explains a rule.\n")


def test_drafts_are_checked_as_if_published(base: Path) -> None:
    (base / "notes/future.md").write_text(note("Will it", "As [[cofee]] shows.", draft="true"), encoding="utf-8")
    result = inquiry("check", "--format", "json", "notes/future.md")
    assert {"citations/not-found", "frontmatter/title-not-a-question"} <= {*codes(result)}
    assert "shape/uncited-note" not in codes(result), "published lines cannot cite it yet"
    others = inquiry("check", "--ignore", "shape", "--select", "citations/draft")
    assert others.stdout == "3 notes and 2 lines, including 1 draft: no findings.\n"


def test_a_draft_does_not_count_for_the_published_pages(base: Path) -> None:
    replace_text(base, "lines/sleep.md", "---\ntitle", "---\ndraft: true\ntitle")
    assert "shape/uncited-note" in codes(inquiry("check", "--format", "json", "notes"))


def test_only_files_that_were_read_have_no_findings(base: Path) -> None:
    write(base, {"mkdocs.yml": "site_name: x\n", "docs/about.md": "See [[coffee]].\n", "notes/plan.txt": ""})
    assert inquiry("check", "docs").stdout == "1 hand-written page: no findings.\n"
    mixed = inquiry("check", "notes/plan.txt", "notes/coffee.md")
    assert (mixed.exit_code, mixed.stdout) == (0, "1 note: no findings.\n")
    assert mixed.stderr.startswith("notes/plan.txt was not checked: only Markdown files")
    unread = inquiry("check", "mkdocs.yml", "notes/plan.txt")
    assert (unread.exit_code, unread.stdout) == (2, "")
    assert "mkdocs.yml was not checked" in unread.stderr
    assert "No file was checked." in unread.stderr


def test_a_page_that_the_site_excludes_is_not_checked(base: Path) -> None:
    write(base, {"mkdocs.yml": "exclude_docs: |\n  /drafts/\n", "docs/drafts/about.md": "See [[cofee]].\n"})
    assert inquiry("check").exit_code == 0
    assert "docs/drafts was not checked" in inquiry("check", "docs/drafts").stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere.md"], "nowhere.md does not exist"),
        (["check", "--select", "evidense"], "There is no rule “evidense”. Did you mean “evidence”?"),
        (["check", "--ignore", "links/nxt"], "Did you mean “links/next”"),
        (["check", "-C", "notes"], "There is no knowledge base"),
        (["rule", "nothing"], "There is no rule “nothing”"),
    ],
)
def test_exit_status_2_when_the_command_cannot_run(base: Path, arguments: list[str], message: str) -> None:
    result = inquiry(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_select_ignore_and_paths(base: Path) -> None:
    replace_text(base, "lines/sleep.md", "by 41", "by 47")
    replace_text(base, "notes/tea.md", "10.1000/tea", "11.1000/tea")
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
def test_severities_in_mkdocs_yml(base: Path, rules: str, severities: list[str]) -> None:
    replace_text(base, "lines/sleep.md", "by 41", "by 47")
    write(base, {"mkdocs.yml": f"plugins:\n  - inquiry: {{rules: {rules}}}\n"})
    findings = json.loads(inquiry("check", "--format", "json").stdout)
    assert [finding["severity"] for finding in findings] == severities


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ("{evidense: off}", "Did you mean “evidence”"),
        ("{evidence: loud}", "must be one of off, info, warning, error"),
        ("{files/empty: off}", "cannot be changed"),
        ("[evidence]", "must be a mapping"),
    ],
)
def test_invalid_severities_in_mkdocs_yml_are_refused(base: Path, rules: str, message: str) -> None:
    write(base, {"mkdocs.yml": f"plugins:\n  - inquiry: {{rules: {rules}}}\n"})
    result = inquiry("check")
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_comment_applies_to_its_paragraph_only(base: Path) -> None:
    comment = "<!-- inquiry: error evidence/figure-not-found because this one must be right -->"
    replace_text(base, "lines/sleep.md", "Coffee cuts sleep by 41", f"{comment}\n\nCoffee cuts sleep by 47")
    replace_text(base, "lines/sleep.md", "tea by 18 [[tea]].\n", "tea by 18 [[tea]].\n\nTea cuts it by 81 [[tea]].\n")
    findings = json.loads(inquiry("check", "--format", "json").stdout)
    assert [(finding["line"], finding["severity"]) for finding in findings] == [(10, "error"), (12, "warning")]


FIXED = [
    ("arxiv: 2510.07360", 'arxiv: "2510.07360"'),
    ('year: "2021"', "year: 2021"),
    ("title: Does tea help?.", "title: Does tea help?"),
    ("Tags: [a]", "tags: [a]"),
    ("aliases: [x, other, y]", "aliases: [other, y]"),
    ("aliases: [other, x]", "aliases: [other]"),
    ("aliases:\n  - x\n  - other", "aliases:\n  - other"),
]


@pytest.mark.parametrize("byte_order_mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fix_changes_nothing_outside_the_fixed_span(
    tmp_path: Path, before: str, after: str, line_end: str, byte_order_mark: bytes
) -> None:
    head = "---\ntitle: Does tea help?\ndescription: D.  \nsources:\n"
    head += "- title: T\n  authors: [A B]\n  year: 2021\n  doi: 10.1000/x\n"
    key = before.partition(":")[0]
    if key in {"title"}:
        head = head.replace("title: Does tea help?", before, 1)
        expected = head.replace(before, after, 1)
    elif key in {"year", "arxiv"}:
        head = head.replace("year: 2021" if key == "year" else "doi: 10.1000/x", before)
        expected = head.replace(before, after)
    else:
        head, expected = head + before + "\n", head + after + "\n"
    tail = "---\nText with trailing blanks  \n\n\n"
    path = tmp_path / "notes" / "x.md"
    path.parent.mkdir()
    path.write_bytes(byte_order_mark + (head + tail).replace("\n", line_end).encode())
    inquiry("check", "-C", str(tmp_path), "--fix")
    assert path.read_bytes() == byte_order_mark + (expected + tail).replace("\n", line_end).encode()
    inquiry("check", "-C", str(tmp_path), "--fix")
    assert path.read_bytes() == byte_order_mark + (expected + tail).replace("\n", line_end).encode()


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
WITH_FRONTMATTER = st.lists(PIECES, max_size=30).map(lambda pieces: (note("A?") + "".join(pieces)).encode())


@given(
    st.dictionaries(
        st.sampled_from(
            ["notes/a.md", "notes/b.md", "lines/a.md", "lines/\u200fl.md", "notes/s/c.md", "references.bib"]
        ),
        BYTES | WITH_FRONTMATTER,
        max_size=4,
    )
)
def test_any_bytes_are_checked_without_an_exception(files: dict[str, bytes]) -> None:
    result = check(files)
    for diagnostic in result.diagnostics:
        assert diagnostic.message
        assert diagnostic.span.line >= 1
    assert check(files).diagnostics == result.diagnostics


@pytest.mark.parametrize("name", HARD)
def test_hard_input_is_checked_in_bounded_time(name: str) -> None:
    start = time.process_time()
    check_hard(name)
    # Far above the usual time, so that only unbounded growth fails.
    assert time.process_time() - start < 30


def test_link_cycles_and_bidirectional_controls_are_reported(base: Path) -> None:
    (base / "notes/again").symlink_to(base / "notes", target_is_directory=True)
    (base / "notes/itself.md").symlink_to(base / "notes/itself.md")
    (base / "lines/sl\u202eeep.md").write_text("---\ntitle: A?\n---\n[[cof\u202efee]]\n", encoding="utf-8")
    result = inquiry("check", "--format", "json")
    assert (result.exit_code, result.stderr) == (1, "")
    findings = {(finding["path"], finding["code"]) for finding in json.loads(result.stdout)}
    assert ("lines/sl\u202eeep.md", "files/bad-id") in findings
    assert {path for path, _ in findings} >= {"notes/itself.md"}


def test_text_shows_the_first_findings_of_a_file_and_counts_the_rest(base: Path) -> None:
    write(base, {"mkdocs.yml": "plugins:\n  - inquiry: {limits: {findings: 2}}\n"})
    replace_text(base, "lines/sleep.md", "tea by 18 [[tea]].", "[[a]] [[b]] [[c]] [[d]].")
    result = inquiry("check", "--select", "citations")
    assert result.stdout.count("error:") == 2
    assert "… and 2 more findings in lines/sleep.md: “inquiry check --all” shows all." in result.stdout
    assert "4 errors in 1 file." in result.stdout
    assert inquiry("check", "--select", "citations", "--all").stdout.count("error:") == 4
    assert len(codes(inquiry("check", "--select", "citations", "--format", "json"))) == 4


def test_invalid_limits_in_mkdocs_yml_are_refused(base: Path) -> None:
    write(base, {"mkdocs.yml": "plugins:\n  - inquiry: {limits: {nesting: 1000, size: 1}}\n"})
    result = inquiry("check")
    assert result.exit_code == 2
    assert "'nesting' must be a whole number from 5 to 100" in result.stderr
    assert "'size' is not a limit" in result.stderr
