"""Scan Markdown bodies for citations, other links and headings, each with its span."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from inquiry_site.body_syntax import FileReference
from inquiry_site.html.sanitize import scheme_of
from inquiry_site.html.syntax import TAG_ATTRIBUTES
from inquiry_site.model import Body, Citation, CitationStyle, Heading, Link, Sentence
from inquiry_site.parsing.blocks import Layout, find_blocks, hide_percent_comments, mask_code_spans
from inquiry_site.parsing.file_references import file_reference, find_sources, hide_file_references
from inquiry_site.parsing.foreign_syntax import find_foreign_syntax
from inquiry_site.parsing.quotations import find_quotations
from inquiry_site.parsing.raw_html import find_tags
from inquiry_site.parsing.sentences import (
    FIRST_PLACEHOLDER,
    MAX_PLACEHOLDERS,
    has_words,
    plain_text,
    split_at_placeholders,
    split_sentences,
    without_private,
)

# A link such as [[1]](https://…) is not a citation; [[a]][[b]] is two citations.
_WIKI = re.compile(r"(!?)\[\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\](?!\(|\[(?!\[))")
_INLINE = re.compile(
    r"(?P<image>!?)\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"\([ \t\n]*+(?P<destination><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
)
_REFERENCE = re.compile(r"(?P<image>!?)\[(?P<words>[^\[\]^][^\[\]]*)\](?:\[(?P<label>[^\[\]]*)\])?(?![(\[:])")
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[(?P<label>[^\[\]^][^\[\]]*)\]:[ \t]*(?P<destination><[^<>\n]*>|\S+)", re.MULTILINE
)
_WEB = ("http://", "https://")
_SITE_OR_WEB = frozenset({"", "http", "https"})
_AUTOLINK = re.compile(r"<(https?://[^<>\s]+)>")
_TAG = re.compile(rf"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s{TAG_ATTRIBUTES})?/?>")
_ESCAPE = re.compile(r"\\[\\\[\]!]")
_SEPARATOR = re.compile(r"\\?\|")
_QUOTE_MARK = re.compile(r"\n[ \t]*>[ \t>]*")
_TAKEN = "\0"
"""Replaces a citation before other links are searched for: Markdown has no links within links."""
_ATTRIBUTES = re.compile(r"\{[^{}]*\}$")
_HEADING_ID = re.compile(r"#([^\s{}]+)")


@dataclass(frozen=True, slots=True)
class _Match:
    """A citation before its sentence is known; offsets into the body."""

    start: int
    end: int
    target: str
    heading: str
    words: str
    style: CitationStyle


def scan_body(text: str, offset: int, path: str) -> Body:
    """Parse the body of a file.

    Args:
        text: the whole file.
        offset: start of its body; offsets in the result count from the start of the file.
        path: the file's path, against which its relative links are resolved.
    """
    body = text[offset:]
    layout = find_blocks(body)
    scanned = _Scanned([], [], [], [])
    if "[" in layout.prose or "<http" in layout.prose:
        _scan_blocks(layout, body, offset, path, scanned)
    tags = tuple(find_tags(layout, body, offset))
    return Body(
        text=body,
        offset=offset,
        citations=tuple(scanned.citations),
        links=tuple(link for link in scanned.links if is_relative(link.destination)),
        headings=tuple(_headings(layout, offset)),
        sentences=tuple(scanned.sentences),
        quotations=tuple(find_quotations(layout, offset)),
        comments=tuple((start + offset, end + offset) for start, end in layout.comments),
        unclosed_fence=_shifted(layout.unclosed, offset),
        external_links=tuple(link for link in scanned.links if link.destination.lower().startswith(_WEB)),
        other_schemes=tuple(link for link in scanned.links if scheme_of(link.destination) not in _SITE_OR_WEB),
        tags=tags,
        unclosed_comment=_shifted(layout.unclosed_comment, offset),
        files=(*scanned.files, *(source for source in find_sources(tags, body, offset) if is_relative(source.target))),
        foreign=tuple(find_foreign_syntax(layout, body, offset)),
    )


def _shifted(span: tuple[int, int] | None, offset: int) -> tuple[int, int] | None:
    return (span[0] + offset, span[1] + offset) if span else None


@dataclass(frozen=True, slots=True)
class _Scanned:
    """Collects what the blocks of a body contain."""

    citations: list[Citation]
    links: list[Link]
    files: list[FileReference]
    sentences: list[Sentence]


def _scan_blocks(layout: Layout, body: str, offset: int, path: str, scanned: _Scanned) -> None:
    definitions = _definitions(layout.prose)
    body = hide_percent_comments(body, layout)
    for block in layout.blocks:
        prose = layout.prose[block.start : block.end]
        if "[" not in prose and "<http" not in prose:
            continue
        found = _scan_block(prose, body[block.start : block.end], definitions, path)
        shift = offset + block.start
        first, span = len(scanned.citations), (shift, offset + block.end)
        words = hide_file_references(prose, found.files) if found.files else prose
        sentences = _sentences_of(words, found.citations, first, span, scanned.sentences)
        scanned.citations.extend(
            Citation(m.start + shift, m.end + shift, m.target, m.heading, m.words, m.style, sentence)
            for m, sentence in zip(found.citations, sentences, strict=True)
        )
        scanned.links.extend(Link(link.start + shift, link.end + shift, link.destination) for link in found.links)
        scanned.files.extend(replace(file, start=file.start + shift, end=file.end + shift) for file in found.files)


def _headings(layout: Layout, offset: int) -> Iterator[Heading]:
    for block in layout.blocks:
        if block.is_heading:
            written = layout.prose[block.start : block.end].rstrip()
            attributes = _ATTRIBUTES.search(written)
            identifier = _HEADING_ID.search(attributes[0]) if attributes else None
            words = (written[: attributes.start()] if attributes else written).lstrip()
            text = plain_text(without_private(words).rstrip(" \t#"))
            start = offset + block.start
            yield Heading(start, start + len(written), text, identifier[1] if identifier else "")


def _definitions(prose: str) -> dict[str, str]:
    if "]:" not in prose:
        return {}
    return {_label(match["label"]): match["destination"].strip("<>") for match in _DEFINITION.finditer(prose)}


def _label(written: str) -> str:
    return " ".join(written.split()).casefold()


@dataclass(slots=True)
class _BlockContents:
    """The citations, links and files of one block, with offsets into it."""

    citations: list[_Match] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    files: list[FileReference] = field(default_factory=list)


def _scan_block(prose: str, original: str, definitions: dict[str, str], path: str) -> _BlockContents:
    masked = mask_code_spans(prose)
    if "\\" in masked:
        masked = _ESCAPE.sub("  ", masked)
    if "<" in masked:
        masked = _TAG.sub(lambda match: " " * len(match[0]), masked)
    contents = _BlockContents()
    for match in _WIKI.finditer(masked):
        _add_wiki(match, original, contents)
    if "](" in masked or definitions or "<http" in masked:
        masked = _WIKI.sub(lambda match: _TAKEN * len(match[0]), masked)
        contents.links = _ordinary_links(masked, original, definitions, path, contents.citations)
    contents.citations.sort(key=lambda citation: citation.start)
    return contents


def _add_wiki(match: re.Match[str], original: str, contents: _BlockContents) -> None:
    target, words = _split_words(original[match.start(2) : match.end(2)])
    file = file_reference(match.start(), match.end(), target, words, bool(match[1]))
    if file:
        contents.files.append(file)
        return
    style = CitationStyle.CARD if match[1] else CitationStyle.WIKI
    contents.citations.append(_Match(match.start(), match.end(), target, "", words, style))


def _split_words(inside: str) -> tuple[str, str]:
    inside = _QUOTE_MARK.sub(" ", inside)
    separator = _SEPARATOR.search(inside)
    if separator is None:
        return " ".join(inside.split()), ""
    return " ".join(inside[: separator.start()].split()), inside[separator.end() :].strip()


def _ordinary_links(
    masked: str, original: str, definitions: dict[str, str], path: str, citations: list[_Match]
) -> list[Link]:
    """Add the links that are citations to ``citations``; return the others."""
    links: list[Link] = []

    def add(match: re.Match[str], destination: str) -> str:
        if _TAKEN in match[0]:
            return match[0]
        target = None if match["image"] else cited_by_path(destination, path)
        if target is not None:
            words = original[match.start("words") : match.end("words")]
            citations.append(_Match(match.start(), match.end(), target[0], target[1], words, CitationStyle.LINK))
        elif "destination" in match.groupdict():
            inside = _INLINE.finditer(masked, match.start("words"), match.end("words"))
            links.extend(Link(*_destination_span(link), link["destination"].strip("<>")) for link in (*inside, match))
        return " " * len(match[0])

    def add_definition(match: re.Match[str]) -> str:
        if _TAKEN not in match[0]:
            links.append(Link(*_destination_span(match), match["destination"].strip("<>")))
        return " " * len(match[0])

    if definitions:
        masked = _DEFINITION.sub(add_definition, masked)
    masked = _INLINE.sub(lambda match: add(match, match["destination"].strip("<>")), masked)
    if definitions:
        for match in _REFERENCE.finditer(masked):
            add(match, definitions.get(_label(match["label"] or match["words"]), ""))
    if "<http" in masked:
        links += [Link(match.start(1), match.end(1), match[1]) for match in _AUTOLINK.finditer(masked)]
    return links


def _destination_span(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span("destination")
    return (start + 1, end - 1) if match["destination"].startswith("<") else (start, end)


def is_relative(destination: str) -> bool:
    """Whether a destination is relative to the file, rather than a URL, a path from the root or a fragment."""
    return bool(destination) and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/|#|\?", destination)


def cited_by_path(destination: str, path: str) -> tuple[str, str] | None:
    """Return the id and heading that a relative link to a note or a line cites; None for any other link."""
    if not is_relative(destination):
        return None
    file, _, heading = unquote(destination).partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
    folder = target.partition("/")[0]
    if folder not in {"notes", "lines"} or not target.endswith(".md"):
        return None
    return posixpath.basename(target).removesuffix(".md"), heading


def _sentences_of(
    prose: str, citations: list[_Match], first: int, block: tuple[int, int], sentences: list[Sentence]
) -> list[int]:
    """Add the block's citing sentences; return the index of each citation's sentence, -1 for a citation without one.

    Args:
        prose: the block.
        citations: its citations, with offsets into it.
        first: index of the first of them among the citations of the body.
        block: start and end of the block in the file.
        sentences: the sentences of the body so far.
    """
    if not citations:
        return []
    flat: list[str] = []
    position = 0
    for number, citation in enumerate(citations):
        flat += [without_private(prose[position : citation.start]), chr(FIRST_PLACEHOLDER + number % MAX_PLACEHOLDERS)]
        position = citation.end
    flat.append(without_private(prose[position:]))
    indexes = [-1] * len(citations)
    for sentence in split_sentences(plain_text("".join(flat))):
        parts = split_at_placeholders(sentence)
        cited = [part for part in parts if isinstance(part, int)]
        if cited and has_words(parts):
            for number in cited:
                indexes[number] = len(sentences)
            numbered = tuple(first + part if isinstance(part, int) else part for part in parts)
            sentences.append(Sentence(numbered, block))
    return indexes
