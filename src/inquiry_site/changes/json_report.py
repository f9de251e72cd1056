"""Render changes as a list of JSON objects, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from inquiry_site.changes.change import Change, Importance, Reached


def render_changes_json(changes: Sequence[Change]) -> str:
    """Return a list of objects with kind, severity, path, id, message, before, after and reaches, worst first."""
    return json.dumps([_as_object(change) for change in changes], ensure_ascii=False, indent=2)


def render_failure_json(message: str) -> str:
    """Return the list that is written if the revisions could not be compared: a single object of kind ``failed``."""
    failure: dict[str, Any] = {
        "kind": "failed",
        "severity": Importance.CRITICAL.value,
        "path": "",
        "id": "",
        "message": f"Nothing was compared, because the comparison failed: {message}",
        "before": None,
        "after": None,
        "reaches": [],
    }
    return json.dumps([failure], ensure_ascii=False, indent=2)


def _as_object(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "severity": change.importance.value,
        "path": change.path,
        "id": change.id,
        "message": change.message,
        "before": change.before,
        "after": change.after,
        "reaches": [_place(reached) for reached in change.reaches],
    }


def _place(reached: Reached) -> dict[str, str | int]:
    return {
        "path": reached.path,
        "id": reached.id,
        "sentence": reached.sentence,
        "distance": reached.distance,
    }
