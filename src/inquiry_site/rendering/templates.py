"""Render templates with Jinja: a site's own where it has one, else the shipped one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket

from inquiry_site.file_content import TextFile
from inquiry_site.rendering.i18n import Translations, fill, format_count
from inquiry_site.rendering.template_folder import BrokenTemplateError, template_folder

_ATTRIBUTE = re.compile(r"'(?:[\w]+\.)*(\w+) object' has no attribute '(\w+)'")
_OVERRIDES = Path("templates")
"""The folder of a site's own templates, as it appears in Jinja's tracebacks."""


class MemoryBytecodeCache(BytecodeCache):
    """Compiled templates in memory, one entry for each template, shared by the environments of a process.

    Compiling a template takes longer than rendering a page.
    """

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template that an earlier environment compiled; Jinja ignores it if the text has changed since."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_BYTECODE = MemoryBytecodeCache()
"""Shared by all builds of this process."""


class Templates:
    """The templates of one site.

    Attributes:
        overridden: the text of the site's own templates, by path relative to ``templates/``.
    """

    def __init__(self, words: Translations, overrides: Iterable[TextFile] = ()) -> None:
        self.overridden = {template.path: template.text for template in overrides}
        loaders: list[BaseLoader] = [FileSystemLoader(template_folder())]
        if self.overridden:
            loaders.insert(0, FunctionLoader(self._load_override))
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
            bytecode_cache=_BYTECODE,
        )
        self._environment.globals |= {"words": words.texts, "language": words.language}
        self._environment.filters |= {"counted": format_count, "fill": fill}
        self._environment.filters |= {"aside": words.aside, "isolated": words.isolated, "in_words": words.date_in_words}

    def _load_override(self, name: str) -> tuple[str, str, None] | None:
        text = self.overridden.get(name)
        return None if text is None else (text, str(_OVERRIDES / name), None)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Return a template rendered with a context.

        Raises:
            BrokenTemplateError: the template does not exist, cannot be parsed, or uses a value that does not exist.
        """
        try:
            return self._environment.get_template(name).render(context)
        except TemplateSyntaxError as error:
            raise BrokenTemplateError(
                error.name or name, error.lineno, error.message or "malformed template"
            ) from error
        except TemplateNotFound as error:
            raise BrokenTemplateError(name, 1, f"there is no template “{error.name}”") from error
        except (
            TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as error:
            message = _ATTRIBUTE.sub(r"a \1 has no value “\2”", str(error))
            raise BrokenTemplateError(*self._error_location(name, error), message) from error

    def text(self, name: str) -> str:
        """Return the text of a file in ``templates/`` without rendering it: the site's own, else the shipped one."""
        override = self.overridden.get(name)
        return override if override is not None else (template_folder() / name).read_text(encoding="utf-8")

    def _error_location(self, name: str, error: BaseException) -> tuple[str, int]:
        """Return name and line of the innermost template in a traceback, which Jinja maps to the templates' lines."""
        location = (name, 1)
        for frame, line in walk_tb(error.__traceback__):
            path = Path(frame.f_code.co_filename)
            for folder in (_OVERRIDES, template_folder()):
                if path.is_relative_to(folder):
                    location = (path.relative_to(folder).as_posix(), line)
        return location
