"""Parse one file's text. Nothing here judges the content or looks at a second file."""
