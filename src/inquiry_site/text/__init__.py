"""Text in any language: tokens, suggestions for misspelt names, near-duplicate questions."""
