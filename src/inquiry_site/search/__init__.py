"""The site's own search: an inverted index in small files, of which a query loads a few."""

FOLDER = "search"
MANIFEST = f"{FOLDER}/index.json"
"""Path of the file that lists the other files."""
