"""Rules: what is a problem in the files, how severe it is, and how it is worded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from inquiry_site.config import Config
from inquiry_site.diagnostics import Diagnostic
from inquiry_site.knowledge import Knowledge
from inquiry_site.model import Fault, FaultKind, ParsedFiles
from inquiry_site.rules import (
    authors,
    citations,
    comments,
    editorial,
    evidence,
    files,
    foreign_syntax,
    frontmatter,
    limits,
    links,
    shape,
    sources,
    topics,
)
from inquiry_site.rules.comments import apply_directives, directives_by_path
from inquiry_site.rules.rule import Rule, RuleContext
from inquiry_site.rules.severity import apply_severities

_RULES_ON_CONTENT: tuple[Rule, ...] = (
    *files.RULES,
    *limits.RULES,
    *frontmatter.RULES,
    *citations.RULES,
    *links.RULES,
    *sources.RULES,
    *authors.RULES,
    *evidence.RULES,
    *shape.RULES,
    *foreign_syntax.RULES,
    *editorial.RULES,
    *topics.RULES,
)

RULES: tuple[Rule, ...] = (*_RULES_ON_CONTENT, *comments.RULES)
"""Every rule, in the order of families."""


def check_knowledge(parsed: ParsedFiles, knowledge: Knowledge, config: Config) -> tuple[Diagnostic, ...]:
    """Return the findings of all rules, ordered by span, with the severities from settings and directives.

    Raises:
        ConfigError: the settings name an unknown rule or severity.
    """
    rules = apply_severities(RULES, config.rules)
    context = _context(parsed, knowledge, config)
    diagnostics = [d for rule in rules if rule.family != comments.FAMILY for d in rule.diagnose(context)]
    # Whether a directive is used depends on what all other rules find.
    final_context = replace(context, other_diagnostics=tuple(diagnostics))
    diagnostics += [d for rule in rules if rule.family == comments.FAMILY for d in rule.diagnose(final_context)]
    return tuple(sorted(apply_directives(diagnostics, context), key=Diagnostic.sort_key))


def _context(parsed: ParsedFiles, knowledge: Knowledge, config: Config) -> RuleContext:
    documents, texts = knowledge.graph.documents, parsed.texts
    faults: dict[FaultKind, list[Fault]] = defaultdict(list)
    of_files = [file.faults for files in (parsed.documents, parsed.topics) for file in files if file.faults]
    for group in (*of_files, parsed.bibliography.faults, parsed.faults):
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
        faults_by_kind={kind: tuple(of_kind) for kind, of_kind in faults.items()},
        texts=texts,
        directives=directives_by_path(texts),
        rules={rule.code: rule for rule in RULES},
        docs_dir=config.docs_dir,
        html=config.html,
        editorial=config.editorial,
        today=config.today,
    )
