"""Word the YAML parser's errors for authors."""

from __future__ import annotations

from inquiry_site.model import Fault


def describe_yaml_fault(fault: Fault) -> tuple[str, str]:
    """Return the YAML parser's message in words for authors, and a hint."""
    if fault.found == "\t":
        return "there is a tab here", "Indent with spaces."
    for fragment, words, hint in _YAML_PROBLEMS:
        if fragment in fault.detail:
            return words.format(fault.found) or fault.detail, hint
    return fault.detail, "Check the indentation and the quotation marks near this position."


SECOND_COLON = "mapping values are not allowed"
"""What the YAML parser reports if a value without quotation marks contains a colon."""
_NO_DATE = ("this date does not exist", "Write dates as year-month-day, such as 2026-01-31.")
_QUOTE_IT = "Put the value in quotation marks."
_YAML_PROBLEMS = (
    ("is repeated here", "", "Keep one of the two."),
    ("does not match its tag", "", "Remove the tag, which begins with “!”."),
    (
        SECOND_COLON,
        "a value contains a second “: ”",
        f"{_QUOTE_IT[:-1]}, or fix the indentation.",
    ),
    ("while scanning a quoted scalar", "a quotation mark is opened but not closed", "Close it, or remove it."),
    ("parsing a flow sequence", "a list in brackets is not closed, or lacks a comma", "Write it as [one, two]."),
    ("parsing a flow mapping", "a mapping in braces is not closed, or lacks a comma", "Write it as {key: value}."),
    ("cannot start any token", "no value can begin with “{}”", _QUOTE_IT),
    ("undefined alias", "a value that begins with “*” is parsed as an alias", _QUOTE_IT),
    ("scanning an alias", "a value that begins with “*” is parsed as an alias", _QUOTE_IT),
    ("scanning an anchor", "a value that begins with “&” is parsed as an anchor", _QUOTE_IT),
    ("determine a constructor", "a value that begins with “!” is parsed as a tag", _QUOTE_IT),
    (
        "scanning a simple key",
        "this line has no “: ”",
        "Write “key: value”, or indent the line if it belongs to a value.",
    ),
    (
        "did not find expected key",
        "this is neither a key nor part of a value",
        "Check the indentation; a value that begins with a quotation mark or a bracket must also end with it.",
    ),
    ("repeated too often", "", "Write the values out, one after another."),
    ("nested too deeply", "", "Write the values out, one after another."),
    ("is not allowed", "", "Delete it; many editors do not show it."),
    ("month must be", *_NO_DATE),
    ("day is out of range", *_NO_DATE),
)
"""Triples: part of the YAML parser's message, our wording (empty to keep the parser's), and a hint."""
