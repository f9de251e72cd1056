"""The body of a note or line: its Markdown with placeholders, and the HTML that replaces them."""
