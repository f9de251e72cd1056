"""What the commands share: finding the knowledge base, building it, saying what is wrong with it."""

from __future__ import annotations

import datetime as dt
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click
import yaml
from yaml_env_tag import construct_env_tag

from inquiry_site.build import Build, build
from inquiry_site.config import Config, ConfigError, refuse_other_options
from inquiry_site.diagnostics.text import render_text, summarise
from inquiry_site.files import CONTENT_FOLDERS, read_tree

FINDINGS, COULD_NOT_RUN = 1, 2
"""Exit status for something wrong in the files, and for a command that could not do its work."""

_PATIENCE = 1.0
_TICK = 0.5

root_option = click.option(
    "--root",
    "-C",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder that holds notes/ and lines/. Default: this folder or the nearest one above it that does.",
)


def find_root(given: Path | None) -> Path:
    """The folder of the knowledge base; ends the command when there is none."""
    start = (given or Path.cwd()).absolute()
    for folder in (start,) if given else (start, *start.parents):
        if any((folder / name).is_dir() for name in CONTENT_FOLDERS):
            return folder
    return fail(
        f"There is no knowledge base in {start}: it has neither notes/ nor lines/.",
        "Go to one, name it with --root, or make one with “inquiry init DIR”.",
    )


def fail(message: str, hint: str = "", status: int = COULD_NOT_RUN) -> NoReturn:
    """End the command with a message on standard error."""
    click.echo(click.style("error: ", fg="red", bold=True, reset=True) + message, err=True)
    if hint:
        click.echo(f"help: {hint}", err=True)
    sys.exit(status)


def write_stdout(text: str) -> None:
    """Write to standard output as UTF-8, whatever the terminal's encoding: the bytes are part of the contract."""
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def build_root(root: Path) -> Build:
    """Build the knowledge base below a folder; ends the command when its files have errors."""
    config = read_config(root)
    try:
        with Progress() as report:
            built = build(read_tree(root, config.docs_dir, config.limits.file_size), config, report)
    except ConfigError as error:
        fail("; ".join(error.problems))
    if built.errors:
        click.echo(render_text(built.errors, built.texts, config.limits.findings) + "\n", err=True)
        click.echo(summarise(built.errors), err=True)
        sys.exit(FINDINGS)
    return built


def check_date() -> dt.date:
    """The day of the check: that of ``SOURCE_DATE_EPOCH`` where it is set, so that a check can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch.isdecimal() else dt.date.today()


class _AnyTag(yaml.SafeLoader):
    """Reads the engine's settings without acting on its tags (``!!python/name``) other than ``!ENV``."""


_AnyTag.add_multi_constructor("", lambda loader, suffix, node: None)
_AnyTag.add_constructor("!ENV", construct_env_tag)

_SETTINGS = ("mkdocs.yml", "properdocs.yml", "mkdocs.yaml", "properdocs.yaml")
_SHARED = ("site_name", "site_description", "site_url", "docs_dir")


def read_config(root: Path) -> Config:
    """The settings that a command shares with the site, from the engine's file where there is one."""
    path = next((root / name for name in _SETTINGS if (root / name).is_file()), None)
    if path is None:
        return Config(today=check_date())
    return _config(path, _settings(path, frozenset()))


def _settings(path: Path, readers: frozenset[Path]) -> dict[str, Any]:
    """The settings of a file over those of the one that it inherits from."""
    try:
        settings = yaml.load(path.read_bytes(), Loader=_AnyTag)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, OSError, UnicodeDecodeError, RecursionError) as error:
        fail(f"{path} cannot be read: {error}")
    settings = settings if isinstance(settings, dict) else {}
    parent = settings.pop("INHERIT", None)
    if not isinstance(parent, str):
        return settings
    inherited = (path.parent / parent).resolve()
    if inherited in readers:
        fail(f"{path} inherits from itself.")
    return _merged(_settings(inherited, readers | {inherited}), settings)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    both = {k: _merged(base[k], v) for k, v in over.items() if isinstance(v, dict) and isinstance(base.get(k), dict)}
    return {**base, **over, **both}


def _config(path: Path, settings: dict[str, Any]) -> Config:
    kept = {key: settings[key] for key in _SHARED if settings.get(key)}
    if isinstance(kept.get("site_url"), str):
        # MkDocs ends the address with a slash, and the graph must be the same from both.
        kept["site_url"] = kept["site_url"].rstrip("/") + "/"
    if isinstance(settings.get("use_directory_urls"), bool):
        kept["use_directory_urls"] = settings["use_directory_urls"]
    theme = settings.get("theme")
    if isinstance(theme, dict) and isinstance(theme.get("language"), str):
        kept["language"] = theme["language"]
    options = _plugin_options(settings.get("plugins"))
    try:
        refuse_other_options(options)
        return Config.from_mapping({**kept, **options, "today": check_date()})
    except ConfigError as error:
        fail(f"{path}: {error}")


def _plugin_options(plugins: object) -> dict[str, Any]:
    entries = plugins if isinstance(plugins, list) else [plugins]
    for entry in entries:
        options = entry.get("inquiry") if isinstance(entry, dict) else None
        if isinstance(options, dict):
            return options
    return {}


class Progress:
    """Says on standard error what is being done, once it has taken longer than a second.

    On a terminal one line that is written over and gone at the end; elsewhere a plain line for each stage.
    """

    def __init__(self) -> None:
        self._stage = ("", 0)
        self._said = ("", 0)
        self._done = threading.Event()
        self._terminal = sys.stderr.isatty()
        self._thread = threading.Thread(target=self._speak, daemon=True)

    def __enter__(self) -> Callable[[str, int], None]:
        self._thread.start()
        return self._report

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if self._terminal and self._said != ("", 0):
            click.echo("\r\x1b[K", nl=False, err=True)

    def _report(self, stage: str, count: int) -> None:
        self._stage = (stage, count)

    def _speak(self) -> None:
        began = time.monotonic()
        patience = _PATIENCE
        while not self._done.wait(patience):
            patience = _TICK
            stage, count = self._stage
            if self._terminal:
                click.echo(f"\r\x1b[K{stage} {count:,} … {time.monotonic() - began:.0f} s", nl=False, err=True)
            elif self._stage != self._said:
                click.echo(f"{stage} {count}", err=True)
            self._said = self._stage
