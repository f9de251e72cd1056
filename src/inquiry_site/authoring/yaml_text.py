"""Write texts as YAML that stays readable and is parsed back to exactly the same texts."""

from __future__ import annotations

import io
from collections.abc import Iterable

import yaml

_STRING = "tag:yaml.org,2002:str"
_JOINERS = frozenset("\u200c\u200d")
"""Invisible characters that are part of words in Persian and Hindi, and of emoji."""
_ESCAPES = {"\\": "\\\\", '"': '\\"'}


def write_text(text: str) -> str:
    """Return a text as a value on one line: plain where YAML allows it, otherwise in quotation marks."""
    text = _one_line(text)
    return text if _may_be_plain(text, in_list=False) else _quoted(text)


def write_list(texts: Iterable[str]) -> str:
    """Return texts as a list in brackets on one line."""
    items = (_one_line(text) for text in texts)
    return f"[{', '.join(item if _may_be_plain(item, in_list=True) else _quoted(item) for item in items)}]"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _may_be_plain(text: str, *, in_list: bool) -> bool:
    """Return whether a text without quotation marks is parsed as the same text."""
    dumper = yaml.SafeDumper(io.StringIO(), allow_unicode=True)
    analysis = dumper.analyze_scalar(text)
    is_allowed = analysis.allow_flow_plain if in_list else analysis.allow_block_plain
    is_text = dumper.resolve(yaml.ScalarNode, text, (True, False)) == _STRING  # type: ignore[no-untyped-call]
    return bool(text) and is_allowed and is_text and all(map(_is_shown, text))


def _is_shown(char: str) -> bool:
    return char.isprintable() or char in _JOINERS


def _quoted(text: str) -> str:
    return f'"{"".join(char if _is_shown(char) and char not in _ESCAPES else _escaped(char) for char in text)}"'


def _escaped(char: str) -> str:
    code = ord(char)
    return _ESCAPES.get(char) or (f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}")
