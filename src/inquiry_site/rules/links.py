"""Define the rules on references in frontmatter (next lines, relations, BibTeX keys, aliases) and links to files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote

from inquiry_site.attachments import Attachment
from inquiry_site.body_syntax import FileReference, FileReferenceStyle
from inquiry_site.diagnostics import Severity, Span
from inquiry_site.model import Body, InquiringLine, Kind, Note, ParsedDocument, RelationType
from inquiry_site.names import Outcome
from inquiry_site.parsing.ids import is_id
from inquiry_site.rules.fixes import remove_entry
from inquiry_site.rules.rule import (
    CitingFile,
    Finding,
    RuleContext,
    did_you_mean,
    join_names,
    key_span,
    quote_names,
    rule,
)
from inquiry_site.text.suggest import closest_names


def _check_reference(
    context: RuleContext, parsed: ParsedDocument, target: str, wanted: Kind, path: tuple[str | int, ...]
) -> Iterator[Finding]:
    """Yield the problem with an id in frontmatter that must refer to another page of the kind ``wanted``."""
    graph = context.knowledge.graph
    resolution = graph.names.resolve(target)
    document = graph.documents.get(resolution.id)
    if resolution.outcome is Outcome.BROKEN or (document and document.kind is wanted and document.id != parsed.id):
        return
    span = key_span(parsed, *path)
    write_id = f"Write the id of another {wanted.noun}: its file name without “.md”."
    if resolution.outcome is Outcome.MISSING:
        likely = [name for name in resolution.candidates if graph.names.kind(name) is wanted and name != parsed.id]
        yield Finding(span, f"No {wanted.noun} is called “{target}”.", did_you_mean(likely) or write_id)
    elif resolution.outcome is Outcome.AMBIGUOUS:
        yield Finding(
            span, f"“{target}” is the name of several pages.", f"Write the id: {quote_names(resolution.candidates)}."
        )
    elif resolution.outcome is Outcome.DRAFT:
        yield Finding(span, f"“{target}” is a draft.", "Publish it, or remove it here.")
    elif resolution.id == parsed.id:
        yield Finding(span, f"A {wanted.noun} cannot refer to itself here.", write_id)
    elif document:
        yield Finding(span, f"“{target}” is a {document.kind.noun}, not a {wanted.noun}.", write_id)


def _check_faulty(context: RuleContext, key: str, kind: Kind) -> Iterator[Finding]:
    """Yield the problems with the ids that a key has in files of one kind without a document."""
    for parsed in context.parsed.documents:
        for path, target in parsed.faulty_references:
            if parsed.kind is kind and path[0] == key:
                yield from _check_reference(context, parsed, target, kind, path)


@rule("links/next", Severity.ERROR, why="A next line that does not exist is a dead end for the reader.")
def next_line(context: RuleContext) -> Iterator[Finding]:
    """Every entry of ``next`` refers to another line.

    Fails:
    ```yaml title="lines/sleep.md"
    next: [nap]
    ```

    Passes:
    ```yaml title="lines/sleep.md"
    next: [naps]
    ```
    """
    for parsed, document in context.published:
        if isinstance(document, InquiringLine):
            for target in document.next:
                yield from _check_reference(context, parsed, target, Kind.LINE, ("next", target))
    yield from _check_faulty(context, "next", Kind.LINE)


@rule("links/relation", Severity.ERROR, why="A disagreement is shown only if both sides exist.")
def relation(context: RuleContext) -> Iterator[Finding]:
    """Every relation refers to another note.

    Fails:
    ```yaml title="notes/coffee.md"
    relations: [{type: contradicts, to: sleep, because: Tea drinkers slept as long.}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    relations: [{type: contradicts, to: tea, because: Tea drinkers slept as long.}]
    ```
    """
    for parsed, document in context.published:
        if isinstance(document, Note):
            for number, entry in enumerate(document.relations):
                yield from _check_reference(context, parsed, entry.to, Kind.NOTE, ("relations", number, "to"))
    yield from _check_faulty(context, "relations", Kind.NOTE)


@rule("links/bibtex-key", Severity.ERROR, why="The claim would rely on a source that readers cannot find.")
def bibtex_key(context: RuleContext) -> Iterator[Finding]:
    """Every ``"@key"`` refers to an entry of ``references.bib`` with title, authors, year and an identifier.

    Fails:
    ```yaml title="notes/coffee.md"
    sources: ["@nihgt2021"]
    ```
    ```markdown title="notes/coffee.md"
    One trial found 41 minutes.
    ```
    ```bibtex title="references.bib"
    @article{night2021, title = {Coffee at Night}, author = {Example, Ada}, year = {2021}, doi = {10.1000/night}}
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: ["@night2021"]
    ```
    """
    entries = context.knowledge.graph.bibliography
    incomplete = {entry.key: join_names(entry.missing, "and") for entry in context.parsed.bibliography.incomplete}
    for parsed, document in context.published:
        for number, evidence in enumerate(document.evidence if isinstance(document, Note) else ()):
            if evidence.reference is not None or evidence.key in entries:
                continue
            span = key_span(parsed, "sources", number)
            if evidence.key in incomplete:
                message = f"The entry “{evidence.key}” in references.bib lacks {incomplete[evidence.key]}."
                yield Finding(
                    span, message, "Complete the entry: a source needs title, authors, year and an identifier."
                )
            else:
                hint = did_you_mean(closest_names(evidence.key, [*entries, *incomplete]))
                message = f"references.bib has no entry “{evidence.key}”."
                yield Finding(span, message, hint or "Add the entry, or describe the source in full here.")


@rule("links/alias", Severity.ERROR, why="A former address can redirect to only one page.")
def alias(context: RuleContext) -> Iterator[Finding]:
    """No alias is the id of another page, or a former id that is also an alias of another page.

    Two pages may share an alias that is a title; citing it is then ambiguous and reported at the citation.

    Fails:
    ```yaml title="notes/coffee.md"
    aliases: [tea]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    aliases: [coffee-at-night]
    ```
    """
    claimed: dict[tuple[Kind, str], str] = {}
    graph = context.knowledge.graph
    for parsed, document in context.published:
        for number, name in enumerate(document.aliases):
            other = graph.documents.get(name)
            if other is not None and name != parsed.id:
                message = f"“{name}” is the id of {other.path}."
                yield Finding(key_span(parsed, "aliases", number), message, "Delete the alias, or rename that file.")
                continue
            holder = claimed.setdefault((parsed.kind, name), parsed.path) if is_id(name) else parsed.path
            if holder != parsed.path:
                message = f"“{name}” is also an alias of {holder}."
                yield Finding(key_span(parsed, "aliases", number), message, "Keep it in only one of the two files.")


@rule("links/redundant-alias", Severity.WARNING, why="It has no effect, and may conflict with another page later.")
def redundant_alias(context: RuleContext) -> Iterator[Finding]:
    """No alias is the page's own id or title, or listed twice.

    Fails:
    ```yaml title="notes/coffee.md"
    aliases: [coffee, espresso]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    aliases: [espresso]
    ```
    """
    for parsed, document in context.published:
        seen = {parsed.id: "the page's own id", document.title: "the page's own title"} if document.aliases else {}
        for number, name in enumerate(document.aliases):
            if name in seen:
                span = key_span(parsed, "aliases", number)
                edits = remove_entry(parsed.text, "aliases", number)
                yield Finding(span, f"This alias is {seen[name]}.", "Delete it.", edits)
            seen.setdefault(name, "listed above")


@rule("links/circle", Severity.ERROR, why="If notes supersede each other, it is unclear which one is current.")
def circle(context: RuleContext) -> Iterator[Finding]:
    """No note supersedes a note that supersedes it, directly or through others.

    Fails:
    ```yaml title="notes/espresso.md"
    relations: [{type: supersedes, to: decaf, because: It is newer.}]
    ```
    ```yaml title="notes/decaf.md"
    relations: [{type: supersedes, to: espresso, because: It is larger.}]
    ```

    Passes:
    ```yaml title="notes/decaf.md"
    relations: []
    ```
    ```markdown title="lines/sleep.md"
    Coffee [[coffee]], tea [[tea]] and espresso [[espresso]] differ.
    ```
    """
    outgoing = {
        source: [tie.target for tie in ties if tie.type is RelationType.SUPERSEDES]
        for source, ties in context.knowledge.relations.outgoing.items()
    }
    for parsed, document in context.published:
        for number, entry in enumerate(document.relations if isinstance(document, Note) else ()):
            if entry.type is RelationType.SUPERSEDES:
                target = context.knowledge.graph.names.resolve(entry.to).id
                if target != parsed.id and parsed.id in _reachable(target, outgoing):
                    message = f"“{entry.to}” supersedes this note, directly or through others."
                    yield Finding(
                        key_span(parsed, "relations", number, "to"),
                        message,
                        "Keep only the relation in the newer note.",
                    )


def _reachable(start: str, outgoing: Mapping[str, list[str]]) -> set[str]:
    reachable: set[str] = set()
    pending = [start]
    while pending:
        for target in outgoing.get(pending.pop(), ()):
            if target not in reachable:
                reachable.add(target)
                pending.append(target)
    return reachable


@rule("links/missing-file", Severity.ERROR, why="The reader gets an error page, or a broken image.")
def missing_file(context: RuleContext) -> Iterator[Finding]:
    """Every relative link or image points to an existing file.

    Links are resolved relative to the file that contains them. They may point to other notes and lines, to files beside
    them, and to the hand-written pages of the docs folder. In ``![[sleep.png]]`` the name of the file is enough,
    wherever it is beside notes and lines.

    Fails:
    ```markdown title="notes/coffee.md"
    ![Minutes of sleep](sleep.png)
    ```

    Passes:
    ```text title="notes/sleep.png"
    (a picture)
    ```
    """
    indexes = {f"{root}{folder}index.md" for root in ("", f"{context.docs_dir}/") for folder in _FOLDERS}
    pages = (parsed.path for parsed in context.parsed.documents)
    topics = (parsed.path for parsed in context.parsed.topics)
    paths = indexes.union(context.parsed.assets, context.parsed.hand_written, pages, topics)
    for parsed, body in context.bodies():
        for link in body.links:
            written = unquote(re.split("[?#]", link.destination, maxsplit=1)[0])
            target = posixpath.normpath(posixpath.join(posixpath.dirname(parsed.path), written))
            if target not in paths and not written.endswith("/") and "." in posixpath.basename(target):
                yield _missing(parsed, target, (link.start, link.end), paths)
    files: list[tuple[CitingFile, Body | None]] = [*context.bodies()]
    for file, named in (*files, *((page, page.body) for page in context.parsed.pages)):
        for reference in named.files if named else ():
            attachment = context.knowledge.graph.files.find(reference, file.path)
            if not attachment.path and not attachment.is_relative_to_page:
                yield from _missing_reference(file, reference, attachment, context, paths)


def _missing_reference(
    file: CitingFile, reference: FileReference, attachment: Attachment, context: RuleContext, paths: Collection[str]
) -> Iterator[Finding]:
    """Yield the finding on a reference without a file; the sources of hand-written pages are left to the engine."""
    if reference.style is not FileReferenceStyle.SOURCE:
        yield _missing_by_name(file, reference, attachment, context.parsed.assets)
    elif isinstance(file, ParsedDocument):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), unquote(reference.target)))
        if "." in posixpath.basename(target):
            yield _missing(file, target, (reference.start, reference.end), paths)


def _missing(parsed: CitingFile, target: str, span: tuple[int, int], paths: Collection[str]) -> Finding:
    """Return the finding on a path to a file that does not exist."""
    suffix = posixpath.splitext(target)[1].lower()
    alike = closest_names(target, (name for name in paths if name.lower().endswith(suffix)), 1)
    likely = [posixpath.relpath(name, posixpath.dirname(parsed.path)) for name in alike]
    hint = did_you_mean(likely) or "Add the file, or correct the path, which is relative to this file's folder."
    return Finding(Span.of(parsed.path, parsed.text, *span), f"The site has no file “{target}”.", hint)


def _missing_by_name(
    parsed: CitingFile, reference: FileReference, attachment: Attachment, paths: Iterable[str]
) -> Finding:
    """Return the finding on a name that no file has, or several."""
    span = Span.of(parsed.path, parsed.text, reference.start, reference.end)
    if attachment.candidates:
        hint = f"Write the path of one: {quote_names(attachment.candidates)}."
        return Finding(span, f"“{reference.target}” is the name of {len(attachment.candidates)} files.", hint)
    suffix = posixpath.splitext(reference.target)[1].lower()
    names = dict.fromkeys(posixpath.basename(path) for path in paths if path.lower().endswith(suffix))
    likely = closest_names(posixpath.basename(reference.target), names, 1)
    hint = did_you_mean(likely) or "Add the file beside this one, or correct its name."
    return Finding(span, f"The site has no file “{reference.target}”.", hint)


_FOLDERS = ("", "notes/", "lines/", "sources/", "topics/")
"""Folders for which the site generates index pages."""


@rule("links/dead-address", Severity.ERROR, why="A reader who follows it to check a sentence finds nothing.")
def dead_address(context: RuleContext) -> Iterator[Finding]:
    """Every web address on a page exists.

    Only ``inquiry check --links`` checks this; builds never do.

    Fails:
    ```markdown title="notes/coffee.md"
    See the [data](https://example.org/gone).
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    See the [data](https://example.org/data).
    ```
    """
    yield from ()


@rule("links/unsure-address", Severity.WARNING, why="It is uncertain whether a reader can reach it.")
def unsure_address(context: RuleContext) -> Iterator[Finding]:
    """Every linked web server responds in time, and to programs as well as to browsers.

    Only ``inquiry check --links`` checks this; builds never do.

    Fails:
    ```markdown title="notes/coffee.md"
    See the [data](https://example.org/slow).
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    See the [data](https://example.org/data).
    ```
    """
    yield from ()


RULES = (
    next_line,
    relation,
    circle,
    bibtex_key,
    alias,
    redundant_alias,
    missing_file,
    dead_address,
    unsure_address,
)
