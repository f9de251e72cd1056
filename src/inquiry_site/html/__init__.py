"""Sanitise HTML from untrusted authors, and detect files with active content."""
