"""The JSON schema and the checks accept the same frontmatter."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from inquiry_site.build import check
from inquiry_site.config import Config
from inquiry_site.model import Kind
from inquiry_site.parsing.json_schema import frontmatter_schema, topic_schema
from tests.support.knowledge_bases import ROOT

SILENT = dict.fromkeys(["sources/arxiv-year", "sources/conflict", "sources/retracted", "sources/year"], False)
"""Rules that compare several values, which a schema cannot do."""
QUIET = Config(rules={"shape": False, "evidence": False, "links": False, "topics": False, **SILENT})
NOTE: dict[str, Any] = {
    "title": "Does it hold?",
    "description": "It does.",
    "tags": ["a"],
    "date": dt.date(2026, 1, 14),
    "sources": [
        {
            "title": "T",
            "authors": ["A B"],
            "year": 2025,
            "arxiv": "2510.07364",
            "quotes": [{"text": "x", "locator": "p. 7"}],
            "checked": {"on": dt.date(2026, 1, 14), "as": "abstract", "version": "v2"},
        },
        {"title": "U", "authors": ["C"], "year": 2020, "doi": "10.1000/x", "type": "book", "retracted": True},
        {"title": "V", "authors": ["C"], "year": 2020, "isbn": "978-0-306-40615-7", "venue": "W"},
        {
            "title": "W",
            "authors": ["C"],
            "year": 2020,
            "url": "https://example.org/a",
            "retracted": dt.date(2024, 1, 1),
        },
    ],
    "scope": {"holds": ["a"], "not_shown": ["b"]},
    "relations": [{"type": "supports", "to": "b", "because": "c"}],
    "status": "disputed",
    "aliases": ["Former"],
    "draft": False,
}
LINE: dict[str, Any] = {
    "title": "How?",
    "description": "Whether.",
    "answer": "So.",
    "verdict": "open",
    "next": ["l"],
    "reviewed": dt.date(2026, 5, 1),
    "updated": dt.date(2026, 5, 1),
}
TOPIC: dict[str, Any] = {"title": "What it is about", "description": "What it asks.", "aliases": ["b"]}
BASES = {"note": NOTE, "line": LINE, "topic": TOPIC}


def schema_of(noun: str) -> dict[str, Any]:
    return topic_schema() if noun == "topic" else frontmatter_schema(next(kind for kind in Kind if kind.noun == noun))


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 12000),
    st.floats(0.1, 0.9),
    st.dates(dt.date(1990, 1, 1)),
    st.sampled_from(["", " ", "x", "x?", "y？ ", "2026-01-14", "2026-02-31", "a" * 600, "a" * 601, f" {'a' * 600} "]),
    st.sampled_from(["text", "v2", " v10 ", "v0", "V2", "2"]),
    st.sampled_from(["@key", "@ key", "supports", "answered", "active", "paper", "2510.07364v2", "2513.07364"]),
    st.sampled_from(["10.1000/x", "10.1/x", "doi:10.1000/X", "https://doi.org/10.1000/x", "DOI 10.1000/x", "TBD"]),
    st.sampled_from(
        ["arXiv:2510.07364", "hep-th/9901001", "2510.0736", "0704.0001", "https://arxiv.org/abs/2510.07364v1"]
    ),
    st.sampled_from(["0-306-40615-2", "978 0 306 40615 7", "12345", "http://x", "ftp://x", "https://", "https:// x/y"]),
    st.lists(st.sampled_from(["x", 1, None, ""]), max_size=2),
    st.dictionaries(st.sampled_from(["text", "to", "x"]), st.sampled_from(["x", 1]), max_size=2),
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every item nested in a value."""
    inner: list[tuple[Any, ...]] = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        inner += paths(each, (*path, key))
    return inner


def fitting(key: Any, value: Any) -> Any:
    """Replace a date where text is expected: JSON has no dates, so the schema accepts it and the checks do not."""
    is_misplaced_date = isinstance(value, dt.date) and key not in {"date", "updated", "reviewed", "retracted", "on"}
    return "text" if is_misplaced_date else value


@st.composite
def frontmatters(draw: st.DrawFn, noun: str) -> dict[str, Any]:
    """Generate valid frontmatter with up to three changes: a value replaced, a key removed or a key added."""
    frontmatter = copy.deepcopy(BASES[noun])
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(paths(frontmatter)))
        parent = frontmatter
        for step in path[:-1]:
            parent = parent[step]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                parent[path[-1]] = fitting(path[-1], draw(values))
            case "remove":
                del parent[path[-1]]
            case "add" if isinstance(parent, dict):
                key = draw(st.sampled_from(["titel", "Tags", "doi", "url", "next", "status"]))
                parent[key] = fitting(key, draw(values))
        if not paths(frontmatter):
            break
    return frontmatter


def as_json(value: Any) -> Any:
    """Return a value as editors validate it: JSON has strings instead of dates."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


def accepted_by_schema(noun: str, value: dict[str, Any]) -> bool:
    validator = jsonschema.Draft7Validator(schema_of(noun), format_checker=jsonschema.FormatChecker())
    return validator.is_valid(as_json(value))


def accepted_by_check(noun: str, value: dict[str, Any]) -> bool:
    text = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
    files = {
        f"{noun}s/x.md": f"---\n{text}---\n",
        "references.bib": "@article{key, title={T}, author={A B}, year={2020}, doi={10.1000/k}}",
    }
    return not check(files, QUIET).diagnostics


@pytest.mark.parametrize("noun", BASES)
def test_complete_frontmatter_is_accepted_by_both(noun: str) -> None:
    assert accepted_by_schema(noun, BASES[noun])
    assert accepted_by_check(noun, BASES[noun])


@pytest.mark.parametrize("noun", BASES)
@given(data=st.data())
def test_the_schema_accepts_what_the_checks_accept(noun: str, data: st.DataObject) -> None:
    value = data.draw(frontmatters(noun))
    # These verdicts require a body, which no schema of frontmatter can express.
    assume(value.get("verdict") not in ("answered", "partly", "contested"))
    assert accepted_by_schema(noun, value) == accepted_by_check(noun, value)


@pytest.mark.parametrize("noun", BASES)
def test_the_schema_is_valid_and_editors_use_it(noun: str) -> None:
    schema = schema_of(noun)
    jsonschema.Draft7Validator.check_schema(schema)
    stored = f"docs/schemas/{noun}.json"
    assert json.loads((ROOT / stored).read_text(encoding="utf-8")) == schema, f"inquiry schema {noun} > {stored}"
    for settings in (".vscode/settings.json", ".remarkrc.json"):
        assert stored in (ROOT / settings).read_text(encoding="utf-8")
