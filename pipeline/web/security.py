"""Who gets in, strict headers, and no request from another site.

What changes something must carry the header X-Protokollist, which another site's page cannot send without being asked first.
Two ways in: a secret a start, as Jupyter has it (here), and signing in on a team's server (``pipeline.web.team``).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import quote

from fastapi import HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from pipeline.archive.access import Person

COOKIE = "protokollist"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
                               "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), microphone=()",
}
OPEN = ("/health", "/ready")
Next = Callable[[Request], Awaitable[Response]]


class Page(Protocol):
    """Fills in a page for whom it is shown to."""

    def __call__(self, name: str, person: Person, **values: Any) -> HTMLResponse: ...


def visitor(request: Request) -> Person:
    """Whom the gate let in."""
    person: Person = request.state.person
    return person


def wanted_version(request: Request) -> str:
    """The version that a change is meant for. Raises HTTPException where none is told."""
    given = request.headers.get("If-Match", "").strip('"')
    if not given:
        raise HTTPException(428, "If-Match saknas.")
    return given


def attachment(name: str) -> str:
    """The header of a download with a file name of any letters (RFC 6266)."""
    return f"attachment; filename*=UTF-8''{quote(name)}"


def _same(given: str, secret: str) -> bool:
    """Whether what was given is the secret, in a time that tells nothing of it; any letters may be given."""
    return hmac.compare_digest(given.encode(), secret.encode())


class Entrance(Protocol):
    """How people come in: whom a request is from, and what it is told when it is from nobody."""

    open: tuple[str, ...]

    def person(self, request: Request) -> Person | None: ...

    def turned_away(self, request: Request) -> Response: ...


class OneTimeToken:
    """One person on their own computer: ``/?token=…`` gives a session cookie, another secret, and everything else asks for it."""

    open: tuple[str, ...] = ()

    def __init__(self, who: str) -> None:
        self.token = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self._person = Person(who, who)

    def _shown(self, request: Request) -> bool:
        return _same(request.query_params.get("token", ""), self.token)

    def person(self, request: Request) -> Person | None:
        if self._shown(request):  # also with a session: the token is taken out of the address
            return None
        return self._person if _same(request.cookies.get(COOKIE, ""), self._session) else None

    def turned_away(self, request: Request) -> Response:
        if self._shown(request):
            answer = RedirectResponse(request.url.path, 303)
            answer.set_cookie(COOKIE, self._session, httponly=True, samesite="strict", path="/")
            return answer
        return PlainTextResponse("Öppna sidan med adressen som programmet skrev ut när det startade.", 401)


class Gate:
    """The middleware that every request passes; ``request.state.person`` is whom it is from."""

    def __init__(self, hosts: tuple[str, ...], entrance: Entrance) -> None:
        self._hosts = hosts
        self._entrance = entrance

    async def __call__(self, request: Request, call_next: Next) -> Response:
        response = await self._answer(request, call_next)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.url.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    async def _answer(self, request: Request, call_next: Next) -> Response:
        if (request.url.hostname or "") not in self._hosts:  # DNS rebinding
            return PlainTextResponse("Okänt värdnamn.", 421)
        if request.url.path in OPEN or request.url.path.startswith(("/static/", *self._entrance.open)):
            return await call_next(request)
        person = await run_in_threadpool(self._entrance.person, request)
        if person is None:
            return self._entrance.turned_away(request)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not request.headers.get("X-Protokollist"):
            return PlainTextResponse("Begäran kommer inte från den här sidan.", 403)
        request.state.person = person
        return await call_next(request)
