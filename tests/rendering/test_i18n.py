"""UI strings: complete in each shipped language, replaceable by a site, and translated on every page."""

from __future__ import annotations

import datetime as dt
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
def test_a_shipped_language_is_complete(language: str):
    texts = SHIPPED[language]
    assert texts.keys() == ENGLISH.keys()
    assert list(texts) == list(ENGLISH), "in one order, so that two files can be compared side by side"
    categories = set(Locale.parse(language, sep="-").plural_form.tags) | {"other"}
    for key, text in texts.items():
        assert isinstance(text, dict) == isinstance(ENGLISH[key], dict), key
        assert placeholders(text) == placeholders(ENGLISH[key]), key
        assert not isinstance(text, dict) or set(text) == categories, key
        for form in texts_of(text):
            assert form.strip(), key
            assert '"' not in form, key
            assert set(re.findall(r"<[^>]*>", form)) <= {"<code>", "</code>", "<em>", "</em>"}, key


def test_every_string_is_used_and_every_used_string_exists():
    sources = "\n".join(TEMPLATES.values())
    used = set(re.findall(r"\bwords\.([a-z_]+)", sources)) | set(re.findall(r'words\["([a-z_]+)"\]', sources))
    families = set(re.findall(r'words\["([a-z]+_)" ~', sources)) | {"reason_"}
    named_in_code = {
        *UI_STRING_KEYS,
        "missing",
        "mark_source",
        "mark_retracted",
        "mark_superseded",
        "mark_acknowledged",
        "task_to_do",
        "task_done",
        "date_pattern",
        "list_comma",
        "list_last",
        "et_al",
        "authors_more",
    }
    named_by_kind = {"lines", "notes", "sources", "topics", "line", "note", "map", "health"}
    assert used <= ENGLISH.keys()
    unused = {
        key for key in ENGLISH.keys() - used - named_in_code - named_by_kind if not key.startswith(tuple(families))
    }
    assert unused == set()
    assert not any(hasattr({}, key) for key in ENGLISH), "in a template the name would be that of a mapping's method"


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_templates_contain_no_untranslated_text(name: str):
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", TEMPLATES[name], flags=re.DOTALL)
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    content = re.sub(r"<[^>]*>", "", text, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]{2,}", " ".join((content, *attributes))) == []


@pytest.mark.parametrize("language", ["de", "zh"])
def test_a_page_in_another_language_contains_no_english(language: str):
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


def test_plural_forms_follow_the_language():
    overrides = {
        "languages/pl.toml": 'count_notes = { one = "{n} notatka", few = "{n} notatki", other = "{n} notatek" }'
    }
    translations = load_translations("pl", overrides)
    assert [translations.format_count("count_notes", n) for n in (1, 3, 5)] == ["1 notatka", "3 notatki", "5 notatek"]
    assert translations.format_count("count_lines", 5) == "5 lines", (
        "a missing string is English, with the plural forms of English"
    )
    assert load_translations("en", {}).format_count("count_notes", 1) == "1 note"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "9 November 2026"),
        ("de", "9. November 2026"),
        ("zh", "2026年11月9日"),
        ("fr", "9 novembre 2026"),
        ("xx", "9 November 2026"),
    ],
)
def test_dates_are_in_words(language: str, words: str):
    translations = load_translations(language, {})
    assert translations.date_in_words(dt.date(2026, 11, 9)) == translations.date_in_words("2026-11-09") == words


def test_a_date_that_is_not_of_one_day_is_shown_as_it_is():
    assert load_translations("en", {}).date_in_words("spring 2026") == "spring 2026"


def test_a_region_falls_back_to_its_language():
    assert load_translations("de-AT", {})["notes"] == "Notizen"
    assert load_translations("de-AT", {"languages/de-AT.toml": 'notes = "Zettel"'})["notes"] == "Zettel"
    assert load_translations("xx", {})["notes"] == load_translations("../../etc", {})["notes"] == "Notes"


def test_lists_of_names_follow_the_language():
    english, chinese = load_translations("en", {}), load_translations("zh", {})
    assert [english.join_list(names) for names in ([], ["a"], ["a", "b"], "abc")] == ["", "a", "a and b", "a, b and c"]
    assert chinese.join_list("甲乙丙") == "甲、乙和丙"


def test_values_in_strings_are_escaped():
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
def test_invalid_translations_are_reported_and_shipped_ones_are_used(text: str, line_number: int, message: str):
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


def test_text_against_the_direction_of_the_page_has_a_direction():
    files = {"notes/a.md": note("Does it?"), "lines/l.md": line("האם?", "כן [[a]].")}
    for language, against in (("en", 'dir="rtl">האם?'), ("he", 'dir="ltr">Does it?')):
        built = build(files, Config(language=language))
        home = "".join(built.html(page) for page in built.pages if page.path in {"lines/index.md", "notes/index.md"})
        assert re.search(against.replace(">", ">(<[^>]*>)*").replace("?", r"\?"), home)
        assert re.findall('dir="([a-z]+)"', home) == [against[5:8]] * home.count(' dir="')


def test_citations_in_prose_against_the_direction_of_the_page_have_a_direction():
    files = {"notes/a.md": note("Does it?"), "lines/l.md": line("האם?", "כן [[a]] לא.")}
    built = build(files, Config(language="en"))
    html = built.html(next(page for page in built.pages if page.path == "lines/l.md"))
    assert 'data-n="1" dir="auto">Does it?</a>' in html
