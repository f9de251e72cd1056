"""Adapt pages to the theme Material for MkDocs: its page template, its HTML and the search in its header."""
