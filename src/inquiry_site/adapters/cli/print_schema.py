"""Implement ``inquiry schema``, which writes the format of frontmatter for editors."""

from __future__ import annotations

import json

import click

from inquiry_site.adapters.cli.output import write_stdout
from inquiry_site.model import Kind
from inquiry_site.parsing.json_schema import frontmatter_schema


@click.command()
@click.argument("kind", type=click.Choice([kind.noun for kind in Kind]))
def schema(kind: str) -> None:
    """Write the JSON Schema of the frontmatter of a note or a line."""
    document_kind = next(member for member in Kind if member.noun == kind)
    write_stdout(json.dumps(frontmatter_schema(document_kind), ensure_ascii=False, indent=2) + "\n")
