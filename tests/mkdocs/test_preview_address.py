"""The address of a preview."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from mkdocs.config.config_options import IpAddress
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError

from inquiry_site.adapters.mkdocs.preview_address import require_free_address
from tests.support.knowledge_bases import line, mkdocs_yml, note, write
from tests.support.sites import run


@pytest.fixture
def used_port() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def check(address: str) -> None:
    config = MkDocsConfig()
    config["dev_addr"] = IpAddress().run_validation(address)
    require_free_address(config)


def refusal(address: str) -> str:
    with pytest.raises(ConfigurationError) as refused:
        check(address)
    return str(refused.value)


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_a_preview_at_a_used_port_ends_with_a_sentence_before_the_build(tmp_path: Path, used_port: int, engine: str):
    (tmp_path / "docs").mkdir()
    folder = write(
        tmp_path, {"mkdocs.yml": mkdocs_yml(), "notes/a.md": note(), "lines/l.md": line(body="It is so [[a]].")}
    )
    done = run(engine, "serve", "-a", f"127.0.0.1:{used_port}", cwd=folder)
    assert done.returncode == 1
    wanted = (
        f"Error: Port {used_port} is in use, perhaps by another preview. Stop it, or choose another: {engine} serve -a "
    )
    assert wanted in done.stderr
    assert "Traceback" not in done.stderr
    assert "Documentation built" not in done.stderr


def test_the_suggested_address_can_be_used(used_port: int):
    check(refusal(f"127.0.0.1:{used_port}").rpartition(" ")[2])


def test_addresses_that_do_not_exist_are_named():
    assert refusal("192.0.2.1:8000").startswith("192.0.2.1 is not an address of this computer. Choose another: ")
    assert " serve -a 127.0.0.1:" in refusal("192.0.2.1:8000")
    assert refusal("127.0.0.1:99999").startswith("Port 99999 does not exist: ports are numbered from 1 to 65535.")


def test_a_port_of_the_administrator_is_named():
    def bind(host: str, port: int) -> None:
        if port < 1024:
            raise PermissionError(errno.EACCES, "Permission denied")

    with patch("inquiry_site.adapters.mkdocs.preview_address._bind", bind):
        assert refusal("[::1]:80").endswith(
            "Port 80 is reserved for the administrator. Choose another: mkdocs serve -a [::1]:8000"
        )


@pytest.mark.parametrize(("started", "command"), [(".venv/bin/mkdocs", ".venv/bin/mkdocs"), ("/usr/bin/x", "mkdocs")])
def test_the_suggested_command_can_be_copied(used_port: int, started: str, command: str):
    with patch("sys.argv", [started]):
        assert f"choose another: {command} serve -a " in refusal(f"127.0.0.1:{used_port}")
