"""Define the rules on the editorial standard: what the setting ``editorial`` requires beyond the format."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Severity
from inquiry_site.diagnostics.text import counted
from inquiry_site.knowledge.topics import tag_identity
from inquiry_site.model import InquiringLine, Note, ParsedDocument
from inquiry_site.names import Outcome
from inquiry_site.parsing.word_count import count_words_of_text
from inquiry_site.rules.rule import Finding, RuleContext, did_you_mean, join_names, key_span, rule
from inquiry_site.rules.text_lengths import describe_bounds, first_line_span, length_findings
from inquiry_site.text.suggest import closest_names

_NAMES = {"doi": "DOI", "arxiv": "arXiv number", "isbn": "ISBN", "url": "URL"}


def _notes(context: RuleContext) -> Iterator[tuple[ParsedDocument, Note]]:
    for parsed, document in context.published:
        if isinstance(document, Note):
            yield parsed, document


def _answered_lines(context: RuleContext) -> Iterator[tuple[ParsedDocument, InquiringLine]]:
    """Yield the lines that have a text."""
    for parsed, document in context.published:
        if isinstance(document, InquiringLine) and not document.is_open:
            yield parsed, document


@rule("editorial/note-length", Severity.WARNING, why="Too short a text weighs nothing; too long a one is not read.")
def note_length(context: RuleContext) -> Iterator[Finding]:
    """The text of every note has as many words as ``note_words`` in the settings allows.

    Words are counted as a reader sees them. Code blocks, comments, HTML tags, pictures and URLs do not count, nor does
    a citation without a label, such as ``[[coffee]]``. Labels, headings, table cells, quotations and code within a
    sentence do. In scripts without spaces, each character counts as a word.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {note_words: [8, 250]}
    ```
    ```markdown title="notes/coffee.md"
    It was a trial [[tea]].
    ```
    ```markdown title="notes/tea.md"
    It was a comparison of two groups that knew what they drank.
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    It was a trial with two groups, unlike that of [[tea]].
    ```
    """
    advice = "weigh the evidence, its strengths and its limits."
    yield from length_findings(_notes(context), context.editorial.note_words, advice)


@rule("editorial/line-length", Severity.WARNING, why="A line is read in one sitting, and its argument needs some room.")
def line_length(context: RuleContext) -> Iterator[Finding]:
    """The text of every line has as many words as ``line_words`` in the settings allows; they are counted as in notes.

    Open questions without a text are not reported.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {line_words: [10, 900]}
    ```

    Passes:
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea only by 18 [[tea]].
    ```
    """
    advice = "give the strongest counter-evidence its due."
    yield from length_findings(_answered_lines(context), context.editorial.line_words, advice)


@rule("editorial/cited-notes", Severity.WARNING, why="Too few notes do not answer a big question; too many hide it.")
def cited_notes(context: RuleContext) -> Iterator[Finding]:
    """Every line with a text cites as many notes as ``line_notes`` in the settings allows.

    Each note counts once. A line is not reported for too few notes while one of its citations is itself reported.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {line_notes: [3, 12]}
    ```

    Passes:
    ```yaml title="notes/cocoa.md"
    title: Does cocoa keep people awake?
    ```
    ```markdown title="lines/sleep.md"
    Coffee cuts sleep by 41 minutes [[coffee]], tea by 18 [[tea]], cocoa by 30 [[cocoa]].
    ```
    """
    graph, bounds = context.knowledge.graph, context.editorial.line_notes
    if bounds is None:
        return
    least, most = bounds
    for parsed, line in _answered_lines(context):
        count = len(graph.cited_notes[line.id])
        is_resolved = all(resolution.outcome is Outcome.FOUND for resolution in graph.citations[line.id])
        if least <= count <= most or (count < least and not is_resolved):
            continue
        message = f"This line cites {counted(count, 'note')}, but a line here cites {describe_bounds(bounds)}."
        hint = (
            "Cite other notes that bear on the question." if count < least else "Divide the question between two lines."
        )
        yield Finding(first_line_span(parsed, line), message, hint)


@rule("editorial/scope", Severity.WARNING, why="Readers generalise a claim whose limits are not given.")
def scope(context: RuleContext) -> Iterator[Finding]:
    """Every note lists where its claim holds and what it was not shown for, if ``scope`` in the settings requires it.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {scope: true}
    ```
    ```yaml title="notes/coffee.md"
    scope: {holds: [adults who slept at home]}
    ```
    ```yaml title="notes/tea.md"
    scope: {holds: [adults who slept at home], not_shown: [children]}
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    scope: {holds: [adults who slept at home], not_shown: [children]}
    ```
    """
    for parsed, note in _notes(context) if context.editorial.scope else ():
        given = {"holds": note.scope.holds, "not_shown": note.scope.not_shown}
        missing = [key for key, entries in given.items() if not entries]
        if missing:
            names = join_names([f"“{key}”" for key in missing], "and")
            hint = {
                "holds": "List the models, tasks or conditions of the evidence under “scope.holds”.",
                "not_shown": "List what a reader might wrongly assume under “scope.not_shown”.",
            }
            span = key_span(parsed, *(("scope",) if len(missing) == 1 else ("title",)))
            yield Finding(span, f"The scope of this note lacks {names}.", " ".join(hint[key] for key in missing))


@rule("editorial/identifier", Severity.WARNING, why="Without a permanent identifier, the source may become unfindable.")
def identifier(context: RuleContext) -> Iterator[Finding]:
    """Every source has one of the identifiers that ``identifiers`` in the settings lists.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {identifiers: [doi, arxiv]}
    ```
    ```text title="notes/coffee.md"
    ---
    title: Does coffee shorten sleep?
    description: Coffee at night cut sleep by 41 minutes.
    sources:
      - title: Coffee at Night
        authors: [Ada Example, Ben Sample]
        year: 2021
        url: https://example.org/coffee
        quotes: [{text: coffee at night cut sleep by 41 minutes, locator: abstract}]
    ---
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{doi: 10.1000/coffee}]
    ```
    """
    wanted = context.editorial.identifiers
    graph = context.knowledge.graph
    for parsed, note in _notes(context) if wanted else ():
        for number, entry in enumerate(note.evidence):
            reference = graph.reference(entry)
            if reference is not None and not any(getattr(reference, key) for key in wanted):
                names = join_names([_NAMES[key] for key in wanted], "nor")
                message = f"This source has neither {names}." if len(wanted) > 1 else f"This source has no {names}."
                keys = join_names([f"“{key}”" for key in wanted], "or")
                hint = f"Add {keys} from the publisher's page; a source without one may be mentioned in the text only."
                yield Finding(key_span(parsed, "sources", number, "title"), message, hint)


@rule("editorial/not-checked", Severity.WARNING, why="Nobody can judge how far the claim was compared with the source.")
def not_checked(context: RuleContext) -> Iterator[Finding]:
    """Every source records when and how far it was read, if ``checked`` in the settings requires it.

    An entry of ``references.bib`` that is cited by its key cannot record this.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {checked: true}
    ```
    ```yaml title="notes/tea.md"
    sources: [{checked: {on: 2026-05-02, as: text, version: v2}}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{checked: {on: 2026-05-02, as: abstract}}]
    ```
    """
    for parsed, note in _notes(context) if context.editorial.checked else ():
        for number, entry in enumerate(note.evidence):
            if entry.checked is None:
                day = context.today or "2026-01-31"
                hint = f"After reading it, add “checked: {{on: {day}, as: abstract}}”, or “as: text”."
                if entry.key:
                    hint = f"Replace “@{entry.key}” by the keys of the source, with “checked: {{on: …, as: …}}”."
                path = ("sources", number) if entry.key else ("sources", number, "title")
                yield Finding(key_span(parsed, *path), "This source does not record how far it was read.", hint)


@rule("editorial/quote-length", Severity.WARNING, why="A few words out of their sentence can be made to mean anything.")
def quote_length(context: RuleContext) -> Iterator[Finding]:
    """Every quote has at least as many words as ``quote_words`` in the settings.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {quote_words: 6}
    ```
    ```yaml title="notes/coffee.md"
    sources: [{quotes: [{text: by 41 minutes}]}]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    sources: [{quotes: [{text: coffee at night cut sleep by 41 minutes}]}]
    ```
    """
    least = context.editorial.quote_words
    for parsed, note in _notes(context) if least else ():
        for number, entry in enumerate(note.evidence):
            for index, quote in enumerate(entry.quotes):
                count = count_words_of_text(quote.text)
                if count < least:
                    message = f"This quote has {counted(count, 'word')}, but a quote here has at least {least}."
                    span = key_span(parsed, "sources", number, "quotes", index, "text")
                    yield Finding(span, message, "Quote the whole clause that contains it.")


@rule("editorial/answer", Severity.WARNING, why="Lists show the short answer, and most readers read nothing else.")
def answer(context: RuleContext) -> Iterator[Finding]:
    """Every line with a text has a short answer, if ``answer`` in the settings requires it.

    The format requires an answer only if the verdict is not ``open``.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {answer: true}
    ```
    ```yaml title="lines/naps.md"
    verdict: open
    ```
    ```markdown title="lines/naps.md"
    Coffee [[coffee]] and tea [[tea]] have been studied, but not with naps.
    ```

    Passes:
    ```yaml title="lines/naps.md"
    answer: Nobody has measured it.
    ```
    """
    for parsed, line in _answered_lines(context) if context.editorial.answer else ():
        if not line.answer:
            hint = "Add “answer:” with what can be answered so far, in a sentence."
            yield Finding(key_span(parsed, "title"), "This line has a text but no short answer.", hint)


@rule("editorial/not-reviewed", Severity.WARNING, why="The line may not take account of what the note found.")
def not_reviewed(context: RuleContext) -> Iterator[Finding]:
    """Every line was checked against its notes, including the latest, if ``reviewed`` in the settings requires it.

    A line with a text has the key ``reviewed``, and cites no note with a later ``date``. (``shape/review-due`` reports
    notes with a later ``updated``.)

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {reviewed: true}
    ```
    ```yaml title="notes/coffee.md"
    date: 2026-04-01
    ```
    ```yaml title="lines/sleep.md"
    reviewed: 2026-03-02
    ```

    Passes:
    ```yaml title="lines/sleep.md"
    reviewed: 2026-04-02
    ```
    """
    graph = context.knowledge.graph
    hint = "Check the line against the claims of its notes, then set “reviewed” to the day of this check."
    for parsed, line in _answered_lines(context) if context.editorial.reviewed else ():
        if line.reviewed is None:
            message = "This line does not record when it was checked against its notes."
            yield Finding(key_span(parsed, "title"), message, hint)
            continue
        for cited in graph.cited_notes[line.id]:
            note = graph.note(cited)
            if note is not None and note.date is not None and note.date > line.reviewed:
                message = f"“{cited}” was written on {note.date}, after this review."
                yield Finding(key_span(parsed, "reviewed"), message, hint)


@rule("editorial/lone-topic", Severity.WARNING, why="A topic is useful if it leads to other pages.")
def lone_topic(context: RuleContext) -> Iterator[Finding]:
    """Every topic is shared by as many notes and lines as ``topic_pages`` in the settings requires.

    Fails:
    ```yaml title="mkdocs.yml"
    plugins:
      - inquiry:
          editorial: {topic_pages: 2}
    ```
    ```yaml title="notes/coffee.md"
    tags: [caffein]
    ```
    ```yaml title="notes/tea.md"
    tags: [caffeine]
    ```
    ```yaml title="lines/sleep.md"
    tags: [caffeine]
    ```

    Passes:
    ```yaml title="notes/coffee.md"
    tags: [caffeine]
    ```
    """
    least = context.editorial.topic_pages
    topics = context.knowledge.topics
    sizes = {slug: len(topic.lines) + len(topic.notes) for slug, topic in topics.by_slug.items()}
    shared = [slug for slug, size in sizes.items() if size >= least]
    for parsed, document in context.published if least > 1 else ():
        for slug in topics.of_document.get(document.id, ()):
            if sizes[slug] < least:
                size = sizes[slug]
                tag = next(tag for tag in document.tags if topics.of_tag[tag_identity(tag)] == slug)
                pages = "Only this page has" if size == 1 else f"Only {size} pages have"
                message = f"{pages} the topic “{tag}”, but a topic here has at least {least} pages."
                hint = did_you_mean(closest_names(tag, shared)) or "Use a topic that other pages have, or remove it."
                yield Finding(key_span(parsed, "tags", tag), message, hint)


RULES = (
    note_length,
    line_length,
    cited_notes,
    scope,
    identifier,
    not_checked,
    quote_length,
    answer,
    not_reviewed,
    lone_topic,
)
