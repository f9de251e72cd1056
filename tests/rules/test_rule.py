"""Properties of every rule; the cases in tests/cases/diagnostics show what each of them reports."""

from __future__ import annotations

import re

import pytest

from inquiry_site.rules import RULES
from inquiry_site.rules.rule import Rule, did_you_mean, join_names, quote_names

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@every_rule
def test_a_rule_has_a_summary_and_a_reason(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z0-9-]+", rule.code)
    assert rule.documentation.split("\n", 1)[0].endswith(".")
    assert rule.why.endswith(".")


def test_codes_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_names_are_joined_for_a_sentence() -> None:
    assert quote_names(["a"]) == "“a”"
    assert quote_names(["a", "b", "c"]) == "“a”, “b” or “c”"
    assert join_names(["a", "b"], "and") == "a and b"
    assert join_names([], "and") == did_you_mean([]) == ""
    assert did_you_mean(["a", "b"]) == "Did you mean “a” or “b”?"
