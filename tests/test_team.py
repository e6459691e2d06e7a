"""Given a group on one server, then each signs in at their own organisation and sees what is shared with them, in their role.

The identity providers are real servers that speak OpenID Connect on this machine.
"""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import sync_playwright

from pipeline.archive import Archive, access, approval, audit
from pipeline.archive.access import Right
from pipeline.archive.drafts import add_revision
from pipeline.errors import UsageError
from pipeline.meeting import Transcript, Utterance
from pipeline.settings import IdentityProvider, Settings
from pipeline.stages.house_template import example_draft
from pipeline.web.app import create_app
from pipeline.web.team import SignInDesk

EAST, NORTH = "regionost.se", "kommunnord.se"
TALK = Transcript(utterances=(Utterance(start=1000, end=4000, speaker="Talare 1", text="Budgeten är hemlig."),), duration=5000)
PEOPLE = {
    "ost": [User(sub="anna", claims={"name": "Anna Ek", "email": f"Anna.Ek@{EAST}"}),
            User(sub="bo", claims={"name": "Bo Lind", "preferred_username": f"bo.lind@{EAST}"}),
            User(sub="chef", claims={"name": "Chefen", "email": f"chef@{EAST}"}),
            User(sub="falsk", claims={"name": "Falsk", "email": f"cia.norr@{NORTH}"}),
            User(sub="obekraftad", claims={"name": "Obekräftad", "email": f"bo.lind@{EAST}", "email_verified": False})],
    "nord": [User(sub="cia", claims={"name": "Cia Norr", "email": f"cia.norr@{NORTH}"})],
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Archive]]:
    """(address, archive) of a team's server with the identity providers of two organisations."""
    with ExitStack() as stack:
        issuers = {name: f"http://localhost:{stack.enter_context(run_server_in_thread(user_claims=users)).server_port}"
                   for name, users in PEOPLE.items()}
        taken = socket.socket()
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        secret = tmp_path / "hemlighet"
        secret.write_text("hemlig\n")
        providers = {name: IdentityProvider(title=f"Organisation {name}", issuer=issuer, client_id="protokollist", client_secret_file=secret,
                                            domains=[EAST if name == "ost" else NORTH]) for name, issuer in issuers.items()}
        settings = Settings(archive_folder=tmp_path / "arkiv", cache_folder=tmp_path / "cache", public_address=address,
                            identity_providers=providers, administrators=[f"chef@{EAST}"])
        archive = Archive(settings)
        running = uvicorn.Server(uvicorn.Config(create_app(archive, SignInDesk(archive, settings)), log_level="warning"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        yield address, archive
        running.should_exit = True
        thread.join(10)
        archive.close()


def browser_of(address: str, provider: str, sub: str) -> httpx.Client:
    """A client that has been through sign-in as somebody; where it was refused, without a session."""
    client = httpx.Client(base_url=address, follow_redirects=True, headers={"X-Protokollist": "1", "Accept": "text/html"}, trust_env=False, timeout=20)
    form = client.get(f"/signin/{provider}")
    client.last = client.post(form.url, data={"sub": sub})  # type: ignore[attr-defined]
    return client


@pytest.fixture
def meeting(server: tuple[str, Archive], tmp_path: Path) -> str:
    """A meeting of Anna's with a draft."""
    _, archive = server
    talk = tmp_path / "samtal.vtt"
    talk.write_text("WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Anna Ek>Budgeten är hemlig.</v>\n", "utf-8")
    made, _ = archive.add_meeting({"samtal.vtt": talk}, title="Budgetmöte", who=f"anna.ek@{EAST}")
    with archive.session() as session:
        add_revision(session, made, example_draft(), TALK)
    return made


def test_who_has_not_signed_in_is_sent_to_the_choice_of_organisations(server: tuple[str, Archive], meeting: str) -> None:
    address, _ = server
    with httpx.Client(base_url=address, follow_redirects=True, trust_env=False) as stranger:
        page = stranger.get("/", headers={"Accept": "text/html"})
        assert page.url.path == "/signin"
        assert "Organisation ost" in page.text
        assert "Organisation nord" in page.text
        for path in (f"/m/{meeting}", f"/api/m/{meeting}", "/tasks", "/metrics", "/api/events", f"/m/{meeting}/download/protokoll.md"):
            assert stranger.get(path).status_code == 401
        assert stranger.post("/files").status_code == 401


def test_a_meeting_is_seen_by_its_owner_and_by_nobody_else_until_it_is_shared(server: tuple[str, Archive], meeting: str) -> None:
    address, archive = server
    anna, bo, cia = browser_of(address, "ost", "anna"), browser_of(address, "ost", "bo"), browser_of(address, "nord", "cia")
    assert "Budgetmöte" in anna.get("/").text
    for other in (bo, cia):
        assert "Budgetmöte" not in other.get("/").text
        assert "Budgetmöte" not in other.get("/?q=hemlig").text
        assert other.get(f"/api/m/{meeting}").status_code == 404
        assert other.get(f"/m/{meeting}/download/protokoll.md").status_code == 404
        assert other.post(f"/api/m/{meeting}/shares", json={"email": f"bo.lind@{EAST}", "role": "sekreterare"}).status_code == 404
    shared = anna.post(f"/api/m/{meeting}/shares", json={"email": f"Cia.Norr@{NORTH}", "role": "granskare"})
    assert shared.json()["shares"] == [[f"cia.norr@{NORTH}", "granskare"]]
    assert "Budgetmöte" in cia.get("/").text
    assert "Budgetmöte" not in bo.get("/").text
    anna.post(f"/api/m/{meeting}/shares", json={"email": f"cia.norr@{NORTH}"})
    assert cia.get(f"/api/m/{meeting}").status_code == 404
    assert archive.meetings(seen_by=f"cia.norr@{NORTH}") == []


def test_each_role_may_do_its_own_and_no_more(server: tuple[str, Archive], meeting: str) -> None:
    address, archive = server
    access.share(archive, meeting, f"bo.lind@{EAST}", "justerare", "anna")
    access.share(archive, meeting, f"cia.norr@{NORTH}", "granskare", "anna")
    approval.appoint(archive, meeting, "Bo Lind", "anna")
    approval.appoint(archive, meeting, "Dan Ohlsson", "anna")
    bo, cia = browser_of(address, "ost", "bo"), browser_of(address, "nord", "cia")
    seen = {"If-Match": bo.get(f"/api/m/{meeting}").headers["ETag"]}
    change = {"do": "reword", "id": "s1", "text": "Budgeten är beslutad."}
    refused = bo.post(f"/api/m/{meeting}/changes", json=change, headers=seen | {"Accept": "application/json"})
    assert refused.status_code == 403
    assert "får inte ändra" in refused.json()["error"]
    assert bo.post(f"/api/m/{meeting}/approvals/approve", json={"name": "Dan Ohlsson"}, headers=seen).status_code == 403
    assert bo.post(f"/api/m/{meeting}/approvals/approve", json={"name": "Bo Lind"}, headers=seen).status_code == 200
    assert bo.post(f"/api/m/{meeting}/remarks", json={"text": "Bra."}).json()["opinions"]["remarks"][0]["who"] == "Bo Lind"
    assert cia.post(f"/api/m/{meeting}/approvals/approve", json={"name": "Bo Lind"}, headers=seen).status_code == 403
    assert cia.post(f"/api/m/{meeting}/shares", json={"email": "x@y.se", "role": "granskare"}).status_code == 403
    changed = cia.post(f"/api/m/{meeting}/changes", json=change, headers={"If-Match": cia.get(f"/api/m/{meeting}").headers["ETag"]})
    assert changed.status_code == 200
    assert Right.CHANGE.name in changed.json()["rights"]


def test_an_organisation_vouches_for_its_own_people_only(server: tuple[str, Archive]) -> None:
    address, _ = server
    for sub in ("falsk", "obekraftad"):
        nobody = browser_of(address, "ost", sub)
        assert nobody.last.status_code == 403  # type: ignore[attr-defined]
        assert "ingen e-postadress som hör dit" in nobody.last.text  # type: ignore[attr-defined]
        assert nobody.get("/").url.path == "/signin"


def test_signing_out_ends_the_session_also_for_a_copied_cookie(server: tuple[str, Archive]) -> None:
    address, _ = server
    anna = browser_of(address, "ost", "anna")
    copied = dict(anna.cookies)
    assert anna.get("/").url.path == "/"
    assert anna.post("/signout").json() == {"provider": "ost"}
    assert httpx.get(f"{address}/", cookies=copied, headers={"Accept": "text/html"}, trust_env=False).status_code == 303


def test_who_has_signed_out_can_sign_out_at_the_provider_too(server: tuple[str, Archive]) -> None:
    address, _ = server
    anna = browser_of(address, "ost", "anna")
    assert 'href="/signin/ost/end"' in anna.get("/signin?left=ost").text
    assert "/end" not in anna.get("/signin?left=annan").text
    there = anna.get("/signin/ost/end")
    assert there.status_code == 200
    assert there.url.host == "localhost"
    assert there.url.params["post_logout_redirect_uri"] == f"{address}/signin"
    assert anna.get("/signin/annan/end").status_code == 404


def test_a_forged_or_repeated_answer_from_the_provider_signs_nobody_in(server: tuple[str, Archive]) -> None:
    address, _ = server
    anna = browser_of(address, "ost", "anna")
    used = anna.last.history[0].headers["Location"]  # type: ignore[attr-defined]
    with httpx.Client(base_url=address, trust_env=False) as stranger:
        assert stranger.get(used).status_code == 403
        assert stranger.get("/signin/ost/back?code=x&state=y").status_code == 403
        assert stranger.get("/signin/okand").status_code == 404


def test_too_many_attempts_are_stopped(server: tuple[str, Archive]) -> None:
    address, _ = server
    with httpx.Client(base_url=address, trust_env=False) as stranger:
        answers = [stranger.get("/signin/ost/back?code=x&state=y").status_code for _ in range(25)]
    assert answers[0] == 403
    assert answers[-1] == 429


def test_an_administrator_sees_all_and_the_log_tells(server: tuple[str, Archive], meeting: str) -> None:
    address, archive = server
    chief = browser_of(address, "ost", "chef")
    assert "Budgetmöte" in chief.get("/").text
    assert chief.get(f"/m/{meeting}").status_code == 200
    assert chief.get("/metrics").status_code == 200
    assert chief.get("/learning").status_code == 200
    for private in ("/metrics", "/learning", f"/learning/{meeting}", "/learning/pairs.jsonl"):
        assert browser_of(address, "ost", "anna").get(private).status_code == 403
    with archive.session() as session:
        assert any(f"chef@{EAST}" in line and meeting in line for line in audit.exported(session))


def test_settings_that_do_not_suffice_are_told(tmp_path: Path) -> None:
    archive = Archive(Settings(archive_folder=tmp_path / "arkiv"))
    provider = IdentityProvider(title="Ö", issuer="https://x", client_id="p", client_secret_file=tmp_path / "saknas", domains=["x.se"])
    for settings, told in ((Settings(), "public_address"), (Settings(public_address="http://protokoll.se"), "https"),
                           (Settings(public_address="https://protokoll.se"), "inloggningstjänst"),
                           (Settings(public_address="https://protokoll.se", identity_providers={"o": provider}), "Hemligheten")):
        with pytest.raises(UsageError, match=told):
            SignInDesk(archive, settings)
    archive.close()


@pytest.mark.slow
def test_signing_in_sharing_and_signing_out_in_a_browser(server: tuple[str, Archive], meeting: str) -> None:
    address, _ = server
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        anna = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        anna.goto(address)
        assert Axe().run(anna).violations_count == 0
        anna.click("text=Organisation ost")
        anna.fill("input[name=sub]", "anna")
        anna.click("button[type=submit]")
        anna.wait_for_url(re.compile(rf"{address}/$"))
        anna.click("text=Budgetmöte")
        anna.click("#sharing summary")
        anna.click("#new-share")
        anna.fill("#field-email", f"bo.lind@{EAST}")
        anna.select_option("#field-role", "justerare")
        anna.click("dialog button[value=ok]")
        anna.wait_for_selector(f"text=bo.lind@{EAST}, justerare")
        assert Axe().run(anna).violations_count == 0

        bo = chromium.new_context().new_page()
        bo.goto(f"{address}/signin/ost")
        bo.fill("input[name=sub]", "bo")
        bo.click("button[type=submit]")
        bo.click("text=Budgetmöte")
        bo.wait_for_selector("text=Avtalet förlängs till den 30 juni.")
        assert bo.is_disabled("#undo")
        assert bo.locator("text=Skriv om punkten").count() == 0
        bo.click("#signout")
        bo.wait_for_url(f"{address}/signin?left=ost")
        assert bo.locator("text=Du är utloggad här.").count() == 1
        assert Axe().run(bo).violations_count == 0
        chromium.close()
