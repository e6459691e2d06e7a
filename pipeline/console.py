"""What every command shares: the terminal, and errors told in Swedish with their exit code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from pipeline.errors import OutputError, ProtokollistError

out = Console(highlight=False, soft_wrap=True)
INTERRUPTED = 130


@contextmanager
def told_in_swedish() -> Iterator[None]:
    """Turn errors into a message and the documented exit code."""
    try:
        yield
    except ProtokollistError as error:
        print(f"Fel: {error}", file=sys.stderr)
        raise typer.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        print("Avbrutet. Färdiga steg finns kvar; kör samma kommando igen för att fortsätta.", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        problem = OutputError(f"{error.strerror or error}{f' ({error.filename})' if error.filename else ''}")
        print(f"Fel: {problem}", file=sys.stderr)
        raise typer.Exit(problem.exit_code) from error
