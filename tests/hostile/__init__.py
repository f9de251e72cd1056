"""Attacks by untrusted authors on readers' browsers and on the build."""
