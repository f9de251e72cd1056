"""The site's own search: what is found under which word, in small files of which a query needs a few."""
