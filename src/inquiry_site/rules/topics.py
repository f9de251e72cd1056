"""Define the rules on topic files: tags that nothing uses, and aliases of several topics."""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.knowledge.topics import tag_identity
from inquiry_site.rules.fixes import remove_entry
from inquiry_site.rules.rule import Finding, RuleContext, did_you_mean, key_span, rule
from inquiry_site.text.suggest import closest_names


@rule("topics/unused", Severity.WARNING, why="A topic without notes and lines has no page, so nobody can read it.")
def unused_topic(context: RuleContext) -> Iterator[Finding]:
    """Every topic file belongs to a tag that a note or a line has.

    The tag is the file's name without ``.md``, or one of its ``aliases``. Case, spaces, hyphens and underscores make no
    difference. Drafts count, and so does a file with errors that mentions the tag.

    Fails:
    ```yaml title="notes/coffee.md"
    tags: [hot-drinks]
    ```
    ```text title="topics/hot-drink.md"
    ---
    title: Hot drinks
    ---
    ```

    Passes:
    ```text title="topics/hot-drinks.md" replaces="topics/hot-drink.md"
    ---
    title: Hot drinks
    ---
    ```
    """
    entries = context.parsed.documents if context.parsed.topics else ()
    used = {tag_identity(tag) for entry in entries if entry.document for tag in entry.document.tags}
    named = {tag_identity(parsed.id) for parsed in context.parsed.topics}
    faulty = [entry.text for entry in entries if entry.document is None]
    for parsed in context.parsed.topics:
        tags = (parsed.id, *parsed.topic.aliases) if parsed.topic else ()
        if not tags or any(tag_identity(tag) in used or any(tag in text for text in faulty) for tag in tags):
            continue
        hint = did_you_mean(closest_names(tag_identity(parsed.id), sorted(used - named)))
        hint = hint or "Tag a note or a line with it, or delete the file."
        yield Finding(Span(parsed.path), f"No note or line has the tag “{parsed.id}”.", hint)


@rule("topics/alias", Severity.ERROR, why="A page with that tag can belong to only one of the two topics.")
def topic_alias(context: RuleContext) -> Iterator[Finding]:
    """No alias of a topic is the tag of another topic file or one of its aliases.

    Fails:
    ```yaml title="notes/coffee.md"
    tags: [coffee, tea]
    ```
    ```text title="topics/coffee.md"
    ---
    title: Coffee
    aliases: [tea]
    ---
    ```
    ```text title="topics/tea.md"
    ---
    title: Tea
    ---
    ```

    Passes:
    ```text title="topics/coffee.md"
    ---
    title: Coffee
    aliases: [espresso]
    ---
    ```
    """
    topics = [parsed for parsed in context.parsed.topics if parsed.topic]
    owners = {tag_identity(parsed.id): parsed.path for parsed in reversed(topics)}
    claimed: dict[str, str] = {}
    for parsed in topics:
        for number, alias in enumerate(parsed.topic.aliases if parsed.topic else ()):
            tag = tag_identity(alias)
            if tag == tag_identity(parsed.id):
                continue
            owner = owners.get(tag, "")
            holder = claimed.setdefault(tag, parsed.path)
            if owner and owner != parsed.path:
                message = f"“{alias}” is the tag of {owner}."
                hint = "Delete the alias, or merge the two files."
                yield Finding(key_span(parsed, "aliases", number), message, hint)
            elif holder != parsed.path:
                message = f"“{alias}” is also an alias of {holder}."
                yield Finding(key_span(parsed, "aliases", number), message, "Keep it in only one of the two files.")


@rule("topics/redundant-alias", Severity.WARNING, why="It has no effect, and may conflict with another topic later.")
def redundant_topic_alias(context: RuleContext) -> Iterator[Finding]:
    """No alias of a topic is its own tag, or listed twice.

    Case, spaces, hyphens and underscores make no difference.

    Fails:
    ```yaml title="notes/coffee.md"
    tags: [coffee]
    ```
    ```text title="topics/coffee.md"
    ---
    title: Coffee
    aliases: [Coffee, espresso]
    ---
    ```

    Passes:
    ```text title="topics/coffee.md"
    ---
    title: Coffee
    aliases: [espresso]
    ---
    ```
    """
    for parsed in context.parsed.topics:
        seen = {tag_identity(parsed.id): "the topic's own tag"}
        for number, alias in enumerate(parsed.topic.aliases if parsed.topic else ()):
            tag = tag_identity(alias)
            if tag in seen:
                edits = remove_entry(parsed.text, "aliases", number)
                yield Finding(key_span(parsed, "aliases", number), f"This alias is {seen[tag]}.", "Delete it.", edits)
            seen.setdefault(tag, "listed above")


RULES = (unused_topic, topic_alias, redundant_topic_alias)
