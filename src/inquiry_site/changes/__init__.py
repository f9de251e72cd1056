"""Changes: what differs between two revisions of a knowledge base, and the reports of it."""
