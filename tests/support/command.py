"""The command ``inquiry`` as a test types it."""

from __future__ import annotations

from click.testing import CliRunner, Result

from inquiry_site.adapters.cli import main


def inquiry(*arguments: str) -> Result:
    """Run it in this process; it must not end in a traceback."""
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result
