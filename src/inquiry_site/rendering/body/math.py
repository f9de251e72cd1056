"""Convert TeX to MathML during the build, so that browsers display formulas without a script."""

from __future__ import annotations

import html
import re

from latex2mathml.converter import convert

_FORMULA = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">(?:\\\((?P<inline>[^<]*)\\\)|\\\[(?P<block>[^<]*)\\\])</(?P=tag)>'
)


def render_math(converted: str) -> str:
    """Return HTML in which formulas marked by ``pymdownx.arithmatex`` (``generic: true``) are MathML.

    A formula that cannot be converted is shown as TeX.
    """
    return _FORMULA.sub(_as_mathml, converted) if 'class="arithmatex"' in converted else converted


def _as_mathml(match: re.Match[str]) -> str:
    tex = html.unescape((match["inline"] if match["block"] is None else match["block"]).strip())
    try:
        return convert(tex, display="inline" if match["block"] is None else "block")
    except Exception:
        return f"<code>{html.escape(tex, quote=False)}</code>"
