"""The frontmatter of FORMAT.md as types: what is accepted, key by key."""

from __future__ import annotations

from datetime import date as Day
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from inquiry_site.parsing.frontmatter import KeyPath

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Claim = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class _Strict(BaseModel):
    # Strict, so that a number or a date never stands silently for a text (arXiv 2510.10 is not 2510.1).
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class QuoteEntry(_Strict):
    """A verbatim passage and where it stands."""

    text: Text
    locator: Text = Field("", validate_default=False)


class SourceEntry(_Strict):
    """A published source."""

    title: Text
    authors: list[Text] = Field(min_length=1)
    year: int = Field(ge=0, le=9999)
    doi: Text = ""
    arxiv: Text = ""
    isbn: Text = ""
    url: Text = ""
    venue: Text = ""
    type: Literal["paper", "book", "report", "web", "dataset", "talk"] = "paper"
    quotes: list[QuoteEntry] = []
    retracted: bool | Day = False

    @model_validator(mode="after")
    def _has_identity(self) -> SourceEntry:
        if not (self.doi or self.arxiv or self.isbn or self.url):
            raise PydanticCustomError("no_identity", "one of doi, arxiv, isbn or url")
        return self


BibKey = Annotated[str, StringConstraints(pattern=r"^@[^\s,]+$")]


def _source_form(value: object) -> str:
    return "key" if isinstance(value, str) else "record"


AnySource = Annotated[Annotated[SourceEntry, Tag("record")] | Annotated[BibKey, Tag("key")], Discriminator(_source_form)]


class ScopeEntry(_Strict):
    """Where a claim holds, and where it was not shown."""

    holds: list[Text] = []
    not_shown: list[Text] = []


class RelationEntry(_Strict):
    """What a note says about another note."""

    type: Literal["supports", "contradicts", "qualifies", "extends", "supersedes"]
    to: Text
    because: Text


class _Page(_Strict):
    title: Text
    tags: list[Text] = []
    date: Day | None = None
    updated: Day | None = None
    aliases: list[Text] = []
    draft: bool = False


class NoteFrontmatter(_Page):
    """The keys of a note."""

    description: Claim
    sources: list[AnySource] = Field(min_length=1)
    scope: ScopeEntry = ScopeEntry()
    relations: list[RelationEntry] = []
    status: Literal["active", "disputed", "superseded", "retracted"] = "active"


class LineFrontmatter(_Page):
    """The keys of a line."""

    description: Text
    answer: Claim = Field("", validate_default=False)
    verdict: Literal["answered", "partly", "contested", "open"] | None = None
    next: list[Text] = []
    reviewed: Day | None = None


class SchemaProblem(BaseModel):
    """One thing that the schema does not accept."""

    model_config = ConfigDict(frozen=True)

    path: KeyPath
    kind: Literal["missing", "unknown", "type", "value"]
    expected: str
    found: str


def validate(schema: type[NoteFrontmatter] | type[LineFrontmatter], data: dict[str, Any]) -> tuple[Any, list[SchemaProblem]]:
    """The frontmatter as a typed value (None when it cannot be had), and everything that is wrong with it.

    Unknown keys are problems that do not prevent the value.
    """
    try:
        return schema.model_validate(data), []
    except ValidationError as error:
        problems = _problems(error, data)
    if all(problem.kind == "unknown" for problem in problems):
        return schema.model_validate(_without(data, [p.path for p in problems])), problems
    return None, problems


def known_keys(schema: type[NoteFrontmatter] | type[LineFrontmatter], path: KeyPath) -> list[str]:
    """The keys allowed beside the one at ``path``."""
    models: dict[str, type[BaseModel]] = {"scope": ScopeEntry, "relations": RelationEntry, "sources": SourceEntry, "quotes": QuoteEntry}
    parents = [step for step in path[:-1] if isinstance(step, str)]
    model = models.get(parents[-1], schema) if parents else schema
    return sorted(model.model_fields)


def _problems(error: ValidationError, data: dict[str, Any]) -> list[SchemaProblem]:
    found: dict[KeyPath, SchemaProblem] = {}
    for item in error.errors(include_url=False):
        path = _authors_path(item["loc"])
        found.setdefault(path, _problem(path, item))
    return [found[path] for path in sorted(found, key=str)]


def _authors_path(loc: tuple[int | str, ...]) -> KeyPath:
    """The path as it stands in the file: without the names that pydantic adds for the branches of a union."""
    if loc[0] == "sources" and len(loc) > 2:
        loc = (*loc[:2], *loc[3:])
    if "retracted" in loc:
        loc = loc[: loc.index("retracted") + 1]
    return loc


_EXPECTED = {
    "string_type": "text",
    "list_type": "a list",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "date_type": "a date such as 2026-01-31",
    "model_type": "a mapping of keys",
    "string_too_short": "some text",
    "string_unicode": "text of valid characters",
    "greater_than_equal": "a year",
    "less_than_equal": "a year",
}


def _problem(path: KeyPath, item: Any) -> SchemaProblem:
    kind = item["type"]
    context = item.get("ctx", {})
    found = _shown(item["input"])
    if kind == "missing":
        return SchemaProblem(path=path, kind="missing", expected="", found="")
    if kind == "extra_forbidden":
        return SchemaProblem(path=path, kind="unknown", expected="", found=found)
    if kind == "no_identity":
        return SchemaProblem(path=path, kind="missing", expected=item["msg"], found="")
    if kind == "literal_error":
        return SchemaProblem(path=path, kind="value", expected=f"one of {context['expected']}", found=found)
    if kind == "string_too_long":
        length = len(item["input"].strip())
        return SchemaProblem(path=path, kind="value", expected=f"at most {context['max_length']} characters", found=f"{length} characters")
    if kind == "string_pattern_mismatch":
        return SchemaProblem(path=path, kind="value", expected='a mapping of keys, or "@key" of an entry in references.bib', found=found)
    if kind == "too_short":
        return SchemaProblem(path=path, kind="value", expected="at least one entry", found="an empty list")
    return SchemaProblem(path=path, kind="type", expected=_EXPECTED.get(kind, item["msg"]), found=found)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text “{value if len(value) <= 40 else value[:39] + '…'}”"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"the {'number' if isinstance(value, int | float) else type(value).__name__} {value}"


def _without(data: Any, paths: list[KeyPath]) -> Any:
    if isinstance(data, dict):
        gone = {path[0] for path in paths if len(path) == 1}
        return {key: _without(value, [p[1:] for p in paths if p and p[0] == key]) for key, value in data.items() if key not in gone}
    if isinstance(data, list):
        return [_without(value, [p[1:] for p in paths if p and p[0] == place]) for place, value in enumerate(data)]
    return data
