"""Define the command ``inquiry``, with one module per subcommand."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module

import click

from inquiry_site import __version__

_COMMANDS = {
    "check": "check:check_files",
    "clean": "clean:clean",
    "diff": "diff:diff",
    "graph": "print_graph:graph",
    "host": "host:add_host_files",
    "init": "init:init",
    "new": "new:new",
    "next": "next_lines:next_lines",
    "reach": "reach:reach",
    "rename": "rename:rename",
    "rule": "check:explain_rule",
    "schema": "print_schema:schema",
}
"""The module and the name of each command's function."""


class _CommandsOnDemand(UserDict[str, click.Command]):
    """Commands by name, each imported on first use: importing all takes longer than checking a few hundred notes."""

    def __init__(self) -> None:
        super().__init__()
        # Names only, in the order of the help; values are never read from here.
        self.data = dict.fromkeys(_COMMANDS, click.Command(None))

    def __getitem__(self, name: str) -> click.Command:
        """Return a command.

        Raises:
            KeyError: there is no such command.
        """
        module, _, function = _COMMANDS[name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), function)
        return command


@click.group(commands=_CommandsOnDemand(), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inquiry")
def main() -> None:
    """Publish a research knowledge base as a site in which every sentence can be checked.

    Exit status: 0 success; 1 findings in the files, or an unknown id; 2 the command could not run.
    """
