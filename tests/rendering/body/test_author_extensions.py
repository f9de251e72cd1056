"""The Markdown extensions of every body, beside those of a site."""

from __future__ import annotations

import pytest
from markdown import markdown

from inquiry_site.rendering.body.author_extensions import with_author_extensions

FENCE = "```python\nx = 1\n```"
QUOTED = FENCE.replace("\n", "\n> ")
BODY = "==a== ~~b~~ ~1 to ~2 H~3~O[^1]\n\n- [x] c\n\n!!! note\n    d\n\n??? tip\n    e\n\n"
BODY += f"> [!bug]\n> {QUOTED}\n\n[^1]: f\n"
EXPECTED = ["<mark>a</mark>", "<del>b</del> ~1 to ~2", 'type="checkbox"', '"admonition note"', '<details class="tip">']
EXPECTED += ['"admonition bug"', 'class="footnote"']


def converted(extensions: list[str], settings: dict[str, dict[str, object]] | None = None, body: str = BODY) -> str:
    names, configs = with_author_extensions(extensions, settings or {})
    return markdown(body, extensions=names, extension_configs=configs)


@pytest.mark.parametrize(
    "extensions",
    [
        [],
        ["toc", "tables", "fenced_code"],
        ["extra"],
        ["pymdownx.extra"],
        ["codehilite", "fenced_code"],
        ["pymdownx.quotes"],
        [
            "markdown.extensions.footnotes",
            "admonition",
            "pymdownx.details",
            "pymdownx.superfences",
            "pymdownx.highlight",
        ],
    ],
)
def test_a_body_is_converted_as_its_author_meant_on_every_site(extensions: list[str]):
    html = converted(extensions)
    assert [part for part in EXPECTED if part not in html] == []


def test_code_in_a_callout_is_code_unless_the_site_chose_another_highlighter():
    assert "<code>" in converted(["extra"]).split("admonition bug")[1]
    assert "highlight" in converted([]).split("admonition bug")[1]
    assert 'class="codehilite"' in converted(["fenced_code", "codehilite"], body=FENCE)


def test_the_settings_of_the_site_are_kept():
    assert "H<sub>3</sub>O" in converted(["pymdownx.tilde"])
    settings: dict[str, dict[str, object]] = {"pymdownx.tasklist": {"custom_checkbox": False}}
    assert "task-list-control" in converted([])
    assert "task-list-control" not in converted(["pymdownx.tasklist"], settings)
    assert settings == {"pymdownx.tasklist": {"custom_checkbox": False}}
