"""Parse one file in ``topics/``: what a topic is called, and an introduction to it."""

from __future__ import annotations

import posixpath
import unicodedata

from inquiry_site.config import Limits
from inquiry_site.model import Fault, ParsedTopic, TopicFile
from inquiry_site.parsing.bounds import find_excess_fault
from inquiry_site.parsing.faults import body_faults, name_faults, read_frontmatter, schema_fault
from inquiry_site.parsing.frontmatter import find_frontmatter, opens_frontmatter
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.schema import TopicFrontmatter, validate
from inquiry_site.parsing.text_file import DocumentContent, read_text


def parse_topic(path: str, content: DocumentContent, limits: Limits) -> ParsedTopic:
    """Parse one file in ``topics/`` into a topic, or None, and the faults found in the file."""
    identifier = unicodedata.normalize("NFC", posixpath.basename(path).removesuffix(".md"))
    file = read_text(path, content, limits.file_size)
    if isinstance(file, Fault):
        return ParsedTopic(path, identifier, "", None, (file,))
    text = file.text
    faults = name_faults(path, identifier)
    has_id, value = not faults, None
    data = read_frontmatter(path, text)
    if isinstance(data, Fault):
        faults.append(data)
    else:
        value, problems = validate(TopicFrontmatter, data[1])
        faults += [schema_fault(TopicFrontmatter, path, text, problem) for problem in problems]
    block = find_frontmatter(text)
    if block is None and opens_frontmatter(text):
        return ParsedTopic(path, identifier, text, None, tuple(faults))
    start = block.body if block else 0
    excess = find_excess_fault(path, text, start, limits)
    if excess:
        return ParsedTopic(path, identifier, text, None, (*faults, excess))
    body = scan_body(text, start, path)
    faults += body_faults(path, text, body)
    if value is None or not has_id:
        return ParsedTopic(path, identifier, text, None, tuple(faults), body)
    aliases = tuple(" ".join(alias.split()) for alias in value.aliases)
    title, description = (" ".join(words.split()) for words in (value.title, value.description))
    return ParsedTopic(
        path, identifier, text, TopicFile(identifier, path, title, body, description, aliases), tuple(faults)
    )
