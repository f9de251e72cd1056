"""Find changes of files other than documents, and of documents in which only the formatting changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inquiry_site.changes.change import Change, Importance
from inquiry_site.changes.pairing import Pairing
from inquiry_site.changes.revision import Revision
from inquiry_site.file_content import BIBLIOGRAPHY


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChanged(Change):
    """A template, style sheet or file of UI strings that was added, edited or removed."""

    kind = "template-changed"
    importance = Importance.REVIEW
    verb: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"The template was {self.verb}. Templates run when the site is built, so read it as code."


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherFileChanged(Change):
    """A hand-written page or bibliography that changed, or a file beside documents that was added or removed."""

    kind = "other-file-changed"
    verb: str

    @property
    def message(self) -> str:
        """What changed."""
        return f"The file was {self.verb}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattingChanged(Change):
    """A document whose file differs only in what readers do not see, such as spaces or YAML comments."""

    kind = "formatting-changed"

    @property
    def message(self) -> str:
        """What changed."""
        return "The file was edited, but nothing that readers see: spaces, order of keys, comments."


def find_other_files(pairing: Pairing) -> Iterator[Change]:
    """Yield the hand-written pages, templates and assets that changed."""
    templates = [_templates(revision) for revision in (pairing.before, pairing.after)]
    for path, verb in _compared(*templates):
        yield TemplateChanged(path=path, verb=verb)
    others = [_others(revision) for revision in (pairing.before, pairing.after)]
    for path, verb in _compared(*others):
        yield OtherFileChanged(path=path, verb=verb)


def find_formatting(pairing: Pairing, changes: list[Change]) -> Iterator[Change]:
    """Yield the files of documents that differ, but for which no other change was found."""
    explained = {change.path for change in changes if not change.is_effect or change.kind == "not-compared"}
    moved = pairing.later_paths
    for former, later in pairing.differing_files:
        entry = later or former
        if entry and entry.path not in explained and moved.get(entry.path) not in explained:
            yield FormattingChanged(path=entry.path, id=entry.id)


def _templates(revision: Revision) -> dict[str, str]:
    return {f"templates/{template.path}": template.text for template in revision.parsed.templates}


def _others(revision: Revision) -> dict[str, str]:
    assets = dict.fromkeys((*revision.parsed.assets, *revision.parsed.hand_written), "")
    pages = {page.path: page.text for page in revision.parsed.pages}
    bibliography = {BIBLIOGRAPHY: str(revision.files[BIBLIOGRAPHY])} if BIBLIOGRAPHY in revision.files else {}
    return assets | pages | bibliography


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the path of each file that differs, and what happened to it."""
    for path in sorted(before.keys() | after.keys()):
        if before.get(path) != after.get(path):
            yield path, "removed" if path not in after else "added" if path not in before else "edited"
