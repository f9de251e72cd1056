"""Determine the severity of each rule from the settings of a site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from inquiry_site.config import ConfigError
from inquiry_site.diagnostics import Severity
from inquiry_site.rules.rule import Rule, did_you_mean
from inquiry_site.text.suggest import closest_names

SEVERITIES = ("off", "info", "warning", "error")
"""The severities that a setting or a comment can give to a rule; ``off`` disables it."""


def apply_severities(rules: Iterable[Rule], settings: Mapping[str, str | bool]) -> tuple[Rule, ...]:
    """Return the enabled rules with the severities from the settings.

    Args:
        rules: all rules.
        settings: severity by code or family; a setting for a code takes precedence. YAML parses a bare ``off`` as false
            and ``on`` as true, so false means off and true means the rule's default severity.

    Raises:
        ConfigError: rules or severities are unknown, or a rule's severity cannot be changed; it lists all problems.
    """
    rules = tuple(rules)
    problems = list(_problems(rules, settings))
    if problems:
        raise ConfigError(problems)
    enabled: list[Rule] = []
    for rule in rules:
        level = settings.get(rule.code, settings.get(rule.family, True))
        if rule.fixed or level is True:
            enabled.append(rule)
        elif level not in {"off", False}:
            enabled.append(replace(rule, severity=Severity(level)))
    return tuple(enabled)


def _problems(rules: tuple[Rule, ...], settings: Mapping[str, str | bool]) -> Iterable[str]:
    by_code = {rule.code: rule for rule in rules}
    names = sorted({*by_code, *(rule.family for rule in rules)})
    for code, level in settings.items():
        if code not in names:
            yield f"'rules': there is no rule {code!r}. {did_you_mean(closest_names(str(code), names, 2))}".rstrip()
        elif not isinstance(level, bool) and level not in SEVERITIES:
            yield f"'rules': the severity of {code!r} must be one of {', '.join(SEVERITIES)}, not {level!r}"
        elif code in by_code and by_code[code].fixed and level is not True:
            yield f"'rules': the severity of {code!r} cannot be changed"


def select_rules(rules: Iterable[Rule], select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """Return the codes to report: the selected ones without the ignored ones.

    Args:
        rules: all rules.
        select: codes and families to report; all if empty.
        ignore: codes and families not to report.

    Raises:
        ConfigError: rules are unknown; it lists all of them.
    """
    rules, select, ignore = tuple(rules), tuple(select), tuple(ignore)
    names = sorted({name for rule in rules for name in (rule.code, rule.family)})
    unknown = [name for name in (*select, *ignore) if name not in names]
    if unknown:
        raise ConfigError(
            [f"There is no rule “{n}”. {did_you_mean(closest_names(n, names, 2))}".rstrip() for n in unknown]
        )
    return frozenset(
        rule.code
        for rule in rules
        if (not select or {rule.code, rule.family} & set(select)) and not {rule.code, rule.family} & set(ignore)
    )


def find_rules(rules: Iterable[Rule], name: str) -> frozenset[str]:
    """Return the codes of the rule or family that a name means: ``not-found`` is enough for ``citations/not-found``.

    Raises:
        ConfigError: no rule has the name, or several do.
    """
    rules = tuple(rules)
    named = frozenset(rule.code for rule in rules if name in {rule.code, rule.family})
    if named:
        return named
    short = {rule.code: rule.code.partition("/")[2] for rule in rules}
    codes = sorted(code for code, last in short.items() if last == name)
    if not codes:
        names = {*short, *(rule.family for rule in rules), *short.values()}
        closest = closest_names(name, sorted(names), 2)
        suggested = dict.fromkeys(code for near in closest for code in _full_names(near, short))
        raise ConfigError([f"There is no rule “{name}”. {did_you_mean(list(suggested))}".rstrip()])
    if len(codes) > 1:
        raise ConfigError([f"Several rules are called “{name}”. {did_you_mean(codes)}"])
    return frozenset(codes)


def _full_names(name: str, short: Mapping[str, str]) -> list[str]:
    return [code for code, last in short.items() if last == name] or [name]
