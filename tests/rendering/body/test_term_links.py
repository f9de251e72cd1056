"""Links from the first use of each term to its meaning."""

from __future__ import annotations

import time

import pytest

from inquiry_site import Config, build
from inquiry_site.rendering.body.term_links import add_term_ids, link_terms
from inquiry_site.text.terms import GlossaryEntry, TermIndex
from tests.support.knowledge_bases import line, note, topic
from tests.support.rendered import html_of

TERMS = TermIndex([GlossaryEntry("rl", ("reinforcement learning", "RL"), "M."), GlossaryEntry("sft", ("SFT",), "M.")])


def linked(body: str) -> str:
    return (
        link_terms(body, TERMS, "../glossary/")
        .replace('<a class="iq-term" href="../glossary/#', "{")
        .replace('">', ":")
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>RL and RL.</p><p>RL</p>", "<p>{rl:RL</a> and RL.</p><p>RL</p>"),
        ("<p>Reinforcement learning (RL)</p>", "<p>{rl:Reinforcement learning</a> (RL)</p>"),
        ("<p><em>RL</em>, SFT</p>", "<p><em>{rl:RL</a></em>, {sft:SFT</a></p>"),
        ("<h2>RL</h2><p>RL</p>", "<h2>RL</h2><p>{rl:RL</a></p>"),
        ("<a>RL <b>SFT</b></a> SFT", "<a>RL <b>SFT</b></a> {sft:SFT</a>"),
        (
            "<code>RL</code><pre>RL</pre><math><mi>RL</mi></math>",
            "<code>RL</code><pre>RL</pre><math><mi>RL</mi></math>",
        ),
        ("<img alt=RL><!-- RL --> <abbr>RL</abbr>", "<img alt=RL><!-- RL --> <abbr>RL</abbr>"),
        ("<pre><pre>RL</pre>RL</pre> RL", "<pre><pre>RL</pre>RL</pre> {rl:RL</a>"),
        ("plain RL", "plain {rl:RL</a>"),
        ("<q>RL", "<q>{rl:RL</a>"),
    ],
)
def test_the_first_use_of_each_term_is_linked(body: str, expected: str):
    assert linked(body) == expected


def test_cards_and_unresolved_citations_are_left_alone():
    card = '<span class="iq-card" id="iq-c1"><span class="iq-card-claim">RL</span></span>'
    assert linked(card) == card.replace('">', ":")
    missing = '<span class="iq-missing">RL</span>'
    assert linked(f"{missing} RL") == f"{missing} {{rl:RL</a>".replace('">', ":")


GLOSSARY = "Reinforcement learning (RL)\n:   Trial and reward.\n\nSFT\n:   Imitation.\n"


def test_bodies_of_notes_lines_and_topics_have_links():
    files = {
        "docs/glossary.md": GLOSSARY,
        "notes/a.md": note("Is it RL?", "## RL\n\nIt is RL, `SFT` and <u>SFT</u>.", description="RL.", tags="[t]"),
        "lines/l.md": line("Is it SFT?", "It is SFT [[a]], not RL [[a|by RL]].", answer="RL."),
        "topics/t.md": topic("RL", "About RL.", description="RL."),
    }
    built = build(files)
    link = '<a class="iq-term" href="../../glossary/#{}">{}</a>'
    assert f"It is {link.format('rl', 'RL')}, <code>SFT</code> and <u>{link.format('sft', 'SFT')}</u>." in html_of(
        built, "notes/a.md"
    )
    assert html_of(built, "lines/l.md").count("iq-term") == 2
    assert f"<p>About {link.format('rl', 'RL')}.</p>" in html_of(built, "topics/t.md")
    assert html_of(built, "topics/t.md").count("iq-term") == 1
    flat = html_of(build(files, Config(use_directory_urls=False)), "notes/a.md")
    assert 'href="../glossary.html#rl"' in flat


def test_without_a_glossary_nothing_is_linked():
    assert "iq-term" not in html_of(build({"notes/a.md": note(body="RL.")}), "notes/a.md")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<dl><dt>Reward (RW)</dt><dd>x</dd></dl>", '<dl><dt id="rw">Reward (RW)</dt><dd>x</dd></dl>'),
        ("<dt><em>A</em> &amp; B</dt><dt>A B</dt>", '<dt id="a-b"><em>A</em> &amp; B</dt><dt>A B</dt>'),
        ('<dt id="own">A</dt><dt class="x">C</dt>', '<dt id="own">A</dt><dt id="c" class="x">C</dt>'),
        ('<h2 id="a">A</h2><dt>A</dt>', '<h2 id="a">A</h2><dt>A</dt>'),
        ("<dt></dt><dt>+</dt><dt>A", "<dt></dt><dt>+</dt><dt>A"),
        ("<dtx>A</dtx>", "<dtx>A</dtx>"),
    ],
)
def test_terms_get_ids(page: str, expected: str):
    assert add_term_ids(page) == expected


@pytest.mark.parametrize("part", ["<dt>", "<dt>a</dt>", "<pre>RL", "RL <b>", "<a>RL</a>"])
def test_the_time_is_linear(part: str):
    began = time.process_time()
    page = part * (100_000 // len(part))
    add_term_ids(page)
    link_terms(page, TERMS, "")
    assert time.process_time() - began < 10
