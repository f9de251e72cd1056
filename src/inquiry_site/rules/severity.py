"""The level of each rule, as the settings of a site want it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from inquiry_site.config import ConfigError
from inquiry_site.diagnostics import Severity
from inquiry_site.rules.rule import Rule, did_you_mean
from inquiry_site.text.suggest import closest_names

LEVELS = ("off", "warning", "error")
"""What a setting or a comment can make of a rule."""


def apply_severities(rules: Iterable[Rule], settings: Mapping[str, str | bool]) -> tuple[Rule, ...]:
    """The rules that are to run, at the levels that the settings give; a rule's own setting beats its family's.

    Args:
        rules: all rules.
        settings: level by code or family. YAML reads a bare ``off`` as false and ``on`` as true, so false is off, and
            true the rule's own level.

    Raises:
        ConfigError: a rule is unknown, a level is none, or the rule's level cannot be changed; all of them named.
    """
    rules = tuple(rules)
    problems = list(_problems(rules, settings))
    if problems:
        raise ConfigError(problems)
    found: list[Rule] = []
    for rule in rules:
        level = settings.get(rule.code, settings.get(rule.family, True))
        if rule.fixed or level is True:
            found.append(rule)
        elif level not in {"off", False}:
            found.append(replace(rule, severity=Severity(level)))
    return tuple(found)


def _problems(rules: tuple[Rule, ...], settings: Mapping[str, str | bool]) -> Iterable[str]:
    by_code = {rule.code: rule for rule in rules}
    known = sorted({*by_code, *(rule.family for rule in rules)})
    for code, level in settings.items():
        if code not in known:
            yield f"'rules': there is no rule {code!r}. {did_you_mean(closest_names(str(code), known, 2))}".rstrip()
        elif not isinstance(level, bool) and level not in LEVELS:
            yield f"'rules': the level of {code!r} must be one of {', '.join(LEVELS)}, not {level!r}"
        elif code in by_code and by_code[code].fixed and level is not True:
            yield f"'rules': the level of {code!r} cannot be changed"


def select_rules(rules: Iterable[Rule], select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """The codes to report: those selected (all when none are) without those ignored, each by code or family.

    Raises:
        ConfigError: a rule is unknown; all of them named.
    """
    rules, select, ignore = tuple(rules), tuple(select), tuple(ignore)
    known = sorted({name for rule in rules for name in (rule.code, rule.family)})
    unknown = [name for name in (*select, *ignore) if name not in known]
    if unknown:
        raise ConfigError(
            [f"There is no rule “{n}”. {did_you_mean(closest_names(n, known, 2))}".rstrip() for n in unknown]
        )
    return frozenset(
        rule.code
        for rule in rules
        if (not select or {rule.code, rule.family} & set(select)) and not {rule.code, rule.family} & set(ignore)
    )
