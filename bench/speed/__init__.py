"""How long a site takes to build, to build again and to follow an edit, beside other tools on the same pages."""
