"""Publish a research knowledge base as a site in which every sentence can be checked."""

from inquiry_site.build import Build, build, convert_markdown
from inquiry_site.config import Config, ConfigError
from inquiry_site.diagnostics import Diagnostic, Severity, Span
from inquiry_site.files import read_tree
from inquiry_site.rendering.pages import Page

__version__ = "0.1.0"

__all__ = [
    "Build",
    "Config",
    "ConfigError",
    "Diagnostic",
    "Page",
    "Severity",
    "Span",
    "__version__",
    "build",
    "convert_markdown",
    "read_tree",
]
