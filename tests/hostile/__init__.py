"""What a stranger could put into a file to have a reader's browser, or the build, do his will."""
