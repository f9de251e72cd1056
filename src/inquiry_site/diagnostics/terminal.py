"""Text of authors made safe to print: on a terminal, and in the log of a runner that reads commands from it."""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode that move the cursor, turn the direction of writing, or show nothing."""
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": " "}
# GitHub Actions, Azure Pipelines and TeamCity read “##[error]”, “##vso[…]” and “##teamcity[…]” anywhere in a line.
_RUNNER_COMMAND = re.compile(r"#(?=#\w*\[)")
_QUOTED = re.compile(r"“([^“”]+)”")
_LONGEST_NAME = 60
"""Characters of a quoted name or value: enough to recognise it, few enough to keep a message on a line or two."""


def visible(text: str) -> str:
    """Text with control characters, marks of direction and commands to runners escaped, as in Python."""
    if text.isascii() and text.isprintable() and "##" not in text:
        return text
    shown = "".join(_escaped(char) if unicodedata.category(char) in _UNSAFE else char for char in text)
    return _RUNNER_COMMAND.sub(r"\\x23", shown)


def _escaped(char: str) -> str:
    code = ord(char)
    return _NAMED.get(char) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def visible_line(text: str, longest: int) -> str:
    """A line of text that is safe to print, of so many characters at most, its quoted names shortened.

    It begins with no command that GitHub Actions reads: “::error::” with or without blanks before it.
    """
    shown = visible(_QUOTED.sub(lambda match: f"“{shortened(match[1], _LONGEST_NAME)}”", text[: longest * 8]))
    begin = len(shown) - len(shown.lstrip())
    if shown.startswith("::", begin):
        shown = f"{shown[:begin]}\\x3a{shown[begin + 1 :]}"
    return shortened(shown, longest)


def shortened(text: str, longest: int) -> str:
    """The first characters of a text, with an ellipsis where some are missing."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
