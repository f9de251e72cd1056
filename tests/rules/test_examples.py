"""Every rule has a failing and a passing example, and a page that shows them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import markdown
import pytest

from inquiry_site.adapters.web import link_check
from inquiry_site.build import check
from inquiry_site.diagnostics.text import render_text
from inquiry_site.rules import RULES
from inquiry_site.rules.rule import Rule
from tests.support.knowledge_bases import ROOT
from tests.support.rule_examples import (
    BASE,
    CONFIG,
    Block,
    Example,
    answer,
    examples,
    explanation,
    found_in,
    patch_yaml,
)

PAGES = ROOT / "docs" / "rules"
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_check, "_ask_one", answer)


def test_the_base_of_the_examples_is_clean():
    assert check(BASE, CONFIG).diagnostics == ()


def test_a_patch_replaces_only_the_keys_that_it_contains():
    before = "title: Why?\ntags: [tea]\nsources:\n  - year: 2021\n    quotes: [{text: tea, locator: p. 7}]\n"
    patch = 'tags: [sleep]\nsources: [{arxiv: "2103.01230", quotes: [{text: coffee}]}]\nstatus: disputed\n'
    assert patch_yaml(before, patch) == (
        "title: Why?\ntags: [sleep]\n"
        'sources:\n  - year: 2021\n    quotes: [{text: coffee, locator: p. 7}]\n    arxiv: "2103.01230"\n'
        "status: disputed\n"
    )


@every_rule
def test_the_failing_example_breaks_this_rule_only(rule: Rule):
    fails, _ = examples(rule)
    diagnostics, _ = found_in(rule, fails)
    assert {diagnostic.code for diagnostic in diagnostics} == {rule.code}, diagnostics


@every_rule
def test_the_passing_example_passes_all_rules(rule: Rule):
    _, passes = examples(rule)
    assert found_in(rule, passes)[0] == []


@every_rule
def test_the_page_of_every_rule_is_up_to_date(rule: Rule):
    path = PAGES / f"{rule.code}.md"
    expected = _page(rule)
    if os.environ.get("UPDATE_CASES"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(expected, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == expected, f"{path.name} has drifted: run make cases"


@every_rule
def test_the_page_of_a_rule_has_its_headings_when_converted(rule: Rule):
    html = markdown.markdown(_page(rule), extensions=["pymdownx.highlight", "pymdownx.superfences", "tables"])
    assert re.findall("<h[1-6]>(.*)</h", html) == [rule.code, "Fails", "Passes"]


def test_every_page_belongs_to_a_rule():
    pages = {path.relative_to(PAGES).with_suffix("").as_posix() for path in PAGES.rglob("*.md")}
    assert pages == {rule.code for rule in RULES} | {"index"}


def test_the_index_lists_every_rule_and_the_base_of_the_examples():
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    expected = _with_part(_with_part(index, "rules", "".join(_rows())), "base", "\n".join(_base()))
    if os.environ.get("UPDATE_CASES"):
        (PAGES / "index.md").write_text(expected, encoding="utf-8")
        index = expected
    assert index == expected, "docs/rules/index.md has drifted: run make cases"


def _with_part(page: str, name: str, text: str) -> str:
    begin, end = f"<!-- {name}: begin (written by make cases) -->\n", f"<!-- {name}: end -->"
    head, _, rest = page.partition(begin)
    return f"{head}{begin}\n{text}\n{end}{rest.partition(end)[2]}"


def _base() -> Iterator[str]:
    for path, text in BASE.items():
        yield f'```markdown title="{path}"\n{text}```\n'


def _rows() -> Iterator[str]:
    yield "| rule | severity | requirement |\n|---|---|---|\n"
    for rule in RULES:
        summary = rule.summary.replace("|", "\\|")
        yield f"| [`{rule.code}`]({rule.code}.md) | {rule.severity.value} | {summary} |\n"


def _page(rule: Rule) -> str:
    fails, passes = examples(rule)
    findings, texts = found_in(rule, fails)
    severity = f"Severity: **{rule.severity.value}**"
    severity += ". Settings and comments cannot change it." if rule.fixed else "."
    note = _FRAGMENTS if any(block.is_fragment for block in fails.blocks) else ""
    return (
        f"# {rule.code}\n\n{explanation(rule)}\n\n{severity}\n\n**Why.** {rule.why}\n\n"
        f"## Fails\n\n{note}{_blocks(fails)}\n\n`{_command(rule)}` reports:\n\n"
        f"```text\n{render_text(findings, texts)}\n```\n\n"
        f"## Passes\n\nAfter this change, nothing is reported:\n\n{_blocks(passes)}\n"
    )


_FRAGMENTS = (
    "Only the lines that matter are shown; the rest is as in the "
    "[example knowledge base](../index.md#the-examples).\n\n"
)


def _blocks(example: Example) -> str:
    """Return the blocks of an example. Engines accept no attribute but the title, so it contains the others."""
    return "\n\n".join(
        f'```{block.language} title="{block.path}{_remark(block)}"\n{block.text}```' for block in example.blocks
    )


def _remark(block: Block) -> str:
    if block.replaced:
        return f" (replaces {block.replaced})"
    return f" ({block.encoding})" if block.encoding else ""


def _command(rule: Rule) -> str:
    if rule.code in {"files/bad-template", "files/address-taken"}:
        return "mkdocs build"
    return "inquiry check --links" if rule.code.endswith("-address") else "inquiry check"
