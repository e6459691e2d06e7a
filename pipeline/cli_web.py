"""The command ``protokollist serve``."""

from __future__ import annotations

import gc
import socket
import webbrowser
from typing import Annotated

import typer

from pipeline.archive import Archive
from pipeline.cli_archive import who_am_i
from pipeline.console import out, told_in_swedish
from pipeline.errors import UsageError
from pipeline.settings import Settings


def _collect_seldom() -> None:
    """A long meeting is read as a hundred thousand objects: collecting on the way takes longer than reading them.

    Measured on three hours of talk: 0.1–0.2 s a reading instead of 0.3–0.7.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def serve(
    port: Annotated[int, typer.Option(help="Port; 0 tar en ledig.")] = 0,
    browser: Annotated[bool, typer.Option(help="Öppna sidan i webbläsaren.")] = True,
    work: Annotated[bool, typer.Option(help="Arbeta även på kön i samma program.")] = True,
    team: Annotated[bool, typer.Option("--team", help="För en grupp: alla loggar in hos sin egen organisation (OpenID Connect).")] = False,
) -> None:
    """Ladda upp och granska i webbläsaren. Bara den här datorn når sidan, med adressen som skrivs ut.

    Med --team delar en grupp på en server: inloggning enligt protokollist.toml (se docs/operations.md), möten som bara
    syns för dem de delas med. En omvänd proxy på samma dator sköter https.
    """
    import uvicorn

    from pipeline.backlog import Worker
    from pipeline.web.app import create_app
    from pipeline.web.security import OneTimeToken
    from pipeline.web.team import SignInDesk

    with told_in_swedish():
        settings = Settings()
        archive = Archive(settings)
        desk = SignInDesk(archive, settings) if team else None
        alone = OneTimeToken(who_am_i())
        app = create_app(archive, desk or alone, ("127.0.0.1", "localhost", *([desk.host] if desk else [])))
        taken = socket.socket()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(f"Porten {port} är upptagen. Välj en annan med --port, eller 0 för en ledig.") from error
        taken.listen()  # who follows the address at once waits a moment instead of being refused
        _collect_seldom()
        local = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        address = local if desk else f"{local}?token={alone.token}"
        worker = Worker(archive, logs=True) if work else None
        if worker:
            worker.start()
        print(f"Protokollist: {address}", flush=True)
        out.print("Avsluta med Ctrl-C.", markup=False)
        if browser and not desk:
            webbrowser.open(address)
        try:
            uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)).run(sockets=[taken])
        finally:
            if worker:
                worker.stop()


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(serve)
