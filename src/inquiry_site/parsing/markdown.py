"""The one scanner of Markdown bodies: citations, other links and headings, each with its place."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from inquiry_site.html.sanitize import scheme_of
from inquiry_site.html.syntax import TAG_ATTRIBUTES
from inquiry_site.model import Body, Citation, CitationStyle, Heading, Link, Sentence
from inquiry_site.parsing.blocks import Block, Layout, find_blocks, mask_code_spans
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

# A link such as [[1]](https://…) is none; of two citations side by side both are.
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
# Stands where a citation was found: Markdown knows no links within links.
_TAKEN = "\0"
_ATTRIBUTES = re.compile(r"\{[^{}]*\}$")
_HEADING_ID = re.compile(r"#([^\s{}]+)")


@dataclass(frozen=True, slots=True)
class _Found:
    """A citation before its sentence is known; offsets into the body."""

    start: int
    end: int
    target: str
    heading: str
    words: str
    style: CitationStyle


def scan_body(text: str, offset: int, path: str) -> Body:
    """What the Markdown from ``offset`` on says.

    Args:
        text: the whole file.
        offset: where its body begins; the offsets of the result count from the start of the file.
        path: the file's path, from which its relative links are read.
    """
    body = text[offset:]
    layout = find_blocks(body)
    scanned = _Scanned([], [], [])
    if "[" in layout.prose or "<http" in layout.prose:
        _scan_blocks(layout, body, offset, path, scanned)
    return Body(
        text=body,
        offset=offset,
        citations=tuple(scanned.citations),
        links=tuple(link for link in scanned.links if is_relative(link.destination)),
        headings=tuple(_headings(layout.prose, layout.blocks)),
        sentences=tuple(scanned.sentences),
        quotations=tuple(find_quotations(layout, offset)),
        comments=tuple((start + offset, end + offset) for start, end in layout.comments),
        unclosed_fence=(layout.unclosed[0] + offset, layout.unclosed[1] + offset) if layout.unclosed else None,
        external_links=tuple(link for link in scanned.links if link.destination.lower().startswith(_WEB)),
        other_schemes=tuple(link for link in scanned.links if scheme_of(link.destination) not in _SITE_OR_WEB),
        tags=tuple(find_tags(layout, body, offset)),
    )


@dataclass(frozen=True, slots=True)
class _Scanned:
    """What the blocks of a body hold, as it is found."""

    citations: list[Citation]
    links: list[Link]
    sentences: list[Sentence]


def _scan_blocks(layout: Layout, body: str, offset: int, path: str, scanned: _Scanned) -> None:
    definitions = _definitions(layout.prose)
    for block in layout.blocks:
        prose = layout.prose[block.start : block.end]
        if "[" not in prose and "<http" not in prose:
            continue
        found, others = _scan_block(prose, body[block.start : block.end], definitions, path)
        shift = offset + block.start
        places = _sentences_of(prose, found, len(scanned.citations), (shift, offset + block.end), scanned.sentences)
        scanned.citations.extend(
            Citation(f.start + shift, f.end + shift, f.target, f.heading, f.words, f.style, place)
            for f, place in zip(found, places, strict=True)
        )
        scanned.links.extend(Link(link.start + shift, link.end + shift, link.destination) for link in others)


def _headings(prose: str, blocks: tuple[Block, ...]) -> Iterator[Heading]:
    for block in blocks:
        if block.is_heading:
            written = prose[block.start : block.end].strip()
            attributes = _ATTRIBUTES.search(written)
            identifier = _HEADING_ID.search(attributes[0]) if attributes else None
            words = written[: attributes.start()] if attributes else written
            yield Heading(plain_text(without_private(words).rstrip(" \t#")), identifier[1] if identifier else "")


def _definitions(prose: str) -> dict[str, str]:
    if "]:" not in prose:
        return {}
    return {_label(match["label"]): match["destination"].strip("<>") for match in _DEFINITION.finditer(prose)}


def _label(written: str) -> str:
    return " ".join(written.split()).casefold()


def _scan_block(prose: str, original: str, definitions: dict[str, str], path: str) -> tuple[list[_Found], list[Link]]:
    masked = mask_code_spans(prose)
    if "\\" in masked:
        masked = _ESCAPE.sub("  ", masked)
    if "<" in masked:
        masked = _TAG.sub(lambda match: " " * len(match[0]), masked)
    found = [_wiki(match, original) for match in _WIKI.finditer(masked)]
    links: list[Link] = []
    if "](" in masked or definitions or "<http" in masked:
        masked = _WIKI.sub(lambda match: _TAKEN * len(match[0]), masked)
        links = _ordinary_links(masked, original, definitions, path, found)
    found.sort(key=lambda citation: citation.start)
    return found, links


def _wiki(match: re.Match[str], original: str) -> _Found:
    style = CitationStyle.CARD if match[1] else CitationStyle.WIKI
    target, words = _split_words(original[match.start(2) : match.end(2)])
    return _Found(match.start(), match.end(), target, "", words, style)


def _split_words(inside: str) -> tuple[str, str]:
    inside = _QUOTE_MARK.sub(" ", inside)
    separator = _SEPARATOR.search(inside)
    if separator is None:
        return " ".join(inside.split()), ""
    return " ".join(inside[: separator.start()].split()), inside[separator.end() :].strip()


def _ordinary_links(
    masked: str, original: str, definitions: dict[str, str], path: str, found: list[_Found]
) -> list[Link]:
    """Add the links that cite to ``found``; return the rest."""
    links: list[Link] = []

    def take(match: re.Match[str], destination: str) -> str:
        if _TAKEN in match[0]:
            return match[0]
        target = None if match["image"] else cited_by_path(destination, path)
        if target is not None:
            words = original[match.start("words") : match.end("words")]
            found.append(_Found(match.start(), match.end(), target[0], target[1], words, CitationStyle.LINK))
        elif "destination" in match.groupdict():
            inside = _INLINE.finditer(masked, match.start("words"), match.end("words"))
            links.extend(Link(*_bare(link), link["destination"].strip("<>")) for link in (*inside, match))
        return " " * len(match[0])

    def take_definition(match: re.Match[str]) -> str:
        if _TAKEN not in match[0]:
            links.append(Link(*_bare(match), match["destination"].strip("<>")))
        return " " * len(match[0])

    if definitions:
        masked = _DEFINITION.sub(take_definition, masked)
    masked = _INLINE.sub(lambda match: take(match, match["destination"].strip("<>")), masked)
    if definitions:
        for match in _REFERENCE.finditer(masked):
            take(match, definitions.get(_label(match["label"] or match["words"]), ""))
    if "<http" in masked:
        links += [Link(match.start(1), match.end(1), match[1]) for match in _AUTOLINK.finditer(masked)]
    return links


def _bare(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span("destination")
    return (start + 1, end - 1) if match["destination"].startswith("<") else (start, end)


def is_relative(destination: str) -> bool:
    """Whether a link's destination is a path beside the file rather than an address or a place on the page."""
    return bool(destination) and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|/|#|\?", destination)


def cited_by_path(destination: str, path: str) -> tuple[str, str] | None:
    """The id and heading that a relative link points at when it leads to a note or a line; else None."""
    if not is_relative(destination):
        return None
    place, _, heading = unquote(destination).partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), place))
    folder = target.partition("/")[0]
    if folder not in {"notes", "lines"} or not target.endswith(".md"):
        return None
    return posixpath.basename(target).removesuffix(".md"), heading


def _sentences_of(
    prose: str, found: list[_Found], first: int, block: tuple[int, int], sentences: list[Sentence]
) -> list[int]:
    """Add the block's citing sentences to ``sentences``; return the place of each citation's sentence, -1 for none."""
    if not found:
        return []
    flat: list[str] = []
    position = 0
    for number, citation in enumerate(found):
        flat += [without_private(prose[position : citation.start]), chr(FIRST_PLACEHOLDER + number % MAX_PLACEHOLDERS)]
        position = citation.end
    flat.append(without_private(prose[position:]))
    places = [-1] * len(found)
    for sentence in split_sentences(plain_text("".join(flat))):
        parts = split_at_placeholders(sentence)
        cited = [part for part in parts if isinstance(part, int)]
        if cited and has_words(parts):
            for number in cited:
                places[number] = len(sentences)
            numbered = tuple(first + part if isinstance(part, int) else part for part in parts)
            sentences.append(Sentence(numbered, block))
    return places
