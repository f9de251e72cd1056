"""HTML that strangers write: its syntax, what of it is published, and which files contain active content."""
