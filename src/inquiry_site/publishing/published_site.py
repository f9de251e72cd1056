"""The published site, as far as the manifest of the last build describes it."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from inquiry_site.publishing.file_tree import hardlink_files, is_identical, sync_tree, unchanged_files
from inquiry_site.publishing.manifest import BuildManifest, FileStat
from inquiry_site.publishing.staging import StagingDirectory


class PublishedSite:
    """The folder of a published site, with what is known about its files.

    Attributes:
        folder: the folder, which need not exist.
        manifest: what the last build published there; None if that is unknown.
    """

    def __init__(self, folder: Path, manifest: BuildManifest | None) -> None:
        """Use the manifest only if it describes this folder."""
        self.folder = folder
        self.manifest = manifest if manifest and manifest.site == str(folder) else None
        self._outputs: Mapping[str, FileStat] = self.manifest.outputs if self.manifest else {}

    def unchanged(self, paths: Collection[str]) -> set[str]:
        """Return which of the given files are exactly as the last build wrote them."""
        return unchanged_files(self.folder, self._outputs, paths)

    def unchanged_below(self, folder: str) -> set[str]:
        """Return all files below a folder of the site that are exactly as the last build wrote them."""
        return self.unchanged([path for path in self._outputs if path.startswith(f"{folder}/")])

    def has_layouts(self, hashes: Mapping[str, str]) -> bool:
        """Whether the last build used all these layouts."""
        return self.manifest is not None and hashes.items() <= self.manifest.layout_hashes.items()

    def has_layout(self, name: str, layout_hash: str | None) -> bool:
        """Whether the last build used this layout under this name, or no layout if the hash is None."""
        return self.manifest is not None and self.manifest.layout_hashes.get(name) == layout_hash

    def equals(self, folder: Path, written: Collection[str], kept: Collection[str]) -> bool:
        """Whether the site consists of the files written to another folder and of those kept."""
        return is_identical(folder, written, kept, self.folder, self._outputs)

    def complete(
        self, staging: StagingDirectory, kept: Collection[str], written: Mapping[str, FileStat], spare: Path
    ) -> tuple[dict[str, FileStat], list[str]]:
        """Add kept files to a staging directory, reusing the spare site if there is one.

        Returns:
            All files of the staging directory, and kept files that disappeared from the published site.
        """
        kept_files = {path: self._outputs[path] for path in kept}
        built = staging.reuse_spare(spare)
        if built is None:
            missing = hardlink_files(self.folder, staging.folder, kept_files)
        else:
            missing = sync_tree(staging.folder, self.folder, kept_files, built, written)
            shutil.rmtree(built, ignore_errors=True)
        return {**kept_files, **written}, missing
