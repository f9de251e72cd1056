"""Draw random lines of the source, to test whether a newcomer finds the module of a line from names and docs alone.

    python -m tests.support.quiz --seed 18             20 lines without their places
    python -m tests.support.quiz --seed 18 --answers   the places

Imports, decorators and lines of fewer than 40 characters are not drawn: they could be in any module.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "inquiry_site"
LINES = 20
LEAST_CHARACTERS = 40


def drawn(seed: int) -> list[tuple[str, int, str]]:
    """Return path, number and text of each line, the same for the same seed and source."""
    lines = []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(text, 1):
            written = line.strip()
            if len(written) >= LEAST_CHARACTERS and not written.startswith(
                ("from ", "import ", '"""Return', "return ")
            ):
                lines.append((path.relative_to(SOURCE).as_posix(), number, written))
    return random.Random(seed).sample(lines, LINES)


def main() -> None:
    """Print the questions or the answers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--answers", action="store_true")
    arguments = parser.parse_args()
    for index, (path, number, line) in enumerate(drawn(arguments.seed), 1):
        print(f"{index:2}  {path}:{number}" if arguments.answers else f"{index:2}  {line}")


if __name__ == "__main__":
    main()
