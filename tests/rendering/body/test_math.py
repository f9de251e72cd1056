"""TeX in an author’s Markdown."""

from __future__ import annotations

import pytest

from inquiry_site.rendering.body.math import render_math


@pytest.mark.parametrize(
    ("tex", "html"),
    [
        (r"\(x^2\)", '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">'),
        (r"\[x\]", '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'),
        (r"\(a &lt; b\)", "<mo>&#x0003C;</mo>"),
        (r"\(\frac{a}{\)", r"<code>\frac{a}{</code>"),
        (r"\(\frac{&lt;}{\)", r"<code>\frac{&lt;}{</code>"),
    ],
)
def test_tex_is_converted_to_mathml_or_shown_as_code(tex: str, html: str):
    assert html in render_math(f'<p>It is <span class="arithmatex">{tex}</span>.</p>')
