"""Compare ``inquiry check`` with merely reading the same files and parsing their YAML.

    python -m bench.check [NOTES]

The peer is a fresh process that reads every file and parses its frontmatter with libyaml's loader, nothing else. Ours
is a fresh ``inquiry check`` with all rules enabled. Both run alternately, three times, and the best run of each counts.
Then the cost per file is compared between knowledge bases of 1,000 and of 50,000 files. Prints seconds, memory and
ratios; quote the ratios.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.knowledge_base import make

READ_ONLY = """
import sys, yaml
from pathlib import Path
for folder in ("notes", "lines"):
    for path in sorted(Path(sys.argv[1], folder).glob("*.md")):
        yaml.load(path.read_bytes().decode().split("---\\n", 2)[1], Loader=yaml.CSafeLoader)
"""
ROUNDS = 3


def measure(*command: str) -> tuple[float, float, int]:
    """Run a Python command; return its seconds, its memory in MiB (of the largest process) and its exit status."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def check(folder: Path) -> tuple[float, float]:
    """Return the seconds and MiB of a check; end the benchmark if the check failed to run."""
    seconds, memory, status = measure("-m", "inquiry_site.adapters.cli", "check", "--root", str(folder))
    if status not in {0, 1}:
        raise SystemExit(f"the check ended with {status}")
    return seconds, memory


def against_reading(notes: int) -> None:
    """Compare with the peer, and print the first table."""
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), notes, max(1, notes // 10))
        ours, peers, memory = [], [], 0.0
        for _ in range(ROUNDS):
            peers.append(measure("-c", READ_ONLY, name)[0])
            seconds, process_memory = check(Path(name))
            ours.append(seconds)
            memory = max(memory, process_memory)
    print(f"{notes} notes and {notes // 10} lines, best of {ROUNDS}")
    print(f"  read and parse YAML  {min(peers):8.2f} s")
    print(f"  inquiry check        {min(ours):8.2f} s  {memory:6.0f} MiB")
    print(f"  ratio                {min(ours) / min(peers):8.2f}")


def growth(few: int, many: int) -> None:
    """Compare the cost per file in a small and in a large knowledge base, and print the second table."""
    costs = []
    for files in (few, many):
        with tempfile.TemporaryDirectory() as name:
            make(Path(name), files * 10 // 11, files // 11)
            costs.append(min(check(Path(name))[0] for _ in range(ROUNDS if files == few else 1)) / files)
    print(
        f"  a file of {few}: {costs[0] * 1e3:.3f} ms; of {many}: {costs[1] * 1e3:.3f} ms; "
        f"growth {costs[1] / costs[0]:.2f}"
    )


if __name__ == "__main__":
    against_reading(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    growth(1_000, 50_000)
