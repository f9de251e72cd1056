"""Define the rules on files that cannot be read, on file names and on unsafe content."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from inquiry_site.diagnostics import Severity, Span
from inquiry_site.diagnostics.terminal import shortened
from inquiry_site.files import LINK_CYCLE, LINK_OUTSIDE
from inquiry_site.html.sanitize import SCHEMES, scheme_of, unsafe_parts
from inquiry_site.model import Fault, FaultKind
from inquiry_site.parsing.ids import RESERVED_IDS, is_id
from inquiry_site.rules.rule import Finding, RuleContext, join_names, rule
from inquiry_site.text.person_names import split_people


@rule(
    "files/unreadable",
    Severity.ERROR,
    why="A file that cannot be read is not published, and citations of it lead nowhere.",
    fixed=True,
)
def unreadable(context: RuleContext) -> Iterator[Finding]:
    """Every path below ``notes/``, ``lines/`` and ``topics/`` that ends in ``.md`` is a readable file.

    The rule reports folders with such a name, broken links, and files and folders without read permission.

    Fails:
    ```text title="notes/cocoa.md/draft.txt"
    A folder that is named like a note.
    ```

    Passes:
    ```text title="notes/drafts/draft.txt" replaces="notes/cocoa.md/draft.txt"
    A folder with another name.
    ```
    """
    for fault in context.faults(FaultKind.UNREADABLE):
        hint = _READ_HINTS.get(fault.detail, "Make it readable, or delete it.")
        yield Finding(fault.span, f"This path cannot be read: {fault.detail}.", hint)


_READ_HINTS = {
    "it is a folder, not a file": "Rename the folder so that its name does not end in “.md”.",
    "it is a file, not a folder": "Rename the file: this path must be a folder.",
    LINK_OUTSIDE: "Replace the link with the file itself.",
    LINK_CYCLE: "Delete the link: following it would never end.",
    "it is a link to a folder": "Replace the link with a folder: links to folders are not followed.",
    "it is a link to a file that does not exist": "Fix the link, or delete it.",
    "permission denied": "Give yourself read permission.",
}


@rule(
    "files/not-utf8", Severity.ERROR, why="In another encoding, letters silently turn into other letters.", fixed=True
)
def not_utf8(context: RuleContext) -> Iterator[Finding]:
    """Every file is UTF-8, with or without a byte-order mark.

    Fails:
    ```yaml title="lines/naps.md" encoding="latin-1"
    title: Does a café nap make up for it?
    ```

    Passes:
    ```yaml title="lines/naps.md" encoding="utf-8"
    title: Does a café nap make up for it?
    ```
    """
    for fault in context.faults(FaultKind.NOT_UTF8):
        yield Finding(fault.span, f"The {fault.found} here is not valid UTF-8.", "Save the file as UTF-8.")


@rule("files/empty", Severity.ERROR, why="An empty file has no question to publish.", fixed=True)
def empty(context: RuleContext) -> Iterator[Finding]:
    """No file is empty: it contains at least its frontmatter.

    Fails:
    ```text title="lines/dreams.md"

    ```

    Passes:
    ```text title="lines/dreams.md"
    ---
    title: What do dreams tell?
    description: Whether they tell anything.
    ---
    ```
    """
    for fault in context.faults(FaultKind.EMPTY):
        yield Finding(fault.span, "This file is empty.", "Add frontmatter, or delete the file.")


@rule("files/bad-id", Severity.ERROR, why="The file name is the page's permanent address.", fixed=True)
def bad_id(context: RuleContext) -> Iterator[Finding]:
    """A file's name without ``.md`` is its id: lower-case letters of any script, digits and hyphens.

    The id ``index`` is reserved for index pages. A ``README.md``, which code hosts show, is not a note. Folders and the
    files beside notes may have other names, but without quotation marks, angle brackets, backslashes or invisible
    characters.

    Fails:
    ```yaml title="lines/Late Naps.md"
    title: Do late naps help?
    ```

    Passes:
    ```yaml title="lines/late-naps.md" replaces="lines/Late Naps.md"
    title: Do late naps help?
    ```
    """
    for fault in context.faults(FaultKind.BAD_PATH):
        message = (
            f"This path contains {_describe_char(fault.detail)}, which is not allowed in names of files and folders."
        )
        yield Finding(fault.span, message, "Rename it.")
    for fault in context.faults(FaultKind.BAD_ID):
        hint = f"Rename the file to “{fault.detail}.md”." if fault.detail else "Give the file another name."
        yield Finding(fault.span, f"“{fault.subject}” cannot be an id: {_id_problem(fault.subject)}.", hint)


def _id_problem(stem: str) -> str:
    if not stem:
        return "there is nothing before “.md”"
    if stem in RESERVED_IDS:
        return "its address would be that of the folder's index"
    wrong = dict.fromkeys(_describe_char(char) for char in stem if not is_id(char))
    return f"it contains {' and '.join(wrong)}, but ids consist of lower-case letters, digits and hyphens"


def _describe_char(char: str) -> str:
    if char.isalpha():
        return "upper-case letters"
    if char == " ":
        return "a space"
    return (
        f"“{char}”" if char.isprintable() else f"an invisible {unicodedata.name(char, 'character')} (U+{ord(char):04X})"
    )


@rule(
    "files/duplicate-id",
    Severity.ERROR,
    why="An id is an address, and two pages cannot have the same address.",
    fixed=True,
)
def duplicate_id(context: RuleContext) -> Iterator[Finding]:
    """No two notes or lines have the same file name, even in different folders: ids are unique across both.

    Nor do two topic files. A topic may have the name of a note or a line.

    Fails:
    ```yaml title="notes/naps.md"
    title: Are naps good?
    ```

    Passes:
    ```yaml title="lines/good-naps.md" replaces="notes/naps.md"
    title: Are naps good?
    ```
    """
    paths: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for document in context.parsed.documents:
        paths[False, document.id].append(document.path)
    for topic in context.parsed.topics:
        paths[True, topic.id].append(topic.path)
    for (_, identifier), same_id in paths.items():
        for path in sorted(same_id)[1:]:
            message = f"The id “{identifier}” is already used by {sorted(same_id)[0]}."
            yield Finding(Span(path), message, "Rename one of the two files; subfolders are not part of an id.")


@rule("files/bad-bibtex", Severity.ERROR, why="A source that cannot be read cannot be cited.", fixed=True)
def bad_bibtex(context: RuleContext) -> Iterator[Finding]:
    """Every entry of ``references.bib`` can be parsed, and no key occurs twice.

    Fails:
    ```bibtex title="references.bib"
    @article{night2021, title = {Coffee at Night }
    ```

    Passes:
    ```bibtex title="references.bib"
    @article{night2021, title = {Coffee at Night}}
    ```
    """
    for fault in context.faults(FaultKind.BAD_BIBTEX):
        problem, hint = _bibtex_problem(fault)
        yield Finding(
            fault.span, f"This BibTeX entry cannot be used: {problem}.", f"{hint} The other entries are read."
        )


def _bibtex_problem(fault: Fault) -> tuple[str, str]:
    """Return what is wrong with an entry, and a hint."""
    match fault.subject:
        case "unclosed":
            return f"it is not closed before the entry in line {fault.detail}", "Add the missing “}” or quotation mark."
        case "unclosed at end":
            return "it is not closed before the end of the file", "Add the missing “}” or quotation mark."
        case "comma":
            return "there is no comma after its key", "Write it as @article{key, title = {…}}."
        case "equals":
            return "there is no “=” after the name of a field", "Write fields as title = {…}, separated by commas."
        case "names":
            people = split_people(fault.found)
            example = f": “{' and '.join(people)}”" if people else ""
            return f"“{shortened(fault.found, _LONGEST_PART)}” is not one name", f"Separate names by “ and ”{example}."
    return fault.detail or "a brace, a quotation mark or a comma is missing", "Fix the entry."


@rule("files/bad-template", Severity.ERROR, why="Every page of its kind would be missing.", fixed=True)
def bad_template(context: RuleContext) -> Iterator[Finding]:
    """Every template of the site can be parsed, and uses only values that exist.

    Violations are found when pages are rendered. A file in ``templates/`` replaces the built-in one of the same name,
    for example ``note.html`` or ``languages/de.toml``, in the folder ``templates`` of the installed package.
    [Templates](../../templates.md) lists the values of each.

    Fails:
    ```html title="templates/note.html"
    <h1>{{ note.titel }}</h1>
    ```

    Passes:
    ```html title="templates/note.html"
    <h1>{{ note.title }}</h1>
    ```
    """
    yield from ()


@rule("files/address-taken", Severity.ERROR, why="Two pages cannot have the same address.", fixed=True)
def address_taken(context: RuleContext) -> Iterator[Finding]:
    """No hand-written page has the URL of a note, a line or a topic with a file of its own.

    Only the plugin can check this, because no command reads the
    engine's list of pages.

    Fails:
    ```text title="docs/notes/coffee.md"
    # All about coffee
    ```

    Passes:
    ```text title="docs/about-coffee.md" replaces="docs/notes/coffee.md"
    # All about coffee
    ```
    """
    yield from ()


@rule(
    "files/unsafe-html",
    Severity.WARNING,
    why="It is removed from the page, because it could run or load something in a reader's browser.",
)
def unsafe_html(context: RuleContext) -> Iterator[Finding]:
    """The HTML in a body is harmless: no scripts, no forms, and no addresses other than web and email addresses.

    The rule reports what is removed from the page; [Write notes and lines](../../authors.md#html) lists what is
    allowed. A site that trusts its authors can publish all HTML with the plugin option `html: trusted`.

    Fails:
    ```markdown title="notes/coffee.md"
    The trial was stopped. <button onclick="more()">Why?</button>
    ```

    Passes:
    ```markdown title="notes/coffee.md"
    The trial was stopped. <details><summary>Why?</summary>Too few took part.</details>
    ```
    """
    if context.html == "trusted":
        return
    for parsed, body in context.bodies():
        for tag in body.tags:
            parts = dict.fromkeys(shortened(part, _LONGEST_PART) for part in unsafe_parts(tag.name, tag.attributes))
            if parts:
                span = Span.of(parsed.path, parsed.text, tag.start, tag.end)
                yield Finding(span, f"This is removed from the page: {join_names(list(parts), 'and')}.", _HTML_HINT)
        for link in body.other_schemes:
            scheme = scheme_of(link.destination)
            if scheme not in SCHEMES:
                span = Span.of(parsed.path, parsed.text, link.start, link.end)
                yield Finding(
                    span, f"This address is removed from the page: “{scheme}:” does not lead to a page.", _SCHEME_HINT
                )


_HTML_HINT = "Write it in Markdown, or link to a page that shows it."
_SCHEME_HINT = "Use an address that begins with https:, http: or mailto:, or a path within this site."
_LONGEST_PART = 60


@rule(
    "files/active-file",
    Severity.WARNING,
    why="A reader who opens such a file on the site could run a program that its author put into it.",
)
def active_file(context: RuleContext) -> Iterator[Finding]:
    """Every file beside notes has a type that browsers only display or save, such as pictures, data and documents.

    HTML files are not published, nor are SVG drawings that contain a script. A site that trusts its authors can publish
    all files with the plugin option `html: trusted`.

    Fails:
    ```xml title="notes/coffee.svg"
    <svg xmlns="http://www.w3.org/2000/svg"><script>alert("coffee")</script></svg>
    ```

    Passes:
    ```xml title="notes/coffee.svg"
    <svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>
    ```
    """
    for path, reason in context.parsed.active if context.html != "trusted" else ():
        hint = "Provide it as a picture or as data, or link to where it is published."
        yield Finding(Span(path), f"This file is not published: {reason}.", hint)


RULES = (
    unreadable,
    not_utf8,
    empty,
    bad_id,
    duplicate_id,
    bad_bibtex,
    bad_template,
    address_taken,
    unsafe_html,
    active_file,
)
