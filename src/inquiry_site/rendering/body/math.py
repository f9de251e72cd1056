"""TeX to MathML while the site is built: browsers set it themselves, and no script is needed to read a formula."""

from __future__ import annotations

import html
import re

from latex2mathml.converter import convert

_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">(?:\\\((?P<inline>[^<]*)\\\)|\\\[(?P<block>[^<]*)\\\])</(?P=tag)>'
)


def render_math(converted: str) -> str:
    """HTML with MathML in the place of what ``pymdownx.arithmatex`` (``generic: true``) marks as TeX.

    What cannot be converted stays as it was written.
    """
    return _FORMULA.sub(_as_mathml, converted) if 'class="arithmatex"' in converted else converted


def _as_mathml(match: re.Match[str]) -> str:
    tex = html.unescape((match["inline"] if match["block"] is None else match["block"]).strip())
    try:
        return convert(tex, display="inline" if match["block"] is None else "block")
    except Exception:
        return f"<code>{html.escape(tex, quote=False)}</code>"
