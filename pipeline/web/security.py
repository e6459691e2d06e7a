"""Who may do what: one secret a start (as Jupyter does), strict headers, and no request from another site.

``/?token=…`` gives a session cookie; everything else asks for it. What changes something must carry the header
X-Protokollist, which another site's page cannot send without being asked first.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.responses import PlainTextResponse, RedirectResponse

COOKIE = "protokollist"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
                               "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), microphone=()",
}
OPEN = ("/health", "/ready")
Next = Callable[[Request], Awaitable[Response]]


class Gate:
    """The middleware. ``token`` is shown once, on the terminal; the cookie's value is another secret."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        self.token = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self._hosts = hosts

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
        if request.url.path in OPEN or request.url.path.startswith("/static/"):
            return await call_next(request)
        given = request.query_params.get("token")
        if given and hmac.compare_digest(given, self.token):
            answer = RedirectResponse(request.url.path, 303)
            answer.set_cookie(COOKIE, self._session, httponly=True, samesite="strict", path="/")
            return answer
        if not hmac.compare_digest(request.cookies.get(COOKIE, ""), self._session):
            return PlainTextResponse("Öppna sidan med adressen som programmet skrev ut när det startade.", 401)
        if request.method not in ("GET", "HEAD", "OPTIONS") and not request.headers.get("X-Protokollist"):
            return PlainTextResponse("Begäran kommer inte från den här sidan.", 403)
        return await call_next(request)
