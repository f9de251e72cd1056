"""Render knowledge as pages: URLs, template contexts and templates."""
