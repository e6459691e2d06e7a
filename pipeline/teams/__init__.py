"""Readers of Microsoft Teams files: each one function from a path to domain objects, with warnings."""
