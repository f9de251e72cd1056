"""The MkDocs plugin ``inquiry``; ProperDocs runs it unchanged."""

from inquiry_site.adapters.mkdocs.plugin import InquiryPlugin

__all__ = ["InquiryPlugin"]
