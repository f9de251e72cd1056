"""One file's text to what it says. Nothing here judges, and nothing looks at a second file."""
