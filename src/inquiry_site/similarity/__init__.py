"""Similarity of pages, computed from ids, words and links; independent of notes and lines.

Every step accepts the result of the previous run (``before``) and recomputes only what changed. This is for speed
alone: the result is the same without it.
"""
