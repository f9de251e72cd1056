"""The plugin's options, and the conversion of the site's settings to those of the core."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markdown.extensions.toc import slugify as default_slugify
from mkdocs.config import config_options as option
from mkdocs.config.base import Config as PluginConfig
from mkdocs.exceptions import ConfigurationError
from mkdocs.utils import get_build_date

from inquiry_site.adapters.mkdocs.engine_page import project_root
from inquiry_site.code_host import Repository
from inquiry_site.config import Config, ConfigError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from pathspec import GitIgnoreSpec


class InquiryOptions(PluginConfig):  # type: ignore[no-untyped-call]
    """The options of the plugin in ``mkdocs.yml``."""

    csp = option.Type((bool, dict), default=Config().csp)
    editorial = option.Type(dict, default={})
    html = option.Type(str, default=Config().html)
    limits = option.Type(dict, default={})
    next_lines = option.Type(int, default=Config().next_lines)
    related_notes = option.Type(int, default=Config().related_notes)
    rules = option.Type(dict, default={})
    search = option.Type(bool, default=Config().search)
    trail = option.Type(bool, default=Config().trail)


def core_config(config: MkDocsConfig, options: InquiryOptions, drafts: bool) -> Config:
    """Return the core's settings.

    Args:
        config: the engine's configuration.
        options: the plugin's options.
        drafts: whether drafts are included.

    Raises:
        ConfigurationError: one or more settings are invalid.
    """
    docs_dir = Path(os.path.relpath(config.docs_dir, project_root(config))).as_posix()
    edit_uri = str(config.edit_uri_template or config.edit_uri or "")
    settings: dict[str, Any] = {
        "site_name": config.site_name,
        "site_description": config.site_description or "",
        "site_url": config.site_url or "",
        "use_directory_urls": config.use_directory_urls,
        "drafts": drafts,
        "language": str(config.theme.get("language") or "en"),
        "direction": str(config.theme.get("direction") or ""),
        "docs_dir": docs_dir,
        "repository": Repository.from_settings(config.repo_url or "", edit_uri, docs_dir),
        "today": dt.date.fromisoformat(get_build_date()),
        "is_excluded": partial(_is_excluded, [config.exclude_docs, config.draft_docs]),
    }
    toc = config.mdx_configs.get("toc") or {}
    slugify, separator = toc.get("slugify") or default_slugify, toc.get("separator")
    if callable(slugify):
        settings["slugify"] = lambda text, default: slugify(text, separator or default)
    try:
        return Config.from_options(dict(options), settings)
    except ConfigError as error:
        raise ConfigurationError(f"plugin inquiry: {error}") from error


def _is_excluded(patterns: Sequence[GitIgnoreSpec | None], path: str) -> bool:
    return any(spec is not None and spec.match_file(path) for spec in patterns)
