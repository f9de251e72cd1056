"""``inquiry new``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from inquiry_site.adapters.web.records import RecordUnavailableError
from inquiry_site.files import read_tree
from inquiry_site.model import Reference
from tests.support.command import inquiry
from tests.support.knowledge_bases import line, note, write
from tests.test_files import kb

BIB = """@article{one, title = {First {\\"U}ber}, author = {Doe, Jane and others}, year = 2020, doi = {10.1000/one}}
@book{two, title = {Second}, author = {Roe, R.}, year = 2021, isbn = {978-0-306-40615-7}}
@misc{three, title = {Third}}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge base; no test may ask a foreign host."""

    def refuse(*_: object) -> Reference:
        raise AssertionError("a request was sent")

    monkeypatch.setattr(import_module("inquiry_site.adapters.cli.new_source"), "fetch_record", refuse)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1768348800")
    files = {
        "notes/spacing.md": note("Does spaced practice help memory after a week?", aliases="[former]"),
        "lines/memory.md": line("What makes people remember longest?"),
        "refs.bib": BIB,
    }
    return write(tmp_path, files)


def answering(monkeypatch: pytest.MonkeyPatch, answer: Reference | Exception) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []

    def fetch(key: str, value: str) -> Reference:
        asked.append((key, value))
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(import_module("inquiry_site.adapters.cli.new_source"), "fetch_record", fetch)
    return asked


def test_a_note_is_written(desk: Path):
    result = inquiry("new", "note", "Does coffee keep people awake?", "-C", str(desk))
    assert result.exit_code == 0
    assert result.stdout == "Created notes/coffee-keep-people-awake.md. “inquiry check” lists what is missing in it.\n"
    text = (desk / "notes/coffee-keep-people-awake.md").read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: Does coffee keep people awake?\ndescription:  #")
    assert "date: 2026-01-14\n" in text


def test_a_line_is_written_beside_similar_questions(desk: Path):
    result = inquiry("new", "line", "What makes people forget?", "-C", str(desk))
    assert (result.exit_code, result.stderr) == (
        0,
        "Similar questions:\n  What makes people remember longest?\n    lines/memory.md\n",
    )
    assert (desk / "lines/makes-people-forget.md").exists()


def test_a_question_that_was_asked_already_needs_a_confirmation(desk: Path, monkeypatch: pytest.MonkeyPatch):
    question, before = "Does spaced practice really help memory after a week?", kb(desk)
    result = inquiry("new", "note", question, "-C", str(desk))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error: notes/spacing.md asks nearly the same question.\nhelp: Add to that file" in result.stderr
    monkeypatch.setattr(import_module("inquiry_site.adapters.cli.new"), "is_interactive", lambda: True)
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.delenv("VISUAL", raising=False)
    from click.testing import CliRunner

    from inquiry_site.adapters.cli import main

    declined = CliRunner().invoke(main, ["new", "note", question, "-C", str(desk)], input="n\n")
    assert (declined.exit_code, kb(desk)) == (1, before)
    assert "Nothing was written." in declined.stderr
    accepted = CliRunner().invoke(main, ["new", "note", question, "-C", str(desk)], input="y\n")
    assert accepted.exit_code == 0
    assert "The editor “false” ended with status 1." in accepted.stderr
    assert (desk / "notes/spaced-practice-really-help-memory.md").exists()
    assert inquiry("new", "note", question, "--yes", "-C", str(desk)).exit_code == 0
    assert (desk / "notes/spaced-practice-really-help-memory-2.md").exists()


def test_the_editor_opens_the_file(desk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_module("inquiry_site.adapters.cli.new"), "is_interactive", lambda: True)
    script = write(desk, {"editor's.py": "import sys; open(sys.argv[1], 'a').write('edited')"}) / "editor's.py"
    monkeypatch.setenv("VISUAL", f'{sys.executable} "{script}"')
    inquiry("new", "note", "Does it hold now?", "-C", str(desk))
    assert (desk / "notes/hold-now.md").read_text().endswith("edited")
    inquiry("new", "note", "Does tea help?", "--no-edit", "-C", str(desk))
    assert not (desk / "notes/tea-help.md").read_text().endswith("edited")
    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    result = inquiry("new", "note", "Does milk help?", "-C", str(desk))
    assert result.exit_code == 0
    assert "The editor “no-such-editor --wait” cannot be started" in result.stderr
    monkeypatch.delenv("VISUAL")
    monkeypatch.delenv("EDITOR", raising=False)
    assert "Set $EDITOR" in inquiry("new", "note", "Does juice help?", "-C", str(desk)).stderr


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["Does coffee help"], 2, "error: “Does coffee help” does not end in a question mark."),
        (["../../etc/passwd"], 2, "does not end in a question mark."),
        (["w" * 5000 + "?"], 2, "error: The question has 5001 characters; it must have at most 300."),
        (["🤖🤖?"], 2, "error: No id can be derived from this question.\nhelp: Choose one with --id."),
        (["Is it\x1b[31m red?"], 2, "control characters: “Is it\\x1b[31m red?”."),
        (["Is it so?", "--id", "../../x"], 2, "error: “../../x” is not an id.\nhelp: An id consists of"),
        (["Is it so?", "--id", "New Id"], 2, "Did you mean new-id?"),
        (
            ["Is it so?", "--id", "spacing"],
            2,
            "error: notes/spacing.md has the id “spacing”.\nhelp: spacing-2 is free.",
        ),
        (["Is it so?", "--id", "memory"], 2, "error: lines/memory.md has the id “memory”."),
        (["Is it so?", "--id", "former"], 2, "error: “former” is an alias of notes/spacing.md."),
        (["Is it so?", "--doi", "11.1/x"], 2, "error: “11.1/x” is not a DOI."),
        (["Is it so?", "--arxiv", "2113.1"], 2, "error: “2113.1” is not an arXiv number: it does not consist of"),
        (["Is it so?", "--doi", "10.1000/x", "--arxiv", "2510.07364"], 2, "--doi and --arxiv cannot be combined."),
        (["Is it so?", "--key", "x"], 2, "error: --key names an entry of a BibTeX file."),
        (["Is it so?", "--bibtex", "missing.bib"], 2, "error: missing.bib cannot be read: No such file or directory."),
        (
            ["Is it so?", "--bibtex", "refs.bib"],
            2,
            "refs.bib has 3 entries.\nhelp: Choose one with --key: one, two, three.",
        ),
        (
            ["Is it so?", "--bibtex", "refs.bib", "--key", "tow"],
            2,
            "refs.bib has no entry “tow”.\nhelp: Did you mean two?",
        ),
        (["Is it so?", "--bibtex", "refs.bib", "--key", "three"], 2, "lacks author and year and one of doi"),
    ],
)
def test_bad_input_writes_nothing(
    desk: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int, message: str
):
    monkeypatch.chdir(desk)
    before = kb(desk)
    result = inquiry("new", "note", *arguments)
    assert (result.exit_code, result.stdout) == (status, "")
    assert message in result.stderr
    assert "\x1b" not in result.stderr
    assert kb(desk) == before


def test_emoji_need_an_id_and_right_to_left_text_none(desk: Path):
    assert inquiry("new", "note", "🤖🤖?", "--id", "robots", "-C", str(desk)).exit_code == 0
    assert inquiry("new", "note", "هل يساعد النوم: نعم أم لا؟", "-C", str(desk)).exit_code == 0
    files = read_tree(desk)
    assert "title: 🤖🤖?\n".encode() in files["notes/robots.md"]  # type: ignore[operator]
    assert 'title: "هل يساعد النوم: نعم أم لا؟"\n'.encode() in files["notes/هل-يساعد-النوم-نعم-أم.md"]  # type: ignore[operator]


def test_an_existing_file_is_never_overwritten_and_links_are_not_followed(
    desk: Path, tmp_path_factory: pytest.TempPathFactory
):
    (desk / "notes/coffee-help.md").mkdir()
    result = inquiry("new", "note", "Does coffee help?", "--id", "coffee-help", "-C", str(desk))
    assert result.exit_code == 2
    assert "coffee-help" in result.stderr
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (desk / "lines/memory.md").unlink()
    (desk / "lines").rmdir()
    (desk / "lines").symlink_to(elsewhere)
    assert "is a link; nothing was written." in inquiry("new", "line", "Is it so?", "-C", str(desk)).stderr
    assert list(elsewhere.iterdir()) == []


def test_a_source_is_read_from_bibtex_without_a_network(desk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(desk)
    inquiry("new", "note", "Is it so?", "--bibtex", "refs.bib", "--key", "@one")
    text = (desk / "notes/is-it-so.md").read_text(encoding="utf-8")
    assert "  - title: First Über\n    authors: [Jane Doe]\n    year: 2020\n    doi: 10.1000/one\n" in text
    write(desk, {"one.bib": BIB.splitlines()[1]})
    inquiry("new", "note", "Is it otherwise?", "--bibtex", "one.bib")
    text = (desk / "notes/otherwise.md").read_text(encoding="utf-8")
    assert "    isbn: 978-0-306-40615-7\n" in text
    assert "    type: book\n" in text


def test_a_source_is_fetched(desk: Path, monkeypatch: pytest.MonkeyPatch):
    record = Reference("T: a study", ("Ada Example",), 2021, doi="10.1000/x", retracted="2024-05-01")
    asked = answering(monkeypatch, record)
    result = inquiry("new", "note", "Is it so?", "--doi", "doi:10.1000/X", "-C", str(desk))
    assert asked == [("doi", "doi:10.1000/X")]
    assert result.stderr == "warning: “T: a study” was retracted on 2024-05-01.\n"
    text = (desk / "notes/is-it-so.md").read_text(encoding="utf-8")
    assert '  - title: "T: a study"\n    authors: [Ada Example]\n    year: 2021\n    doi: 10.1000/x\n' in text
    assert "    retracted: 2024-05-01\n" in text


def test_a_doi_that_arxiv_assigned_is_looked_up_there(desk: Path, monkeypatch: pytest.MonkeyPatch):
    asked = answering(monkeypatch, Reference("T", ("A B",), 2025, arxiv="2510.07364"))
    inquiry("new", "note", "Is it so?", "--doi", "10.48550/arXiv.2510.07364", "-C", str(desk))
    inquiry("new", "note", "Is it otherwise?", "--arxiv", "2510.07364v2", "-C", str(desk))
    assert asked == [("arxiv", "2510.07364"), ("arxiv", "2510.07364v2")]
    assert 'arxiv: "2510.07364"\n' in (desk / "notes/is-it-so.md").read_text(encoding="utf-8")


def test_without_a_network_the_note_has_the_identifier(desk: Path, monkeypatch: pytest.MonkeyPatch):
    answering(monkeypatch, RecordUnavailableError("api.crossref.org cannot be found: is there a network?"))
    result = inquiry("new", "note", "Is it so?", "--doi", "10.1000/x", "-C", str(desk))
    assert result.exit_code == 0
    assert result.stderr == (
        "The record of DOI 10.1000/x could not be fetched (api.crossref.org cannot be found: is there a network?). "
        "The note contains the DOI: fill in the rest, or delete the file and try again.\n"
    )
    assert "    doi: 10.1000/x\n" in (desk / "notes/is-it-so.md").read_text(encoding="utf-8")
