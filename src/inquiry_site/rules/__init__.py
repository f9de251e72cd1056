"""Judgement: what is wrong with the files, how bad it is, and in which words it is said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import Fault, FaultKind, ParsedFiles
from inquiry_site.rules import citations, evidence, files, frontmatter, limits, links, shape, sources
from inquiry_site.rules.comments import apply_directives, comment_rules, directives_by_path
from inquiry_site.rules.rule import Rule, RuleContext
from inquiry_site.rules.severity import apply_severities

_ON_CONTENT: tuple[Rule, ...] = (
    *files.RULES,
    *limits.RULES,
    *frontmatter.RULES,
    *citations.RULES,
    *links.RULES,
    *sources.RULES,
    *evidence.RULES,
    *shape.RULES,
)
_ON_COMMENTS = comment_rules({rule.code: rule for rule in _ON_CONTENT})

RULES: tuple[Rule, ...] = (*_ON_CONTENT, *_ON_COMMENTS)
"""Every rule, in the order of families."""

_BY_CODE = {rule.code: rule for rule in RULES}
_CODES_ON_COMMENTS = frozenset(rule.code for rule in _ON_COMMENTS)


def check_knowledge(parsed: ParsedFiles, knowledge: Knowledge, config: Config) -> tuple[Diagnostic, ...]:
    """Everything that any rule finds, in the order of places, at the levels of settings and comments.

    Raises:
        ConfigError: the settings name an unknown rule or level.
    """
    rules = apply_severities(RULES, config.rules)
    checked = _context(parsed, knowledge, config)
    found = [d for rule in rules if rule.code not in _CODES_ON_COMMENTS for d in rule.diagnose(checked)]
    aware = replace(checked, found=tuple(found))
    found += [d for rule in rules if rule.code in _CODES_ON_COMMENTS for d in rule.diagnose(aware)]
    return tuple(sorted(apply_directives(found, checked, _BY_CODE), key=Diagnostic.sort_key))


def _context(parsed: ParsedFiles, knowledge: Knowledge, config: Config) -> RuleContext:
    documents, texts = knowledge.graph.documents, parsed.texts
    faults: dict[FaultKind, list[Fault]] = defaultdict(list)
    everywhere = [document.faults for document in parsed.documents if document.faults]
    for group in (*everywhere, parsed.bibliography.faults, parsed.faults):
        for fault in group:
            faults[fault.kind].append(fault)
    return RuleContext(
        parsed=parsed,
        knowledge=knowledge,
        published=tuple(
            (entry, entry.document)
            for entry in parsed.documents
            if entry.document is not None and documents.get(entry.id) is entry.document
        ),
        faults_by_kind={kind: tuple(found) for kind, found in faults.items()},
        texts=texts,
        directives=directives_by_path(texts),
        docs_dir=config.docs_dir,
        html=config.html,
        today=config.today,
    )
