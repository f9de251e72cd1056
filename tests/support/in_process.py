"""Run commands in the process of the tests: starting one takes a second, a small build a fifth of that."""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from click import Command
from click.testing import CliRunner
from mkdocs.__main__ import cli as mkdocs
from mkdocs.commands import build as build_command
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.theme import Theme

from inquiry_site.adapters.cli import main as inquiry_command
from inquiry_site.rendering.templates import MemoryBytecodeCache

if TYPE_CHECKING:
    from jinja2 import Environment

_COMPILED = MemoryBytecodeCache()
"""Templates of themes: compiling them is half the time of a small build."""


def mkdocs_build(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``mkdocs build`` in a folder; exit status and output equal those of a separate process.

    Working directory, environment, modules, loggers and warnings are restored afterwards.
    """
    with patch.dict(os.environ, environment), _process_state(folder):
        return _completed(mkdocs, folder, "build", *options)


def inquiry(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``inquiry`` in a folder; exit status and output equal those of a separate process."""
    return _completed(inquiry_command, folder, *arguments)


def _completed(command: Command, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    with contextlib.chdir(folder):
        done = CliRunner().invoke(command, arguments)
    error = done.stderr
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        error += "".join(traceback.format_exception(done.exception))
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, error)


@contextlib.contextmanager
def _process_state(folder: Path) -> Iterator[None]:
    """Start a build as in a new process, and restore what it changes in this one."""
    # MkDocs keeps plugins with a startup event for the rebuilds of a preview.
    vars(MkDocsConfig)["plugins"].plugin_cache.clear()
    modules, could_write, frozen = {*sys.modules}, sys.dont_write_bytecode, gc.get_freeze_count()
    # Bytecode is matched to its source by the second; a test may write a hook twice within one.
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    try:
        with (
            patch.object(sys, "path", [str(folder), *sys.path]),
            patch.object(Theme, "get_env", _with_compiled_templates(Theme.get_env)),
            warnings.catch_warnings(),
            _logging_state(),
        ):
            yield
    finally:
        sys.dont_write_bytecode = could_write
        vars(MkDocsConfig)["plugins"].plugin_cache.clear()
        for name in {*sys.modules} - modules:
            if Path(getattr(sys.modules[name], "__file__", None) or "").parent == folder:
                del sys.modules[name]
        if not frozen:
            # The plugin exempts every object from garbage collection, those of the tests too.
            gc.unfreeze()


def _with_compiled_templates(get_env: Callable[[Theme], Environment]) -> Callable[[Theme], Environment]:
    def environment(theme: Theme) -> Environment:
        env = get_env(theme)
        env.bytecode_cache = _COMPILED
        return env

    return environment


@contextlib.contextmanager
def _logging_state() -> Iterator[None]:
    """Restore the engine's logger, and its filter of repeated messages."""
    logger, build = logging.getLogger("mkdocs"), build_command.log
    level, propagates, handlers, filters = logger.level, logger.propagate, [*logger.handlers], [*build.filters]
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.propagate, logger.handlers, build.filters = propagates, handlers, filters
