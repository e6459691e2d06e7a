"""Errors with a message that a user can act on, in Swedish, and the exit code of the command.

Exit codes are documented in the README: 2 wrong usage, 3 recording, 4 other document, 5 model,
6 output, 7 archive, 130 interrupted.
"""

from __future__ import annotations


class ProtokollistError(Exception):
    """Base of every error that a user is meant to read."""

    exit_code = 1


class UsageError(ProtokollistError):
    """The call cannot be carried out as given."""

    exit_code = 2


class RecordingError(ProtokollistError):
    """A recording or transcript cannot be used."""

    exit_code = 3


class DocumentError(ProtokollistError):
    """An agenda, attendance report, invitation or template cannot be used."""

    exit_code = 4


class ModelError(ProtokollistError):
    """A model is missing, damaged or cannot be loaded."""

    exit_code = 5


class OutputError(ProtokollistError):
    """A result cannot be written."""

    exit_code = 6


class ArchiveError(ProtokollistError):
    """The archive's database or files cannot be used, or what was asked for is not there."""

    exit_code = 7


class AccessError(ProtokollistError):
    """Somebody may see a meeting but not do this with it."""

    exit_code = 7


class ConflictError(ProtokollistError):
    """Somebody else changed the same thing first."""

    exit_code = 7
