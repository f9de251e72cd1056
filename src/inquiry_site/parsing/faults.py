"""Turn problems of file names, YAML, schemas and bodies into faults with spans."""

from __future__ import annotations

import posixpath
from typing import Any

from pydantic import BaseModel

from inquiry_site.diagnostics import Span
from inquiry_site.model import Body, Fault, FaultKind
from inquiry_site.parsing.frontmatter import (
    Frontmatter,
    YamlFault,
    find_frontmatter,
    load_yaml,
    locate_key,
    locate_key_name,
    opens_frontmatter,
)
from inquiry_site.parsing.ids import corrected_id, is_id, unsafe_sign
from inquiry_site.parsing.schema import SchemaProblem, describe_value, known_keys

_FAULT_OF = {
    "missing": FaultKind.MISSING_KEY,
    "unknown": FaultKind.UNKNOWN_KEY,
    "type": FaultKind.WRONG_TYPE,
    "value": FaultKind.BAD_VALUE,
}


def name_faults(path: str, identifier: str) -> list[Fault]:
    """Return the faults of a file's name and of the folders that contain it."""
    faults: list[Fault] = []
    if not is_id(identifier):
        faults.append(Fault(FaultKind.BAD_ID, Span(path), identifier, corrected_id(identifier)))
    sign = unsafe_sign(posixpath.dirname(path))
    if sign:
        faults.append(Fault(FaultKind.BAD_PATH, Span(path), detail=sign))
    return faults


def read_frontmatter(path: str, text: str) -> tuple[Frontmatter, dict[str, Any]] | Fault:
    """Return the frontmatter of a file as YAML data with its position, or the fault that prevents it."""
    if not text.strip():
        return Fault(FaultKind.EMPTY, Span(path))
    block = find_frontmatter(text)
    if block is None:
        kind = FaultKind.UNCLOSED_FRONTMATTER if opens_frontmatter(text) else FaultKind.NO_FRONTMATTER
        return Fault(kind, Span.of(path, text, 0, text.find("\n") if "\n" in text else len(text)))
    data = load_yaml(text, block)
    if isinstance(data, YamlFault):
        span = Span.of(path, text, data.offset, data.offset + 1)
        return Fault(FaultKind.BAD_YAML, span, detail=data.problem, found=text[data.offset : data.offset + 1])
    if data is None:
        data = {}
    if not isinstance(data, dict):
        return Fault(FaultKind.NOT_A_MAPPING, Span.of(path, text, block.start, block.end), found=describe_value(data))
    return block, data


def schema_fault(schema: type[BaseModel], path: str, text: str, problem: SchemaProblem) -> Fault:
    """Return a problem of frontmatter as a fault of the file."""
    locate = locate_key_name if problem.kind == "unknown" else locate_key
    span = Span.of(path, text, *locate(text, problem.path))
    subject = ".".join(str(step) for step in problem.path)
    expected = problem.expected
    if problem.kind == "unknown":
        expected = ", ".join(known_keys(schema, problem.path))
    return Fault(_FAULT_OF[problem.kind], span, subject, expected, problem.found)


def body_faults(path: str, text: str, body: Body) -> list[Fault]:
    """Return the faults of a body."""
    if body.unclosed_fence is None:
        return []
    return [
        Fault(FaultKind.UNCLOSED_CODE, Span.of(path, text, *body.unclosed_fence), text[slice(*body.unclosed_fence)])
    ]
