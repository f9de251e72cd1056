"""Pages to files of a site: a theme's page around each, several processors, a folder that is put in place whole."""
