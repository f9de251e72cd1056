"""Define the frontmatter of FORMAT.md as pydantic types, and validate it.

The docstrings of the models are descriptions in the JSON Schema that ``inquiry schema`` prints.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from inquiry_site.parsing.frontmatter import KeyPath

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day_of_text(value: object) -> object:
    """Convert a date in quotation marks, because other tools write dates that way."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return value


Day = Annotated[dt.date, BeforeValidator(_day_of_text)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Claim = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


class _Strict(BaseModel):
    # Strict, so that a number or a date is never silently converted to text (arXiv 2510.10 is not 2510.1).
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty_keys(cls, data: object) -> object:
        """Drop optional keys without a value, such as ``tags:``, which editors often leave behind."""
        if not isinstance(data, dict) or None not in data.values():
            return data
        fields = cls.model_fields
        return {k: v for k, v in data.items() if v is not None or k not in fields or fields[k].is_required()}


class QuoteEntry(_Strict):
    """A verbatim passage and its location."""

    text: Text
    locator: Text = Field("", validate_default=False)


class CheckedEntry(_Strict):
    """When, how far and in which version a source was read."""

    on: Day
    extent: Literal["abstract", "text"] = Field(alias="as")
    version: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^v[1-9]\d{0,3}$")] = Field(
        "", validate_default=False
    )


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
    checked: CheckedEntry | None = None

    @model_validator(mode="after")
    def _has_identity(self) -> SourceEntry:
        if not (self.doi or self.arxiv or self.isbn or self.url):
            raise PydanticCustomError("no_identity", "one of doi, arxiv, isbn or url")
        return self


BibKey = Annotated[str, StringConstraints(pattern=r"^@[^\s,]+$")]


def _source_form(value: object) -> str:
    return "key" if isinstance(value, str) else "record"


AnySource = Annotated[
    Annotated[SourceEntry, Tag("record")] | Annotated[BibKey, Tag("key")], Discriminator(_source_form)
]


class ScopeEntry(_Strict):
    """Where a claim holds, and where it has not been shown to hold."""

    holds: list[Text] = []
    not_shown: list[Text] = []


class RelationEntry(_Strict):
    """How a note relates to another note."""

    type: Literal["supports", "contradicts", "qualifies", "extends", "supersedes"]
    to: Text
    because: Text


class _PageFrontmatter(_Strict):
    title: Text
    tags: list[Text] = []
    date: Day | None = None
    updated: Day | None = None
    aliases: list[Text] = []
    draft: bool = False


class NoteFrontmatter(_PageFrontmatter):
    """The keys of a note."""

    description: Claim
    sources: list[AnySource] = Field(min_length=1)
    scope: ScopeEntry = ScopeEntry()
    relations: list[RelationEntry] = []
    status: Literal["active", "disputed", "superseded", "retracted"] = "active"


class LineFrontmatter(_PageFrontmatter):
    """The keys of a line."""

    description: Text
    answer: Claim = Field("", validate_default=False)
    verdict: Literal["answered", "partly", "contested", "open"] | None = None
    next: list[Text] = []
    reviewed: Day | None = None


AnyFrontmatter = NoteFrontmatter | LineFrontmatter
"""The frontmatter of a document."""


class TopicFrontmatter(_Strict):
    """The keys of a topic."""

    title: Text
    description: Text = ""
    aliases: list[Text] = []


_Schema = TypeVar("_Schema", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """A value that the schema does not accept."""

    path: KeyPath
    kind: Literal["missing", "unknown", "type", "value"]
    expected: str = ""
    found: str = ""


def validate(schema: type[_Schema], data: object) -> tuple[_Schema | None, list[SchemaProblem]]:
    """Validate frontmatter against a schema.

    Args:
        schema: the model of a note, a line or a topic.
        data: the parsed YAML.

    Returns:
        The frontmatter as a typed value, and all problems. The value is None if there are problems other than unknown
        keys.
    """
    try:
        return schema.model_validate(data), []
    except ValidationError as error:
        problems = _problems(error)
    if all(problem.kind == "unknown" for problem in problems):
        # Validators of a whole model run only if its keys are valid, and may then report the key that was misspelt.
        value, remaining = validate(schema, _without(data, [p.path for p in problems]))
        return value, problems + remaining
    return None, problems


_MAPPINGS: dict[str, type[BaseModel]] = {
    "notes": NoteFrontmatter,
    "lines": LineFrontmatter,
    "topics": TopicFrontmatter,
    "sources": SourceEntry,
    "quotes": QuoteEntry,
    "scope": ScopeEntry,
    "relations": RelationEntry,
    "checked": CheckedEntry,
}
"""The model of each mapping, by the folder of the file or the key that contains the mapping."""


def mappings_with(key: str) -> list[str]:
    """Return the mappings in which a key is allowed, each as the folder of a file or the key that contains it."""
    return [name for name, model in _MAPPINGS.items() if key in _names(model)]


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def is_accepted(mapping: str, key: str, value: object) -> bool:
    """Return whether the format accepts a value for a key of a mapping, named as by ``mappings_with``."""
    try:
        _MAPPINGS[mapping].model_validate({key: value})
    except ValidationError as error:
        return all(item["loc"][:1] != (key,) for item in error.errors(include_url=False))
    return True


def known_keys(schema: type[BaseModel], path: KeyPath) -> list[str]:
    """Return the keys allowed in the mapping that contains ``path``, sorted."""
    parents = [step for step in path[:-1] if isinstance(step, str)]
    model = _MAPPINGS.get(parents[-1], schema) if parents else schema
    return sorted(_names(model))


def _problems(error: ValidationError) -> list[SchemaProblem]:
    problems: dict[KeyPath, SchemaProblem] = {}
    for item in error.errors(include_url=False):
        path = _authors_path(item["loc"])
        problems.setdefault(path, _problem(path, item))
    return list(problems.values())


def _authors_path(location: tuple[int | str, ...]) -> KeyPath:
    """Return the path in the file, without the names that pydantic adds for the branches of a union."""
    if location[0] == "sources" and len(location) > 2:
        location = (*location[:2], *location[3:])
    if "retracted" in location:
        location = location[: location.index("retracted") + 1]
    return location


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


_EXPECTED_AT = {
    "retracted": "true, false or a date such as 2026-01-31",
    "checked": "a mapping such as {on: 2026-01-31, as: abstract}",
    "version": "a version such as v2",
}
"""What is expected at a key, if its type alone would not be clear."""


def _problem(path: KeyPath, item: ErrorDetails) -> SchemaProblem:
    kind, context, found = item["type"], item.get("ctx", {}), describe_value(item["input"])
    match kind:
        case "missing":
            return SchemaProblem(path, "missing")
        case "no_identity":
            return SchemaProblem(path, "missing", item["msg"])
        case "extra_forbidden":
            return SchemaProblem(path, "unknown", found=found)
        case "literal_error":
            return SchemaProblem(path, "value", re.sub(r"'([^']*)'", r"“\1”", f"one of {context['expected']}"), found)
        case "string_too_long":
            length = len(item["input"].strip())
            return SchemaProblem(path, "value", f"at most {context['max_length']} characters", f"{length} characters")
        case "string_pattern_mismatch" if path[-1] == "version":
            return SchemaProblem(path, "value", _EXPECTED_AT["version"], found)
        case "string_pattern_mismatch":
            return SchemaProblem(path, "value", "a mapping of keys, or “@key” for an entry of references.bib", found)
        case "too_short":
            return SchemaProblem(path, "value", "a list with at least one entry", found)
    key = str(path[-1]) if path else ""
    return SchemaProblem(path, "type", _EXPECTED_AT.get(key) or _EXPECTED.get(kind, item["msg"]), found)


def describe_value(value: object) -> str:
    """Describe a frontmatter value for a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case "":
            return "an empty text"
        case str():
            return f"the text “{value if len(value) <= 40 else value[:39] + '…'}”"
        case dict():
            return "a mapping"
        case list():
            return "a list" if value else "an empty list"
        case int() | float():
            return f"the number {value}"
        case dt.datetime():
            return f"the date and time {value}"
        case dt.date():
            return f"the date {value}"
    return f"a value of type {type(value).__name__}"


def _without(data: object, paths: list[KeyPath]) -> object:
    """Return the data without the values at these paths."""
    removed = {path[0] for path in paths if len(path) == 1}
    deeper: dict[str | int, list[KeyPath]] = {}
    for path in paths:
        deeper.setdefault(path[0], []).append(path[1:])
    if isinstance(data, dict):
        return {k: _without(v, deeper[k]) if k in deeper else v for k, v in data.items() if k not in removed}
    if isinstance(data, list):
        return [_without(value, deeper[index]) if index in deeper else value for index, value in enumerate(data)]
    return data
