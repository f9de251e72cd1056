"""Define the command ``inquiry``, with one module per subcommand."""

from __future__ import annotations

import click

from inquiry_site import __version__
from inquiry_site.adapters.cli.check import check_files, explain_rule
from inquiry_site.adapters.cli.clean import clean
from inquiry_site.adapters.cli.diff import diff
from inquiry_site.adapters.cli.host import add_host_files
from inquiry_site.adapters.cli.init import init
from inquiry_site.adapters.cli.new import new
from inquiry_site.adapters.cli.next_lines import next_lines
from inquiry_site.adapters.cli.print_graph import graph
from inquiry_site.adapters.cli.print_schema import schema
from inquiry_site.adapters.cli.reach import reach
from inquiry_site.adapters.cli.rename import rename


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inquiry")
def main() -> None:
    """Publish a research knowledge base as a site in which every sentence can be checked.

    Exit status: 0 success; 1 findings in the files, or an unknown id; 2 the command could not run.
    """


main.add_command(init)
main.add_command(add_host_files)
main.add_command(new)
main.add_command(check_files)
main.add_command(explain_rule)
main.add_command(schema)
main.add_command(graph)
main.add_command(next_lines)
main.add_command(diff)
main.add_command(reach)
main.add_command(rename)
main.add_command(clean)
