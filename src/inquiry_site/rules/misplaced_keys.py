"""Find out which key an author meant by one that is not part of the format."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from inquiry_site.diagnostics import Edit
from inquiry_site.model import Fault, FaultKind
from inquiry_site.parsing.frontmatter import KeyPath, locate_key_name
from inquiry_site.parsing.schema import mappings_with
from inquiry_site.rules.fixes import correct_key
from inquiry_site.rules.rule import RuleContext, did_you_mean
from inquiry_site.text.suggest import closest_names

_IDENTITIES = ("doi", "arxiv", "isbn", "url")
_MORE = {
    ("lines", "sources"): " A line cites notes in its text, as in [[id]].",
    ("notes", "answer"): " The claim of a note is its “description”.",
}
"""What to write instead, by the folder of the file and the key."""

_Place = tuple[str, str]
"""The path of a file and the subject of a mapping in it."""


def misspelt_keys(context: RuleContext) -> Mapping[Fault, Fault]:
    """Return the unknown key that was probably meant to be each missing key, by the fault of the missing key."""
    unknown: dict[_Place, list[tuple[Fault, list[str]]]] = defaultdict(list)
    if context.faults_by_kind.get(FaultKind.MISSING_KEY):
        for fault in context.faults(FaultKind.UNKNOWN_KEY):
            mapping, _, key = fault.subject.rpartition(".")
            if not mappings_with(key):
                names = closest_names(key, fault.detail.split(", "), 2)
                unknown[fault.span.path, mapping].append((fault, [*names, _normalized(key)]))
    meant: dict[Fault, Fault] = {}
    used: set[Fault] = set()
    for fault in context.faults(FaultKind.MISSING_KEY):
        mapping, _, key = (fault.subject, "", "") if fault.detail else fault.subject.rpartition(".")
        wanted = _IDENTITIES if fault.detail else (key,)
        for candidate, names in unknown.get((fault.span.path, mapping), ()):
            if candidate not in used and any(name in wanted for name in names):
                meant[fault] = candidate
                used.add(candidate)
                break
    return meant


def hint_for_unknown_key(fault: Fault) -> str:
    """Return a hint for a key that is not allowed in its mapping."""
    mapping, _, key = fault.subject.rpartition(".")
    keys = fault.detail.split(", ")
    folder = _folder(fault)
    places = mappings_with(key)
    if mapping and folder in places:
        return f"“{key}” is a key of the {folder[:-1]} itself: write it without indentation."
    top = [place for place in places if place in {"notes", "lines", "topics"}]
    if top and not mapping:
        return f"“{key}” is a key of {top[0]}.{_MORE.get((folder, key), '')}"
    inner = ["“scope”" if place == "scope" else f"an entry of “{place}”" for place in places if place not in top]
    if inner:
        return f"“{key}” is a key of notes." if folder == "lines" else f"“{key}” belongs in {' or '.join(inner)}."
    return did_you_mean(closest_names(key, keys, 2)) or f"The keys allowed here are {', '.join(keys)}."


def spelling_fixes(context: RuleContext, broken: Collection[Fault]) -> Mapping[Fault, tuple[Edit, ...]]:
    """Return the edits that correct capitals, hyphens or a missing plural of unknown keys, where they are certain.

    Args:
        context: what the rule checks.
        broken: the unknown keys without which a file cannot be published anyway. Other keys are corrected only if the
            format accepts their values.
    """
    correct = {fault: _correct_spelling(fault) for fault in context.faults(FaultKind.UNKNOWN_KEY)}
    times = Counter((fault.span.path, fault.subject.rpartition(".")[0], name) for fault, name in correct.items())
    fixes = {}
    for fault, name in correct.items():
        if name and times[fault.span.path, fault.subject.rpartition(".")[0], name] == 1:
            text, path = context.texts.get(fault.span.path, ""), key_path(fault.subject)
            mapping = next((step for step in reversed(path[:-1]) if isinstance(step, str)), _folder(fault))
            edits, is_accepted = correct_key(text, path, name, mapping)
            is_present = locate_key_name(text, (*path[:-1], name)) != locate_key_name(text, path[:-1])
            fixes[fault] = edits if not is_present and (is_accepted or fault in broken) else ()
    return fixes


def _folder(fault: Fault) -> str:
    return fault.span.path.partition("/")[0]


def _correct_spelling(fault: Fault) -> str:
    """Return the key that differs from an unknown key in capitals, hyphens or a plural; empty if there is none."""
    written = _normalized(fault.subject.rpartition(".")[2])
    keys = fault.detail.split(", ")
    return next((name for name in (written, f"{written}s", f"{written}es") if name in keys), "")


def _normalized(key: str) -> str:
    return key.lower().replace("-", "_")


def key_path(subject: str) -> KeyPath:
    """Convert the subject of a fault to a key path."""
    return tuple(int(step) if step.isdigit() else step for step in subject.split("."))
