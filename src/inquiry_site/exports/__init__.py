"""The knowledge in other formats, one file a format."""
