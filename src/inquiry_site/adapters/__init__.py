"""The ways in: MkDocs and the command line. They read, call ``build``, place and report; they decide nothing."""
