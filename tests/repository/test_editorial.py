"""The knowledge base of this repository follows its own settings, and is large enough to demonstrate the tool."""

from __future__ import annotations

from functools import cache

from mkdocs.config import load_config

from inquiry_site.adapters.cli.site_config import read_config
from inquiry_site.adapters.mkdocs.options import core_config
from inquiry_site.build import CheckResult, check
from inquiry_site.editorial_standard import NOTHING_REQUIRED
from inquiry_site.files import read_tree
from inquiry_site.knowledge.relations import DISAGREEING
from tests.support.knowledge_bases import ROOT


@cache
def own() -> CheckResult:
    return check(read_tree(ROOT), read_config(ROOT))


def test_the_knowledge_base_has_no_diagnostics():
    assert own().diagnostics == ()


def test_the_command_and_the_plugin_apply_the_same_standard():
    config = load_config(str(ROOT / "mkdocs.yml"))
    of_plugin = core_config(config, config.plugins["inquiry"].config, drafts=False)
    of_command = read_config(ROOT)
    assert of_plugin.editorial == of_command.editorial != NOTHING_REQUIRED
    assert of_plugin.rules == of_command.rules


def test_the_knowledge_base_demonstrates_the_tool_at_a_realistic_size():
    graph = own().knowledge.graph
    assert len(graph.notes) >= 60
    assert len([line for line in graph.lines if not line.is_open]) >= 11
    assert len([line for line in graph.lines if line.is_open]) >= 5
    relations = [relation for of_note in own().knowledge.relations.outgoing.values() for relation in of_note]
    assert len([relation for relation in relations if relation.type in DISAGREEING]) >= 20
