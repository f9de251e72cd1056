"""Revisions of a knowledge base as values, and files changed by patches, for tests of changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from inquiry_site.build import check
from inquiry_site.changes.revision import Revision
from inquiry_site.config import Config
from inquiry_site.file_content import FileContent

QUIET = Config(
    rules={"evidence": False, "shape": False, "sources": False, "editorial": False}, today=dt.date(2026, 6, 1)
)


def revision(files: Mapping[str, FileContent], name: str = "HEAD", config: Config = QUIET) -> Revision:
    result = check(files, config, with_drafts=True)
    return Revision(name, files, result.parsed, result.knowledge, result.diagnostics)


def patched(files: Mapping[str, str], changes: Mapping[str, Any]) -> dict[str, str]:
    """Return files after changes: a text, ``removed``, ``{renamed to: …}``, or a list of replaced texts."""
    result = dict(files)
    for path, change in changes.items():
        if change == "removed":
            del result[path]
        elif isinstance(change, str):
            result[path] = change
        else:
            for step in change:
                if "renamed to" in step:
                    result[step["renamed to"]] = result.pop(path)
                    path = step["renamed to"]
                else:
                    assert step["replace"] in result[path], f"{path} does not contain {step['replace']!r}"
                    result[path] = result[path].replace(step["replace"], step["with"])
    return result
