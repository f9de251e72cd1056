"""Generate the JSON Schema of the format for editors. Whatever it accepts, the checks accept too."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from inquiry_site.model import Kind
from inquiry_site.parsing.schema import LineFrontmatter, NoteFrontmatter, TopicFrontmatter

DIALECT = "http://json-schema.org/draft-07/schema#"

_LONGEST_CLAIM = 600
_NON_EMPTY = r"\S"
_CLAIM = rf"^\s*\S(?:[\s\S]{{0,{_LONGEST_CLAIM - 2}}}\S)?\s*$"
_QUESTION = r"[?？؟՞፧;]\s*$"
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_PATTERNS = {
    "doi": r"^\s*(?:(?:[hH][tT][tT][pP][sS]?://)?(?:[dD][xX]\.|[wW]{3}\.)?[dD][oO][iI]\.[oO][rR][gG]/|[dD][oO][iI]:?\s*)?"
    r"10\.\d{4,9}(?:\.\d+)*/\S*[^\s.,;:]\s*$",
    "arxiv": r"^\s*(?:(?:[hH][tT][tT][pP][sS]?://)?(?:[wW]{3}\.|[eE][xX][pP][oO][rR][tT]\.)?"
    r"[aA][rR][xX][iI][vV]\.[oO][rR][gG]/(?:[aA][bB][sS]|[pP][dD][fF]|[hH][tT][mM][lL])/|[aA][rR][xX][iI][vV]:?\s*)?"
    r"(?:(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5}"
    r"|[a-zA-Z-]+(?:\.[a-zA-Z]{2})?/\d\d(?:0[1-9]|1[0-2])\d{3})(?:[vV]\d+)?(?:\.[pP][dD][fF])?\s*$",
    "isbn": r"^\s*(?:(?:[uU][rR][nN]:)?[iI][sS][bB][nN](?:-1[03])?:?\s*)?"
    r"(?:[\s-]*\d){9}(?:(?:[\s-]*\d){3})?[\s-]*[\dxX]\s*$",
    "version": r"^\s*v[1-9]\d{0,3}\s*$",
    "url": r"^\s*[hH][tT][tT][pP][sS]?://[^\s/?#@:]*[^\s/?#@:.][^\s/?#@:]*(?::\d+)?(?:[/?#]\S*)?\s*$",
}
"""Patterns of identifiers and versions. A pattern cannot verify the check digit of an ISBN."""

_MEANING = {
    "title": "The question, or the title of a publication.",
    "description": "A note's claim, shown wherever the note is cited; for a line, what it examines.",
    "sources": "Where the evidence is published.",
    "tags": "Topics.",
    "date": "When the page was written.",
    "updated": "When the claim last changed.",
    "scope": "Where the claim holds, and where it has not been shown to hold.",
    "holds": "Where the claim holds.",
    "not_shown": "Where the claim has not been shown to hold.",
    "relations": "How this note relates to others, each with a reason.",
    "status": "Whether the claim still holds.",
    "aliases": "Former ids, which redirect here, and alternative titles, which can be cited.",
    "draft": "Shown in previews, never published.",
    "authors": "“Given Family” or “Family, Given”.",
    "year": "Year of publication.",
    "doi": "Digital object identifier, such as 10.1038/nature14539.",
    "arxiv": "arXiv number in quotation marks, such as \"2510.07364\".",
    "isbn": "International standard book number.",
    "url": "Web address, if there is no DOI, arXiv number or ISBN.",
    "venue": "Journal or conference.",
    "quotes": "Verbatim passages, each with its location.",
    "text": "The words of the source.",
    "locator": "Where the passage is: abstract, §4.2, p. 7, Table 3.",
    "retracted": "True, or the day of the retraction.",
    "checked": "When, how far and in which version the source was read for this note.",
    "on": "The day on which it was read.",
    "as": "How far it was read: the abstract only, or the text.",
    "version": "The version that was read, such as v2.",
    "to": "Id of the other note.",
    "because": "The reason, in a sentence.",
    "answer": "The short answer; required unless the question is open.",
    "verdict": "If omitted: open for an empty body, otherwise answered.",
    "next": "Ids of the lines that the author recommends next; they are listed first.",
    "reviewed": "When the line was last checked against the notes that it cites.",
}  # fmt: skip


_MEANING_IN_TOPIC = {
    "title": "What the topic is called.",
    "description": "What the topic asks, in a sentence.",
    "aliases": "Other tags that mean the same.",
}


def frontmatter_schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema of a note's or a line's frontmatter, in draft 7, which editors support best.

    An optional key without a value counts as omitted, so null is accepted there. Two things that a schema cannot
    express are left to the checks: a line needs an answer unless its body is empty, and an ISBN needs a valid check
    digit.
    """
    if kind is Kind.LINE:
        return _schema(LineFrontmatter, "an inquiring line")
    schema = _schema(NoteFrontmatter, "a note")
    schema["properties"]["title"]["pattern"] = _QUESTION
    _require_identity(schema["$defs"]["SourceEntry"])
    return schema


def topic_schema() -> dict[str, Any]:
    """Return the JSON Schema of a topic's frontmatter, in the same draft."""
    schema = _schema(TopicFrontmatter, "a topic")
    for name, meaning in _MEANING_IN_TOPIC.items():
        schema["properties"][name]["description"] = meaning
    return schema


def _schema(model: type[BaseModel], noun: str) -> dict[str, Any]:
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    for definition in (schema, *definitions.values()):
        _refine(definition)
    head = {"$schema": DIALECT, "title": f"Frontmatter of {noun}", "description": schema.pop("description")}
    del schema["title"]
    return {**head, **schema, **({"$defs": definitions} if definitions else {})}


def _require_identity(source: dict[str, Any]) -> None:
    source["anyOf"] = [
        {"required": [key], "properties": {key: {"type": "string"}}} for key in ("doi", "arxiv", "isbn", "url")
    ]


def _refine(definition: dict[str, Any]) -> None:
    """Add what the types do not express: patterns of texts, descriptions of keys, and null for empty keys."""
    required = set(definition.get("required", ()))
    for name, generated in definition.get("properties", {}).items():
        kept = {key: value for key, value in generated.items() if key not in {"title", "default"}}
        refined = _with_patterns(kept, name)
        if name not in required and "$ref" not in refined:
            refined = _or_null(refined)
        elif name not in required:
            refined = {"anyOf": [refined, {"type": "null"}]}
        definition["properties"][name] = {"description": _MEANING.get(name, name), **refined}
    definition.pop("default", None)


def _with_patterns(value: dict[str, Any], name: str) -> dict[str, Any]:
    if "anyOf" in value:
        return {**value, "anyOf": [_with_patterns(choice, name) for choice in value["anyOf"]]}
    if "oneOf" in value:
        return value
    if value.get("type") == "array":
        return {**value, "items": _with_patterns(value["items"], name)}
    if value.get("type") != "string" or "enum" in value:
        return value
    if value.get("format") == "date":
        return {**value, "pattern": _DAY}
    refined = {key: keyword for key, keyword in value.items() if key not in {"minLength", "maxLength"}}
    return {**refined, "pattern": _PATTERNS.get(name) or (_CLAIM if "maxLength" in value else _NON_EMPTY)}


def _or_null(value: dict[str, Any]) -> dict[str, Any]:
    if "anyOf" in value:
        choices = value["anyOf"]
        return value if {"type": "null"} in choices else {**value, "anyOf": [*choices, {"type": "null"}]}
    if "enum" in value:
        return {"enum": [*value["enum"], None]}
    return {**value, "type": [value["type"], "null"]}
