"""Implement ``inquiry graph``, which writes the whole graph to standard output."""

from __future__ import annotations

from pathlib import Path

import click

from inquiry_site.adapters.cli.common import build_root, find_root, root_option
from inquiry_site.adapters.cli.output import write_stdout


@click.command()
@root_option
def graph(root: Path | None) -> None:
    """Write the graph as JSON to standard output.

    The bytes are those of graph.json on the built site: JSON Graph Format 2.
    """
    built = build_root(find_root(root))
    write_stdout(built.graph_json())
