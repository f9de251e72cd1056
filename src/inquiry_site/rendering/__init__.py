"""Knowledge to pages: addresses, view models, templates, exports."""
