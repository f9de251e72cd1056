"""A new id changes everything that names the page, nothing else, and keeps the former address alive."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from inquiry_site import build
from inquiry_site.authoring.renaming import RenameError, Renaming, plan_renaming
from inquiry_site.config import Config
from tests.support import strategies
from tests.support.knowledge_bases import line, note, topic

CONFIG = Config()


def renamed(files: dict[str, str], old: str, new: str) -> tuple[dict[str, str], Renaming]:
    plan = plan_renaming(files, CONFIG, old, new)
    after = {path: content for path, content in files.items() if path != plan.old_path}
    for path, (before, content) in plan.contents.items():
        assert files[path].encode() == before
        after[plan.new_path if path == plan.old_path else path] = content.decode()
    return after, plan


def body_after(body: str, old: str = "old", new: str = "new") -> str:
    """Return the body of a line after a note that it cites got a new id."""
    files = {f"notes/{old}.md": note("Old?"), "notes/older.md": note("Older?"), "lines/l.md": line(body=body)}
    return renamed(files, old, new)[0]["lines/l.md"].partition("---\n")[2].partition("---\n")[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("So [[old]].", "So [[new]]."),
        ("So [[old|the old one]], [[ old ]].", "So [[new|the old one]], [[ new ]]."),
        ("So [[old#a-heading]].", "So [[new#a-heading]]."),
        ("So [[old#old|old]].", "So [[new#old|old]]."),
        ("![[old]]", "![[new]]"),
        ("| a | b |\n|---|---|\n| [[old\\|x]] | y |", "| a | b |\n|---|---|\n| [[new\\|x]] | y |"),
        ("So [[notes/old]], [[../notes/old.md]].", "So [[notes/new]], [[../notes/new.md]]."),
        ("> So [[\n> old]].", "> So [[\n> new]]."),
        ("So [x](../notes/old.md).", "So [x](../notes/new.md)."),
        ('So [x](../notes/old.md#h "old").', 'So [x](../notes/new.md#h "old").'),
        ("So [x](<../notes/old.md>).", "So [x](<../notes/new.md>)."),
        ("So [x](../notes/ol%64.md).", "So [x](../notes/new.md)."),
        ("So [`](../notes/old.md)`](../notes/old.md).", "So [`](../notes/old.md)`](../notes/new.md)."),
        ("So [x][r] and [r].\n\n[r]: ../notes/old.md#h", "So [x][r] and [r].\n\n[r]: ../notes/new.md#h"),
        ("So [x][r].\n\n[r]: <../notes/old.md>", "So [x][r].\n\n[r]: <../notes/new.md>"),
        ("So [[older]], old, OLD.", "So [[older]], old, OLD."),
        ("So [[Old?]].", "So [[Old?]]."),
        ("So `[[old]]` and [[old]].", "So `[[old]]` and [[new]]."),
        ("```\n[[old]]\n```\n\nSo [[old]].", "```\n[[old]]\n```\n\nSo [[new]]."),
        ("<!-- [[old]] --> So [[old]].", "<!-- [[old]] --> So [[new]]."),
        ("%% [[old]] %% So [[old]].", "%% [[old]] %% So [[new]]."),
        ("So \\[[old]] and [old](https://example.org/notes/old.md).", None),
        ("So [[old]].\n<!-- rests-on: old because old. -->", "So [[new]].\n<!-- rests-on: new because old. -->"),
        (
            "So [[old]].\n<!-- inquiry: off old/old because old -->",
            "So [[new]].\n<!-- inquiry: off old/old because old -->",
        ),
    ],
)
def test_citations_in_every_form_name_the_new_id(before: str, after: str | None):
    assert body_after(before) == (before if after is None else after)


def test_ids_in_any_script_are_renamed_however_they_are_written():
    decomposed = unicodedata.normalize("NFD", "größe")
    body = f"So [[größe]], [[{decomposed}]], [x](../notes/gr%C3%B6%C3%9Fe.md), [x](../notes/größe.md)."
    expected = "So [[länge]], [[länge]], [x](../notes/l%C3%A4nge.md), [x](../notes/länge.md)."
    assert body_after(body, "größe", "länge") == expected


def test_frontmatter_topics_and_pages_name_the_new_id():
    files = {
        "notes/deep/old.md": note("Old?", "See [[old]] itself."),
        "notes/b.md": note("B?", relations="[{type: extends, to: 'old', because: The old one.}]"),
        "lines/l.md": line("L?", "So [[old]].", next='[m, "m"]'),
        "lines/m.md": line("M?", "So [[b]]."),
        "lines/faulty.md": "---\ntitle: F?\nnext: [m]\n---\nSo [[old]].\n",
        "topics/memory.md": topic(body="See [[old]].\n"),
        "docs/index.md": "See [[old]], [it](notes/old.md#h), [it](../notes/old.md) and `notes/old.md`.\n",
        "docs/deep/page.md": "See [it](../notes/old.md).\n",
        "docs/other.md": "See [it](notes/older.md) and old.\n",
    }
    after, plan = renamed(files, "old", "new")
    assert plan.new_path == "notes/deep/new.md"
    assert "aliases: [old]\n---\nSee [[new]] itself." in after["notes/deep/new.md"]
    assert "to: 'new', because: The old one." in after["notes/b.md"]
    assert after["lines/faulty.md"].endswith("So [[new]].\n")
    assert after["topics/memory.md"].endswith("See [[new]].\n")
    assert after["docs/index.md"] == "See [[new]], [it](notes/new.md#h), [it](../notes/new.md) and `notes/old.md`.\n"
    assert after["docs/deep/page.md"] == "See [it](../notes/new.md).\n"
    assert "docs/other.md" not in plan.contents
    lines, _ = renamed(files, "m", "number-2")
    assert 'next: [number-2, "number-2"]' in lines["lines/l.md"]
    assert "next: [number-2]" in lines["lines/faulty.md"]


@pytest.mark.parametrize(
    ("new", "written"), [("2024", '"2024"'), ("null", '"null"'), ("0x1f", '"0x1f"'), ("on", '"on"'), ("a-b", "a-b")]
)
def test_an_id_that_yaml_would_not_read_as_text_is_quoted(new: str, written: str):
    files = {"lines/l.md": line("L?", next="[m]"), "lines/m.md": line("M?")}
    after, _ = renamed(files, "m", new)
    assert f"next: [{written}]" in after["lines/l.md"]
    back, _ = renamed(after, new, "m")
    assert f"aliases: [{written}]" in back["lines/m.md"]


@pytest.mark.parametrize(
    ("aliases", "expected"),
    [
        ("", "aliases: [old]\n"),
        ("aliases:\n", "aliases: [old]\n"),
        ("aliases: []\n", "aliases: [old]\n"),
        ("aliases: [a, b]\n", "aliases: [old, a, b]\n"),
        ("aliases:\n  - a\n  - b\n", "aliases:\n  - old\n  - a\n  - b\n"),
        ("aliases:\n- a\n", "aliases:\n- old\n- a\n"),
        ("aliases: [a, new] # once\n", "aliases: [a, old] # once\n"),
        ("aliases: [old]\n", "aliases: [old]\n"),
    ],
)
def test_the_former_id_becomes_an_alias(aliases: str, expected: str):
    text = note("Old?").replace("description", f"{aliases}description")
    after, _ = renamed({"notes/old.md": text}, "old", "new")
    if aliases:
        assert after["notes/new.md"] == text.replace(aliases, expected)
    else:
        assert after["notes/new.md"] == text.replace("\n---\n", f"\n{expected}---\n")


def test_line_endings_and_the_byte_order_mark_are_kept():
    files = {
        "notes/old.md": "\ufeff" + note("Old?").replace("\n", "\r\n"),
        "lines/l.md": "\ufeff" + line(body="So [[old]].\n").replace("\n", "\r\n"),
    }
    after, _ = renamed(files, "old", "new")
    assert after["lines/l.md"] == files["lines/l.md"].replace("[[old]]", "[[new]]")
    assert after["notes/new.md"] == files["notes/old.md"].replace("\r\n---\r\n", "\r\naliases: [old]\r\n---\r\n")


def test_a_citation_that_led_nowhere_may_lead_to_the_new_id():
    files = {"notes/old.md": note("Old?"), "lines/l.md": line(body="So [[old]] or [[new]].")}
    assert renamed(files, "old", "new")[0]["lines/l.md"].endswith("So [[new]] or [[new]].")


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("ol", "x", "No note or line has the id “ol”.", "Did you mean old"),
        ("old", "old", "“old” is the id already.", ""),
        ("old", "New Id", "“New Id” is not an id.", "lower-case letters, digits and hyphens. Did you mean new-id?"),
        ("old", "../x", "“../x” is not an id.", "Did you mean x?"),
        ("old", "index", "“index” is not an id.", "Did you mean index-2?"),
        ("old", "", "“” is not an id.", ""),
        ("old", "l", "lines/l.md has the id “l”.", "Choose another id."),
        ("old", "faulty", "notes/faulty.md has the id “faulty”.", ""),
        ("old", "draft", "notes/draft.md has the id “draft”.", ""),
        ("old", "former", "“former” is an alias of lines/l.md.", ""),
        ("faulty", "x", "notes/faulty.md has errors.", "Fix them first"),
        ("twice", "x", "lines/twice.md and notes/twice.md have the same id.", ""),
        (
            "old",
            "what-now",
            "With the id “what-now”, lines/l.md would refer to another page.",
            "change that place first",
        ),
        ("odd", "x", "lines/anchors.md:6:3 names the id in a way that cannot be changed safely.", "simple value"),
    ],
)
def test_an_id_that_cannot_be_used_is_refused(old: str, new: str, message: str, hint: str):
    files = {
        "notes/old.md": note("Old?"),
        "notes/faulty.md": "---\ntitle: [\n---\n",
        "notes/draft.md": note("D?", draft="true"),
        "notes/twice.md": note("T?"),
        "lines/twice.md": line("U?"),
        "lines/l.md": line("L?", "So [[old]], [[what-now]].", aliases="[former]"),
        "lines/titled.md": line("what-now", "Nothing."),
        "lines/odd.md": line("Odd?", "Nothing."),
        "lines/anchors.md": "---\ntitle: A?\ndescription: D.\nanswer: A.\ntags:\n- &x odd\nnext:\n- *x\n---\nText.\n",
    }
    with pytest.raises(RenameError) as refused:
        plan_renaming(files, CONFIG, old, new)
    assert str(refused.value).startswith(message[:20])
    assert hint in refused.value.hint


def test_files_that_may_still_name_the_id_are_listed():
    files = {
        "notes/old.md": note("Old?"),
        "lines/faulty.md": "---\ntitle: F?\nnext: [old\n---\nSo [[old]].\n",
        "lines/unclosed.md": "---\ntitle: F?\nnext: [old]\n",
        "lines/other.md": "---\ntitle: [\n---\nSo.\n",
    }
    after, plan = renamed(files, "old", "new")
    assert plan.unread == ("lines/faulty.md", "lines/unclosed.md")
    assert after["lines/faulty.md"].endswith("So [[new]].\n")


def citations(files: dict[str, str], names: dict[str, str]) -> set[tuple[str, str, str]]:
    """Return the edges between documents, with the ids replaced by names."""
    graph = build(files, Config(drafts=True)).knowledge
    edges = {(source, "cites", target) for source, targets in graph.graph.passages.items() for target in targets}
    edges |= {(r.source, r.type.value, r.target) for rs in graph.relations.outgoing.values() for r in rs}
    edges |= {(line.id, "next", graph.graph.names.resolve(n).id) for line in graph.graph.lines for n in line.next}
    return {(names.get(source, source), kind, names.get(target, target)) for source, kind, target in edges}


CODE = "```\n[[spacing]] [[memory]] ../notes/testing.md how-to\n```\n\n`[[how-to]]` <!-- [[spacing]] -->\n"


@given(strategies.knowledge_bases, st.integers(0, 5), st.sampled_from(["new", "spacing-2", "größe", "null", "2024"]))
@example({"notes/spacing.md": note("S?", "[[spacing]][a](../notes/spacing.md)")}, 0, "new")
def test_random_renames_keep_the_graph_and_every_address(files: dict[str, str], at: int, new: str):
    files = {path: text.replace("\n---\n", f"\n---\n{CODE}\n", 1) for path, text in files.items()}
    paths = sorted(path for path in files if path.startswith(("notes", "lines")))
    assume(paths)
    path = paths[at % len(paths)]
    old = path.removesuffix(".md").rpartition("/")[2]
    try:
        after, _ = renamed(files, old, new)
    except RenameError as refused:
        reason = str(refused)
        assume(not re.search("same id|has errors", reason))
        raise
    assert citations(after, {}) == citations(files, {old: new})
    assert sum(text.count(CODE) for text in after.values()) == sum(text.count(CODE) for text in files.values())
    kind = path.partition("/")[0]
    assert f"{kind}/{old}/index.html" in {redirect.path for redirect in build(after).redirects}
    again, _ = renamed(after, new, "once-more")
    addresses = {redirect.path for redirect in build(again).redirects}
    assert {f"{kind}/{old}/index.html", f"{kind}/{new}/index.html"} <= addresses
    back, _ = renamed(after, new, old)
    assert citations(back, {}) == citations(files, {})
