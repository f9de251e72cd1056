"""Read the settings that commands share with the site from ``mkdocs.yml``, without MkDocs."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import yaml
from pathspec import GitIgnoreSpec
from yaml_env_tag import construct_env_tag

from inquiry_site.adapters.cli.output import fail
from inquiry_site.config import Config, ConfigError

CONFIG_FILES = ("mkdocs.yml", "properdocs.yml", "mkdocs.yaml", "properdocs.yaml")
"""The files of settings, of which the first that exists is read."""
_SHARED_KEYS = ("site_name", "site_description", "site_url", "docs_dir")


class _InertLoader(yaml.SafeLoader):
    """Reads the engine's settings and ignores its tags (``!!python/name``) other than ``!ENV``."""


_InertLoader.add_multi_constructor("", lambda loader, suffix, node: None)
_InertLoader.add_constructor("!ENV", construct_env_tag)


def check_date() -> dt.date:
    """Return the date of ``SOURCE_DATE_EPOCH`` if it is set, so that a check can be repeated; otherwise today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch.isdecimal() else dt.date.today()


def read_config(root: Path) -> Config:
    """Return the settings in the engine's file, or the defaults; end the command if they cannot be used."""
    path = next((root / name for name in CONFIG_FILES if (root / name).is_file()), None)
    if path is None:
        return Config(today=check_date())
    return _to_config(path, _load(path, frozenset()))


def _load(path: Path, inheriting: frozenset[Path]) -> dict[str, Any]:
    """Return the settings of a file, merged over those of the file that it inherits from."""
    try:
        settings = yaml.load(path.read_bytes(), Loader=_InertLoader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, OSError, UnicodeDecodeError, RecursionError) as error:
        fail(f"{path} cannot be read: {error}")
    settings = settings if isinstance(settings, dict) else {}
    parent = settings.pop("INHERIT", None)
    if not isinstance(parent, str):
        return settings
    inherited = (path.parent / parent).resolve()
    if inherited in inheriting:
        fail(f"{path} inherits from itself.")
    return _merge(_load(inherited, inheriting | {inherited}), settings)


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    nested = {k: _merge(base[k], v) for k, v in over.items() if isinstance(v, dict) and isinstance(base.get(k), dict)}
    return {**base, **over, **nested}


def _to_config(path: Path, settings: dict[str, Any]) -> Config:
    shared = {key: settings[key] for key in _SHARED_KEYS if settings.get(key)}
    if isinstance(shared.get("site_url"), str):
        # MkDocs appends a slash to the URL; without it, ``inquiry graph`` and a build would write different graphs.
        shared["site_url"] = shared["site_url"].rstrip("/") + "/"
    if isinstance(settings.get("use_directory_urls"), bool):
        shared["use_directory_urls"] = settings["use_directory_urls"]
    theme = settings.get("theme")
    if isinstance(theme, dict) and isinstance(theme.get("language"), str):
        shared["language"] = theme["language"]
    patterns = [settings[key] for key in ("exclude_docs", "draft_docs") if isinstance(settings.get(key), str)]
    if patterns:
        shared["is_excluded"] = GitIgnoreSpec.from_lines("\n".join(patterns).splitlines()).match_file
    options = _plugin_options(settings.get("plugins"))
    try:
        return Config.from_options(options, {**shared, "today": check_date()})
    except ConfigError as error:
        fail(f"{path}: {error}")


def _plugin_options(plugins: object) -> dict[str, Any]:
    entries = plugins if isinstance(plugins, list) else [plugins]
    for entry in entries:
        options = entry.get("inquiry") if isinstance(entry, dict) else None
        if isinstance(options, dict):
            return options
    return {}
