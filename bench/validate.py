"""Every page of the repository's own site through the Nu HTML Checker: ``python -m bench.validate path/to/vnu.jar``.

The checker comes from npm as ``vnu-jar`` and needs Java.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Build, check, and print every error."""
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mkdocs", "build", "-q", "-d", folder], cwd=ROOT, check=True)
        command = ["java", "-Xss4m", "-jar", sys.argv[1], "--errors-only", "--skip-non-html", "--format", "gnu", folder]
        done = subprocess.run(command, capture_output=True, text=True)
        pages = len(list(Path(folder).rglob("*.html")))
        errors = [line.replace(folder, "") for line in done.stderr.splitlines() if "error:" in line]
        print("\n".join(errors[:50]))
        print(f"{pages} pages, {len(errors)} errors")
        sys.exit(bool(errors))


if __name__ == "__main__":
    main()
