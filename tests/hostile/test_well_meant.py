"""Sanitising does not change what well-meaning authors write."""

from __future__ import annotations

import re

import markdown
import pytest
import yaml
from playwright.sync_api import Browser

from inquiry_site.html.sanitize import clean, find_unsafe
from inquiry_site.rendering.body.math import render_math
from tests.hostile.base import EXTENSIONS
from tests.support.knowledge_bases import ROOT

pytestmark = pytest.mark.xdist_group("hostile")

EVERYTHING = """
# Heading {#own .numbered}

A *word*, **bold**, ~~gone~~, ==marked==, ^^put in^^, H~2~O, x^2^, "smart" -- `code`, ++ctrl+alt+del++, (c) and [^1].

[^1]: A footnote with `code` and a [link](https://example.org "its title").

!!! note "An admonition"
    With text.

??? question "Folded"
    With text.

=== "First tab"
    One.

=== "Second tab"
    Two.

- [x] done
- [ ] to do

Term
:   What it means.

| left | right | middle |
|:-----|------:|:------:|
| 1    | 2     | 3      |

```py title="example.py" linenums="1" hl_lines="2"
a = "<b>"
b = a
```

`#!python print(1)` and $a^2 + \\frac{1}{\\sqrt{b}}$ and

$$
\\sum_{i=1}^n x_i \\le \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}
$$

The HTML of a page.

*[HTML]: Hypertext Markup Language

![A figure](figure.png){ width="200" loading=lazy }
[A link](https://example.org){ target=_blank rel=noopener .md-button }

<details markdown="1" open><summary>More</summary>

Text with a <kbd>key</kbd>, <ruby>\u6f22<rt>kan</rt></ruby>, <time datetime="2026-01-01">a day</time> and <br> a break.

</details>

<figure><img src="a.png" alt="x > y" width="10"><figcaption>A caption</figcaption></figure>

<math display="block"><mfrac><mi>a</mi><mn>2</mn></mfrac></math>

<svg viewBox="0 0 10 10" width="20"><circle cx="5" cy="5" r="4" fill="none" stroke="currentColor"/></svg>

{--deleted--}{++added++}{>>a comment<<}
"""

SAME = """
(pairs) => {
  const parsed = (html) => {
    const body = new DOMParser().parseFromString(html, "text/html").body;
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
    const comments = [];
    while (walker.nextNode()) comments.push(walker.currentNode);
    for (const comment of comments) comment.remove();
    for (const element of body.querySelectorAll("[style]")) element.setAttribute("style", element.style.cssText);
    body.normalize();
    return body;
  };
  const unlike = [];
  for (const [name, before, after] of pairs) {
    const [one, other] = [parsed(before), parsed(after)];
    if (one.isEqualNode(other)) continue;
    const [a, b] = [one.innerHTML, other.innerHTML];
    let at = 0;
    while (a[at] === b[at]) at += 1;
    unlike.push(`${name}: ${a.slice(at - 60, at + 60)} | ${b.slice(at - 60, at + 60)}`);
  }
  return unlike;
}
"""


def converted(text: str) -> str:
    """Return Markdown as HTML, converted with the extensions of the hostile base that read no files."""
    names, configs = [], {}
    for entry in yaml.safe_load(EXTENSIONS)["markdown_extensions"]:
        name, settings = next(iter(entry.items())) if isinstance(entry, dict) else (entry, {})
        if name not in {"pymdownx.snippets", "pymdownx.b64"}:
            names.append(name)
            configs[name] = settings
    return render_math(markdown.markdown(text, extensions=names, extension_configs=configs))


def bodies() -> dict[str, str]:
    """Return the bodies of the repository's notes, lines and hand-written pages, by path."""
    texts = {"everything": EVERYTHING}
    for folder in ("notes", "lines", "docs"):
        for path in sorted((ROOT / folder).rglob("*.md")):
            text = path.read_text(encoding="utf-8")
            texts[path.relative_to(ROOT).as_posix()] = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    return texts


def test_sanitising_changes_no_page(browser: Browser):
    pages = {name: converted(text) for name, text in bodies().items()}
    page = browser.new_page()
    differences = page.evaluate(SAME, [[name, html, clean(html)] for name, html in pages.items()])
    page.close()
    assert differences == []
    assert len(pages) > 150


def test_the_example_has_every_kind_of_element():
    html = converted(EVERYTHING)
    expected = (
        "admonition <details tabbed-set task-list <dl> text-align highlight <math abbr footnote md-button <ruby> <svg "
        "<figure> critic <kbd headerlink <code"
    ).split()
    assert [part for part in expected if part not in html] == []
    assert list(find_unsafe(html)) == []
