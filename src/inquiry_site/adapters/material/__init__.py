"""Material for MkDocs: its page around one of ours, and the search in its header."""
