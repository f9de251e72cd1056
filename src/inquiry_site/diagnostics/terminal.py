"""Make authors' text safe to print on a terminal and in the log of a CI runner that parses commands from it."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of characters that move the cursor, change the writing direction, or are invisible."""
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": " "}
# GitHub Actions, Azure Pipelines and TeamCity parse “##[error]”, “##vso[…]” and “##teamcity[…]” anywhere in a line.
_RUNNER_COMMAND = re.compile(r"#(?=#\w*\[)")
_QUOTED = re.compile(r"“([^“”]+)”")
_LONGEST_NAME = 60
"""Maximum characters of a quoted name or value: enough to recognise it in a message of a line or two."""


def escape_unsafe(text: str) -> str:
    """Escape control characters, direction marks and CI runner commands in a text, in Python's notation."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    shown = "".join(_escaped(char) if unicodedata.category(char) in _UNSAFE else char for char in text)
    return _RUNNER_COMMAND.sub(r"\\x23", shown)


def _escaped(char: str) -> str:
    code = ord(char)
    return _NAMED.get(char) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def printable_line(text: str, longest: int) -> str:
    """Return a line of text that is safe to print, with quoted names shortened.

    Commands that GitHub Actions parses at the start of a line (“::error::”, even after spaces) are escaped.

    Args:
        text: the line.
        longest: the maximum number of characters of the result.
    """
    shown = escape_unsafe(_QUOTED.sub(lambda match: f"“{shortened(match[1], _LONGEST_NAME)}”", text[: longest * 8]))
    indent = len(shown) - len(shown.lstrip())
    if shown.startswith("::", indent):
        shown = f"{shown[:indent]}\\x3a{shown[indent + 1 :]}"
    return shortened(shown, longest)


def shortened(text: str, longest: int) -> str:
    """Return at most ``longest`` characters of a text, ending with an ellipsis if it was shortened."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
