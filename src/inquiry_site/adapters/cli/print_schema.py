"""Implement ``inquiry schema``, which writes the format of frontmatter for editors."""

from __future__ import annotations

import json

import click

from inquiry_site.adapters.cli.output import write_stdout
from inquiry_site.model import Kind
from inquiry_site.parsing.json_schema import frontmatter_schema, topic_schema

_TOPIC = "topic"


@click.command()
@click.argument("kind", type=click.Choice([*(kind.noun for kind in Kind), _TOPIC]))
def schema(kind: str) -> None:
    """Print the JSON Schema of the frontmatter of a note, a line or a topic."""
    printed = (
        topic_schema() if kind == _TOPIC else frontmatter_schema(next(member for member in Kind if member.noun == kind))
    )
    write_stdout(json.dumps(printed, ensure_ascii=False, indent=2) + "\n")
