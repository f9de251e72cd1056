"""Words are counted as a reader sees them."""

from __future__ import annotations

import pytest

from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.word_count import count_words


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("", 0),
        ("Two words.", 2),
        ("# A heading\n\nand text", 4),
        ("It holds [[spacing]].", 2),
        ("It holds [[spacing|for three years]].", 5),
        ("It holds [for years](../notes/spacing.md), [so they say](https://example.org/a/b).", 7),
        ("![[spacing]]", 0),
        ("Seen <!-- a remark to editors --> once.", 2),
        ("```python\nprint('no words')\n```\n\n    nor = here\n\nbut here", 2),
        ("The setting `note_words` counts", 4),
        ("- one\n- two\n\n| three | four |\n|---|---|\n| five | six |", 6),
        ("state-of-the-art, 10,000 – 20% *of* **all**", 5),
        ("Rest<span class='x y z'> of it</span> &amp; more&nbsp;so", 5),
        ("See [the text][t] here.\n\n[t]: https://example.org 'A title'\n*[RL]: Reinforcement Learning\n", 4),
        ("![a picture of four words](x.png) remains", 1),
        ("间隔学习有效。", 6),
        ("Spacing 间隔 helps", 4),
        ("…", 0),
    ],
)
def test_words_are_counted_as_a_reader_sees_them(markdown: str, words: int):
    head = "---\ntitle: T?\n---\n"
    assert count_words(scan_body(head + markdown, len(head), "notes/n.md")) == words
