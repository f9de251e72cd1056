"""Whether a preview can be served at its address; if not, why, and what to do."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.exceptions import ConfigurationError

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

_USUAL_HOST, _USUAL_PORT = "127.0.0.1", 8000
"""Where the engine serves unless told otherwise."""
_PORTS_TRIED = 20
"""Ports among which a free one is suggested."""


def require_free_address(config: MkDocsConfig) -> None:
    """Check that a preview can be served at its address; the engine notices only after the whole build.

    Raises:
        ConfigurationError: it cannot; the message names an address where it can.
    """
    host, port = config.dev_addr
    problem = _problem(host, port)
    if problem:
        raise ConfigurationError(f"{problem} another: {_engine_command(config)} serve -a {_free_address(host, port)}")


def _problem(host: str, port: int) -> str:
    """Return why an address cannot be used, up to the suggestion of another; empty if it can."""
    try:
        _bind(host, port)
    except OverflowError:
        return f"Port {port} does not exist: ports are numbered from 1 to 65535. Choose"
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return f"Port {port} is in use, perhaps by another preview. Stop it, or choose"
        if error.errno == errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this computer. Choose"
        if isinstance(error, PermissionError):
            return f"Port {port} is reserved for the administrator. Choose"
        return f"{host}:{port} cannot be used: {error.strerror}. Choose"
    return ""


def _bind(host: str, port: int) -> None:
    """Bind to an address as the engine's server will, and release it again."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name == "posix":
            # Without it, a port seems to be in use for a minute after a preview has ended.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def _free_address(host: str, port: int) -> str:
    """Return an address near the wanted one that can be used."""
    for candidate, start in ((host, port + 1 if port >= _USUAL_PORT else _USUAL_PORT), (_USUAL_HOST, _USUAL_PORT)):
        for other in range(start, start + _PORTS_TRIED):
            if not _problem(candidate, other):
                return f"[{candidate}]:{other}" if ":" in candidate else f"{candidate}:{other}"
    return f"{_USUAL_HOST}:{_USUAL_PORT}"


def _engine_command(config: MkDocsConfig) -> str:
    """Return how the engine was started if that was a relative path, as from a Makefile; otherwise its name."""
    started = sys.argv[0]
    is_relative_path = os.sep in started and not Path(started).is_absolute()
    return started if is_relative_path else type(config).__module__.partition(".")[0]
