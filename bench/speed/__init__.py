"""Compare the time of cold builds, rebuilds and edits under a preview with other tools on the same pages."""
