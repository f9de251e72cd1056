"""Parse a hand-written page of the docs folder, of which only the citations concern the knowledge base."""

from __future__ import annotations

from inquiry_site.config import LARGEST_PAGE, Limits
from inquiry_site.model import Fault, ParsedPage
from inquiry_site.parsing.bounds import find_excess_fault
from inquiry_site.parsing.frontmatter import find_frontmatter
from inquiry_site.parsing.markdown import scan_body
from inquiry_site.parsing.text_file import DocumentContent, read_text


def may_need_resolving(text: str) -> bool:
    """Return whether a hand-written page may contain what the engine does not convert: citations and comments."""
    return "[[" in text or "%%" in text


def parse_page(path: str, content: DocumentContent, limits: Limits) -> ParsedPage | Fault:
    """Parse one hand-written page, or return the fault that prevents it.

    The engine converts the page without any limit. The limits therefore apply only to pages that cite anything
    or have comments.
    """
    file = read_text(path, content, LARGEST_PAGE)
    if isinstance(file, Fault):
        return file
    if not may_need_resolving(file.text):
        return ParsedPage(path, file.text)
    block = find_frontmatter(file.text)
    start = block.body if block else 0
    return find_excess_fault(path, file.text, start, limits) or ParsedPage(
        path, file.text, scan_body(file.text, start, path)
    )
