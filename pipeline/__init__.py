"""Protokollist: from a recorded Swedish meeting to a draft protocol for human review."""

__version__ = "0.1.0"
