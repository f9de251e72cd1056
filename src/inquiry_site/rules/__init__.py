"""Judgement: what is wrong with the files, how bad it is, and in which words it is said."""

from __future__ import annotations

from inquiry_site.diagnostics import Diagnostic
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import ParsedFiles
from inquiry_site.rules import citations, files, frontmatter, links
from inquiry_site.rules.base import Checked, Rule

RULES: tuple[Rule, ...] = (*files.RULES, *frontmatter.RULES, *citations.RULES, *links.RULES)
"""Every rule, in the order of families."""


def check_knowledge(parsed: ParsedFiles, knowledge: Knowledge) -> tuple[Diagnostic, ...]:
    """Everything that any rule finds, in the order of places."""
    checked = Checked(parsed, knowledge)
    found = [diagnostic for rule in RULES for diagnostic in rule.diagnose(checked)]
    return tuple(sorted(found, key=Diagnostic.sort_key))
