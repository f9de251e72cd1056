"""Adapters for MkDocs, its theme, the command line and the web; decisions are left to the core."""
