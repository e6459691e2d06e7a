"""Jinja2 templates of the documents: .md, .html and .docx by the same name."""
