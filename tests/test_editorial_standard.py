"""The settings of the editorial standard, and what is reported about invalid ones."""

from __future__ import annotations

from typing import Any

import pytest

from inquiry_site.build import check
from inquiry_site.config import Config, ConfigError
from inquiry_site.editorial_standard import NOTHING_REQUIRED, EditorialStandard
from tests.support.knowledge_bases import WITHOUT_WIDE_RULES, line, note


def test_nothing_is_required_by_default():
    assert Config.from_mapping({}).editorial == Config.from_mapping({"editorial": None}).editorial == NOTHING_REQUIRED
    files = {"notes/n.md": note(tags="[alone]"), "lines/l.md": line(body="It is so [[n]].")}
    assert check(files, WITHOUT_WIDE_RULES).diagnostics == ()


def test_lists_become_immutable_values():
    settings = {"note_words": [80, 250], "identifiers": ["doi", "arxiv"], "scope": True, "quote_words": 6}
    assert Config.from_mapping({"editorial": settings}).editorial == EditorialStandard(
        note_words=(80, 250), identifiers=("doi", "arxiv"), scope=True, quote_words=6
    )


BOUNDS = "must be two whole numbers, the smaller one first, as in [80, 250]"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (["scope"], "must be a mapping of settings to values, not ['scope']"),
        ({"note_word": [80, 250]}, "'note_word' is not a setting; did you mean 'note_words'?"),
        ({"Scope": True}, "'Scope' is not a setting; did you mean 'scope'?"),
        ({"note_words": 80}, f"'note_words' {BOUNDS}, not 80"),
        ({"note_words": [250, 80]}, f"'note_words' {BOUNDS}, not [250, 80]"),
        ({"line_notes": [6, "12"]}, f"'line_notes' {BOUNDS}, not [6, '12']"),
        ({"line_words": None}, f"'line_words' {BOUNDS}, not None"),
        ({"scope": "yes"}, "'scope' must be true or false, not 'yes'"),
        ({"quote_words": True}, "'quote_words' must be a whole number, not True"),
        ({"topic_pages": -1}, "'topic_pages' must be a whole number, not -1"),
        (
            {"identifiers": ["doi", "arXiv"]},
            "'identifiers' must be a list of doi, arxiv, isbn, url, not ['doi', 'arXiv']; did you mean 'arxiv'?",
        ),
        ({"identifiers": "doi"}, "'identifiers' must be a list of doi, arxiv, isbn, url, not 'doi'"),
        (
            {"identifiers": [["doi"]]},
            "'identifiers' must be a list of doi, arxiv, isbn, url, not [['doi']]; did you mean 'doi'?",
        ),
    ],
)
def test_an_invalid_setting_is_named_with_what_is_expected(settings: Any, problem: str):
    with pytest.raises(ConfigError) as error:
        Config.from_mapping({"editorial": settings})
    (reported,) = error.value.problems
    assert reported.removeprefix("'editorial' ").removeprefix("'editorial': ").rstrip(".") == problem


def test_an_unknown_setting_without_a_similar_one_lists_all_and_others_are_reported_too():
    with pytest.raises(ConfigError) as error:
        Config.from_mapping({"editorial": {"zzz": 1, 7: 1, "scope": 1}})
    unknown, number, scope = error.value.problems
    assert unknown == (
        "'editorial': 'zzz' is not a setting; the settings are note_words, line_words, line_notes, quote_words, "
        "topic_pages, identifiers, scope, checked, answer, reviewed."
    )
    assert number.startswith("'editorial': 7 is not a setting")
    assert scope == "'editorial': 'scope' must be true or false, not 1."
