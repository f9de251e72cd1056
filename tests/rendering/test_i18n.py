"""The site's own words: complete in each language that ships, the site's to change, and all of them translated."""

from __future__ import annotations

import re
import tomllib

import pytest
from babel import Locale

from inquiry_site import Config, build
from inquiry_site.rendering.i18n import direction_of, fill, load_translations, placeholders, shipped_languages
from inquiry_site.rendering.template_folder import template_folder
from inquiry_site.search.index import UI_STRING_KEYS
from tests.support.knowledge_bases import line, note

FOLDER = template_folder()
SHIPPED = {name: tomllib.loads((FOLDER / f"languages/{name}.toml").read_text("utf-8")) for name in shipped_languages()}
ENGLISH = SHIPPED["en"]
TEMPLATES = {path.name: path.read_text("utf-8") for path in FOLDER.rglob("*.html")}
FILES = {
    "notes/a.md": note(
        "甲？", tags="[一]", relations="[{type: contradicts, to: b, because: 二}]", updated="2026-02-01"
    ),
    "notes/b.md": note("乙？", "[[a]]", tags="[一]", status="disputed", scope="{holds: [三], not_shown: [四]}"),
    "lines/l.md": line("丙？", "[[a]] [[b]]", answer="五", verdict="contested", reviewed="2026-01-01", tags="[一]"),
    "lines/m.md": line("丁？", "[[a]]", tags="[一]"),
    "lines/o.md": line("戊？", "", tags="[一]"),
}


def texts_of(text: object) -> list[str]:
    return list(map(str, text.values())) if isinstance(text, dict) else [str(text)]


@pytest.mark.parametrize("language", sorted(SHIPPED))
def test_a_language_that_ships_is_complete(language: str):
    texts = SHIPPED[language]
    assert texts.keys() == ENGLISH.keys()
    assert list(texts) == list(ENGLISH), "in one order, so that two files can be read side by side"
    categories = set(Locale.parse(language, sep="-").plural_form.tags) | {"other"}
    for key, text in texts.items():
        assert isinstance(text, dict) == isinstance(ENGLISH[key], dict), key
        assert placeholders(text) == placeholders(ENGLISH[key]), key
        assert not isinstance(text, dict) or set(text) == categories, key
        for form in texts_of(text):
            assert form.strip(), key
            assert '"' not in form, key
            assert set(re.findall(r"<[^>]*>", form)) <= {"<code>", "</code>", "<em>", "</em>"}, key


def test_every_text_is_used_and_every_text_used_is_there():
    sources = "\n".join(TEMPLATES.values())
    used = set(re.findall(r"\bwords\.([a-z_]+)", sources)) | set(re.findall(r'words\["([a-z_]+)"\]', sources))
    families = set(re.findall(r'words\["([a-z]+_)" ~', sources)) | {"reason_"}
    named_in_code = {*UI_STRING_KEYS, "missing", "list_comma", "list_last", "et_al", "authors_more"}
    named_by_kind = {"lines", "notes", "sources", "topics", "line", "note", "map", "health"}
    assert used <= ENGLISH.keys()
    unused = {
        key for key in ENGLISH.keys() - used - named_in_code - named_by_kind if not key.startswith(tuple(families))
    }
    assert unused == set()
    assert not any(hasattr({}, key) for key in ENGLISH), "a template would be given the method of a mapping"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_has_no_words_of_its_own(name: str):
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", TEMPLATES[name], flags=re.DOTALL)
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    words = re.sub(r"<[^>]*>", "", text, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]{2,}", " ".join((words, *attributes))) == []


@pytest.mark.parametrize("language", ["de", "zh"])
def test_no_english_is_left_on_a_page_in_another_language(language: str):
    built = build(FILES, Config(language=language, site_name="名"))
    assert built.errors == ()
    english = {form for key, text in ENGLISH.items() for form in texts_of(text) if text != SHIPPED[language][key]}
    plain = {re.sub(r"<[^>]*>", "", form) for form in english if "{" not in form and len(form) > 5}
    for page in built.pages:
        words = re.sub(r"<[^>]*>", " ", built.html(page))
        assert [form for form in plain if re.search(rf"\b{re.escape(form)}\b", words)] == [], page.path
        assert page.title not in {"Map", "Health", "Notes"}
    reasons = re.findall(r'"reasons": \[([^\]]*)\]', built.graph_json())
    assert any(reasons)
    assert not re.search("shares|cited together|both about", "".join(reasons))


def test_words_follow_numbers_as_the_language_has_it():
    own = {"languages/pl.toml": 'count_notes = { one = "{n} notatka", few = "{n} notatki", other = "{n} notatek" }'}
    words = load_translations("pl", own)
    assert [words.format_count("count_notes", n) for n in (1, 3, 5)] == ["1 notatka", "3 notatki", "5 notatek"]
    assert words.format_count("count_lines", 5) == "5 inquiring lines", "a gap is filled with English and its own forms"
    assert load_translations("en", {}).format_count("count_notes", 1) == "1 note"


def test_a_region_has_the_words_of_its_language():
    assert load_translations("de-AT", {})["notes"] == "Notizen"
    assert load_translations("de-AT", {"languages/de-AT.toml": 'notes = "Zettel"'})["notes"] == "Zettel"
    assert load_translations("xx", {})["notes"] == load_translations("../../etc", {})["notes"] == "Notes"


def test_names_are_listed_as_the_language_lists_them():
    english, chinese = load_translations("en", {}), load_translations("zh", {})
    assert [english.join_list(names) for names in ([], ["a"], ["a", "b"], "abc")] == ["", "a", "a and b", "a, b and c"]
    assert chinese.join_list("甲乙丙") == "甲、乙和丙"


def test_what_is_filled_in_is_escaped():
    assert fill(load_translations("en", {}).texts["moved"], page="<b>") == "This page has moved: &lt;b&gt;"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "line_number", "message"),
    [
        ('\nnotes = "', 2, "it is not TOML"),
        ('note = "Zettel"\nnots = "Zettel"', 2, "there is no text “nots”; did you mean “notes”?"),
        ("notes = 3", 1, "“notes” must be text"),
        ('count_notes = "{n} Zettel"', 1, "“count_notes” depends on a number"),
        ('count_notes = { one = "{n} Zettel" }', 1, "“count_notes” depends on a number"),
        ('due = "{day}"', 1, "“due” has no placeholder day"),
        ('due = "{"', 1, "“due” contains an unmatched brace"),
    ],
)
def test_words_that_cannot_be_used_are_named_and_those_that_ship_stand_in(text: str, line_number: int, message: str):
    built = build({**FILES, "templates/languages/de.toml": text}, Config(language="de"))
    (problem,) = built.errors
    assert (problem.span.path, problem.span.line) == ("templates/languages/de.toml", line_number)
    assert message in problem.message
    assert "Notizen" in built.html(next(page for page in built.pages if page.path == "notes/index.md"))


@pytest.mark.parametrize(
    ("text", "direction"), [("Does it?", "ltr"), ("האם?", "rtl"), ("12 – هل؟", "rtl"), ("1 + 1", "")]
)
def test_the_direction_of_a_text_is_that_of_its_first_letter(text: str, direction: str):
    assert direction_of(text) == direction


def test_text_that_runs_against_the_page_says_so():
    files = {"notes/a.md": note("Does it?"), "lines/l.md": line("האם?", "כן [[a]].")}
    for language, against in (("en", 'dir="rtl">האם?'), ("he", 'dir="ltr">Does it?')):
        built = build(files, Config(language=language))
        home = "".join(built.html(page) for page in built.pages if page.path in {"lines/index.md", "notes/index.md"})
        assert re.search(against.replace(">", ">(<[^>]*>)*").replace("?", r"\?"), home)
        assert re.findall('dir="([a-z]+)"', home) == [against[5:8]] * home.count(' dir="')


def test_an_authors_citations_keep_their_direction_in_prose_that_runs_against_the_page():
    files = {"notes/a.md": note("Does it?"), "lines/l.md": line("האם?", "כן [[a]] לא.")}
    built = build(files, Config(language="en"))
    html = built.html(next(page for page in built.pages if page.path == "lines/l.md"))
    assert 'data-n="1" dir="auto">Does it?</a>' in html
