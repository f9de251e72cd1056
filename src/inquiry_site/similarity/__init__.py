"""How near texts, names and pages are to one another: words, numbers and ids only, nothing of notes and lines."""
