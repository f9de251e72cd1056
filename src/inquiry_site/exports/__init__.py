"""Exports of the knowledge base to other formats, one module per format."""
