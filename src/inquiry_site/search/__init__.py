"""The site's own search: an inverted index in small files; a query loads only a few of them."""

FOLDER = "search"
MANIFEST = f"{FOLDER}/index.json"
"""Path of the file that lists the other files."""
