"""Signing in on a team's server, over OpenID Connect (Authlib), with one or several identity providers.

Method: authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636). What the provider's ID token says is kept:
issuer, subject, name and e-mail address; the tokens themselves are thrown away.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from typing import Any
from urllib.parse import quote, urlencode, urlparse

import httpx
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, FastAPI, Request, Response
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse

from pipeline.archive import Archive
from pipeline.archive.access import SESSION, Person, is_email, sign_in, sign_out, signed_in
from pipeline.errors import UsageError
from pipeline.settings import IdentityProvider, Settings
from pipeline.web.security import COOKIE

ATTEMPTS = 20  # to sign in, from one address
WITHIN = 60.0  # seconds


class SignInDesk:
    """The entrance of a team's server. Raises UsageError when the settings do not suffice."""

    open: tuple[str, ...] = ("/signin",)

    def __init__(self, archive: Archive, settings: Settings) -> None:
        address = urlparse(settings.public_address)
        if address.scheme not in ("http", "https") or not address.hostname:
            raise UsageError('Sätt public_address i protokollist.toml, till exempel "https://protokoll.regionen.se".')
        if address.scheme == "http" and address.hostname not in ("127.0.0.1", "localhost"):
            raise UsageError("public_address måste börja med https; låt en omvänd proxy sköta krypteringen.")
        if not settings.identity_providers:
            raise UsageError("Minst en inloggningstjänst behövs: [identity_providers.namn] i protokollist.toml. Se docs/operations.md.")
        self.host: str = address.hostname
        self._archive, self._settings, self._secure = archive, settings, address.scheme == "https"
        self._administrators = frozenset(a.casefold() for a in settings.administrators)
        self._oauth = OAuth()
        self._tries: dict[str, deque[float]] = {}
        for name, provider in settings.identity_providers.items():
            try:
                secret = provider.client_secret_file.read_text("utf-8").strip()
            except OSError as error:
                raise UsageError(f"Hemligheten för inloggningstjänsten {name} kan inte läsas: {provider.client_secret_file}") from error
            self._oauth.register(
                name, client_id=provider.client_id, client_secret=secret,
                server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
                client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "timeout": 20.0, "trust_env": False})

    def person(self, request: Request) -> Person | None:
        return signed_in(self._archive, request.cookies.get(COOKIE, ""), self._administrators)

    def turned_away(self, request: Request) -> Response:
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/signin", 303)
        return PlainTextResponse("Logga in först.", 401)

    def install(self, app: FastAPI, pages: Environment) -> None:
        """Add the pages for signing in and out; what is on its way between here and the provider lies in a signed cookie."""
        app.add_middleware(SessionMiddleware, secret_key=secrets.token_urlsafe(32), session_cookie=f"{COOKIE}_pa_vag", path="/signin",
                           max_age=600, same_site="lax", https_only=self._secure)
        app.include_router(self._routes(pages))

    def _too_many(self, request: Request) -> bool:
        now, client = time.monotonic(), request.client.host if request.client else ""
        if len(self._tries) > 10_000:
            self._tries.clear()
        tries = self._tries.setdefault(client, deque(maxlen=ATTEMPTS))
        full = len(tries) == ATTEMPTS and now - tries[0] < WITHIN
        tries.append(now)
        return full

    def _routes(self, pages: Environment) -> APIRouter:
        router = APIRouter()
        providers = self._settings.identity_providers

        def page(message: str = "", status: int = 200, *, left: str = "") -> HTMLResponse:
            listed = [(name, p.title) for name, p in providers.items()]
            return HTMLResponse(pages.get_template("signin.html").render(
                providers=listed, message=message, left=(left, providers[left].title) if left in providers else None), status)

        def refusal(name: str, request: Request) -> HTMLResponse | None:
            """What is answered instead of going on with a provider: it is unknown, or there were too many attempts."""
            if name not in providers:
                return page("Inloggningstjänsten finns inte.", 404)
            return page("För många försök. Vänta en minut.", 429) if self._too_many(request) else None

        @router.get("/signin")
        def choose(left: str = "") -> HTMLResponse:
            """``left`` is the provider of the session that was just ended."""
            return page(left=left)

        @router.get("/signin/{name}/end")
        async def end_there(name: str, request: Request) -> Response:
            """On to where the provider ends its own session, for computers that people share (OpenID Connect RP-Initiated Logout 1.0)."""
            if refused := refusal(name, request):
                return refused
            try:
                metadata = await self._oauth.create_client(name).load_server_metadata()
            except (httpx.HTTPError, OAuthError, ValueError):
                metadata = {}
            if not (endpoint := metadata.get("end_session_endpoint")):
                return page(f"{providers[name].title} kan inte avsluta inloggningen härifrån. Stäng webbläsaren, eller logga ut där.", 502)
            back = {"client_id": providers[name].client_id, "post_logout_redirect_uri": f"{self._settings.public_address.rstrip('/')}/signin"}
            return RedirectResponse(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(back)}", 303)

        @router.get("/signin/{name}")
        async def leave(name: str, request: Request) -> Response:
            if refused := refusal(name, request):
                return refused
            back = f"{self._settings.public_address.rstrip('/')}/signin/{quote(name)}/back"
            try:
                return await self._oauth.create_client(name).authorize_redirect(request, back)  # type: ignore[no-any-return]
            except (httpx.HTTPError, OAuthError, ValueError):
                return page(f"{providers[name].title} svarar inte. Försök igen om en stund.", 502)

        @router.get("/signin/{name}/back")
        async def arrive(name: str, request: Request) -> Response:
            if refused := refusal(name, request):
                return refused
            try:
                token = await self._oauth.create_client(name).authorize_access_token(request)
            except (httpx.HTTPError, OAuthError, ValueError):
                return page("Inloggningen avbröts eller godkändes inte. Försök igen.", 403)
            claims: dict[str, Any] = dict(token.get("userinfo") or {})
            email = _email(claims, providers[name])
            if email is None:
                return page(f"{providers[name].title} gav ingen e-postadress som hör dit. Be er administratör kontrollera kontot.", 403)
            cookie = await run_in_threadpool(sign_in, self._archive, str(claims["iss"]), str(claims["sub"]), email, str(claims.get("name") or email))
            answer = RedirectResponse("/", 303)
            answer.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=self._secure, path="/", max_age=int(SESSION.total_seconds()))
            return answer

        @router.post("/signout")
        def out(request: Request) -> Response:
            issuer = (sign_out(self._archive, request.cookies.get(COOKIE, "")) or "").rstrip("/")
            answer = JSONResponse({"provider": next((name for name, p in providers.items() if p.issuer.rstrip("/") == issuer), "")})
            answer.delete_cookie(COOKIE, path="/")
            return answer

        return router


def _email(claims: dict[str, Any], provider: IdentityProvider) -> str | None:
    """The address that a provider may vouch for: of its own domains, and not marked as unverified."""
    domains = {d.casefold() for d in provider.domains}
    for claim in ("email", "preferred_username"):  # Entra ID leaves out the first for accounts without a mailbox
        address = str(claims.get(claim) or "").casefold()
        if is_email(address) and address.rpartition("@")[2] in domains and not (claim == "email" and claims.get("email_verified") is False):
            return address
    return None
