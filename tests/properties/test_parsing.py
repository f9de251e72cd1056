"""Properties of parsing that hold for any file."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from inquiry_site import build
from inquiry_site.model import ParsedDocument
from inquiry_site.parsing.blocks import find_blocks, mask_code_spans
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.parser import parse_document, parse_files
from inquiry_site.parsing.sentences import plain_text, split_sentences
from tests.support import strategies


@given(st.dictionaries(strategies.paths, strategies.contents, max_size=3))
def test_parsing_never_raises(files: dict[str, str | bytes]) -> None:
    parsed = parse_files(files)
    assert [document.path for document in parsed.documents] == sorted(p for p in files if p.endswith(".md"))
    for document in parsed.documents:
        assert document.document or document.faults


@given(strategies.markdown)
@example("[see [[a]] here](../notes/spacing.md) [x]([[b]])\n\n[see]: ../notes/spacing.md\n[y]: [[c]]\n")
@example("[![picture](a.png)](b.html)")
def test_citations_and_links_have_correct_spans(text: str) -> None:
    head = "---\n---\n"
    body = scan_body(head + text, len(head), "lines/x.md")
    assert body.text == text
    written = [(head + text)[citation.start : citation.end] for citation in body.citations]
    for citation, words in zip(body.citations, written, strict=True):
        assert words.startswith(("[[", "![[", "["))
        assert words.startswith("!") == (citation.style.name == "CARD")
        assert citation.label in words
    assert [(head + text)[link.start : link.end] for link in body.links] == [link.destination for link in body.links]
    spans = [(citation.start, citation.end) for citation in body.citations]
    spans = sorted([*spans, *((link.start, link.end) for link in body.links)])
    assert [citation.start for citation in body.citations] == sorted(citation.start for citation in body.citations)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


@given(strategies.markdown)
def test_each_citation_occurs_once_in_its_sentence(text: str) -> None:
    body = scan_body(text, 0, "lines/x.md")
    for number, citation in enumerate(body.citations):
        sentences = [index for index, sentence in enumerate(body.sentences) if number in sentence.parts]
        assert sentences == ([citation.sentence] if citation.sentence >= 0 else [])


@given(strategies.markdown)
def test_blanking_keeps_all_offsets(text: str) -> None:
    layout = find_blocks(text)
    for blanked in (layout.prose, mask_code_spans(text)):
        assert len(blanked) == len(text)
        assert all(new in (old, " ") and (new == "\n") == (old == "\n") for new, old in zip(blanked, text, strict=True))
    ends = [0, *(offset for block in layout.blocks for offset in (block.start, block.end)), len(text)]
    assert ends == sorted(ends)


@given(strategies.markdown)
def test_splitting_into_sentences_loses_no_text(text: str) -> None:
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())


@given(st.text())
def test_plain_text_is_one_line(text: str) -> None:
    assert "\n" not in plain_text(text)


@given(strategies.documents, st.sampled_from(["notes/x.md", "lines/x.md"]))
def test_line_endings_and_a_byte_order_mark_make_no_difference(text: str, path: str) -> None:
    plain = text.replace("\r", "").removeprefix("\ufeff")
    expected = parse_document(path, plain)
    for variant in (plain.replace("\n", "\r\n"), "\ufeff" + plain, plain.replace("\n", "\r\n").encode("utf-8-sig")):
        assert _comparable(parse_document(path, variant)) == _comparable(expected)


def _comparable(parsed: ParsedDocument) -> Any:
    """Return a value that can be compared, unlike NaN, which does not even equal itself."""
    return repr(parsed)


@given(strategies.knowledge_bases, st.randoms(use_true_random=False))
def test_a_build_does_not_depend_on_the_order_of_files(files: dict[str, str], random: Any) -> None:
    paths = list(files)
    random.shuffle(paths)
    one, other = build(files), build({path: files[path] for path in paths})
    assert one.diagnostics == other.diagnostics
    bodies = [[(page.path, built.context(page).markdown) for page in built.pages] for built in (one, other)]
    assert bodies[0] == bodies[1]
    assert one.graph_json() == other.graph_json()


@given(st.dictionaries(strategies.paths, strategies.contents, max_size=3))
def test_every_file_that_cannot_be_parsed_is_reported(files: dict[str, str | bytes]) -> None:
    built = build(files)
    reported = {error.span.path for error in built.errors}
    assert {document.path for document in built.parsed.documents if document.document is None} <= reported
