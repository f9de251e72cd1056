"""The site's own search: what is found under which word, in small files of which a query needs a few."""

FOLDER = "search"
MANIFEST = f"{FOLDER}/index.json"
"""Which files there are."""
