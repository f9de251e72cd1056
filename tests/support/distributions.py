"""Compare two builds of the sdist and the wheel, and check what would be published.

``python -m tests.support.distributions DIRECTORY DIRECTORY [--tag v1.2.3]``
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path

from packaging.metadata import Metadata

import inquiry_site


def digests(directory: Path) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


def metadata(path: Path) -> Metadata:
    """Read and validate the metadata of a wheel or an sdist, as the index does on upload."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            return Metadata.from_email(wheel.read(name), validate=True)
    with tarfile.open(path) as sdist:
        content = sdist.extractfile(f"{path.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert content is not None
        return Metadata.from_email(content.read(), validate=True)


def find_faults(first: Path, second: Path, tag: str = "") -> list[str]:
    """Return how two builds differ, and why they cannot be published under a tag."""
    built, again = digests(first), digests(second)
    faults = [f"{name}: the builds differ" for name in sorted({*built, *again}) if built.get(name) != again.get(name)]
    if sorted(Path(name).suffix for name in built) != [".gz", ".whl"]:
        faults.append(f"one sdist and one wheel were expected, not {', '.join(built) or 'nothing'}")
    for name in built:
        version = str(metadata(first / name).version)
        if version != inquiry_site.__version__ or (tag and tag != f"v{version}"):
            faults.append(f"{name}: its version is not that of the source or of the tag {tag}".rstrip())
    return faults


def main() -> None:
    """Print the digests; exit with 1 if there are faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--tag", default="")
    arguments = parser.parse_args()
    if faults := find_faults(arguments.first, arguments.second, arguments.tag):
        sys.exit("\n".join(faults))
    for name, digest in digests(arguments.first).items():
        print(f"{digest}  {name}")


if __name__ == "__main__":
    main()
