"""Given a secretary without a command line, then upload, listening, correcting, approving and downloading work in real Chromium."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import docx
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import SAMPLES
from playwright.sync_api import Browser, Page, sync_playwright

from pipeline.archive import Archive
from pipeline.archive.drafts import add_revision
from pipeline.meeting import Recording, Transcript, Utterance
from pipeline.settings import Settings
from pipeline.stages.house_template import example_draft

pytestmark = [pytest.mark.models, pytest.mark.slow]
TEAMS = Path(__file__).parent / "data" / "mote.vtt"
EVIL = "<img src=x onerror=document.title='stulen'>"


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The address, with its token, of a server that runs for as long as the context lasts."""
    process = subprocess.Popen([sys.executable, "-m", "pipeline.cli", "serve", "--no-browser"], env=settings.environment(),
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    yield line.split(": ", 1)[1].strip()
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("web")
    with serving(Settings(archive_folder=folder / "arkiv", cache_folder=folder / "cache", threads=2, language_model="none")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"),
                                           args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Page:
    found = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    found.goto(address)
    return found


def base(address: str) -> str:
    return address.split("/?")[0]


def accessible(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def upload(page: Page, address: str, files: list[Path], title: str, agenda: str = "") -> None:
    page.goto(f"{base(address)}/upload")
    page.set_input_files("#files", files)
    page.fill("#title", title)
    page.fill("#agenda", agenda)
    accessible(page)
    page.click("#start")
    page.wait_for_url(re.compile(r"/m/\w+$"), timeout=30_000)


def fill_dialog(page: Page, field: str, text: str) -> None:
    page.fill(field, text)
    page.click("#dialog button[value=ok]")


@pytest.fixture(scope="module")
def reviewed(page: Page, address: str) -> str:
    """The address of the sample's review page, uploaded and drafted."""
    sample = SAMPLES / "mote"
    upload(page, address, [sample / "mote.m4a", TEAMS, sample / "dagordning.md", sample / "närvarorapport.csv"], "RAG nuklearmedicin")
    accessible(page)
    page.wait_for_selector("#draft .statement", timeout=240_000)
    return page.url


def test_every_page_is_accessible(page: Page, address: str, reviewed: str) -> None:
    for path in (base(address), f"{base(address)}/upload", f"{base(address)}/tasks", f"{base(address)}/groups", f"{base(address)}/learning", reviewed, f"{reviewed}/history"):
        page.goto(path)
        page.wait_for_load_state("load")
        accessible(page)


@pytest.mark.parametrize(("done", "whole", "seconds", "told"), [
    (1, 100, 30, ""), (10, 100, 60, "ungefär 9 min kvar"), (90, 100, 60, "mindre än en minut kvar"), (100, 100, 60, ""), (0, 0, 0, "")])
def test_time_left_is_told_by_how_fast_it_went(page: Page, reviewed: str, done: int, whole: int, seconds: int, told: str) -> None:
    page.goto(reviewed)
    assert page.evaluate("async (x) => (await import('/static/api.js')).timeLeft(...x)", [done, whole, seconds]) == told


def test_narrow_screens_need_no_sideways_scrolling(page: Page, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_sentence_plays_its_evidence_from_two_seconds_before(page: Page, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_function("() => document.querySelector('#sound').readyState >= 1", timeout=60_000)
    first = page.locator(".statement").filter(has=page.locator("button", has_text="Lyssna")).first
    h, m, s = re.search(r"Lyssna (\d\d):(\d\d):(\d\d)", first.inner_text()).groups()  # type: ignore[union-attr]
    first.locator(".text").click()
    page.wait_for_function("() => !document.querySelector('#sound').paused && document.querySelector('#sound').currentTime > 0", timeout=20_000)
    at = page.evaluate("document.querySelector('#sound').currentTime")
    assert -2.5 < at - (int(h) * 3600 + int(m) * 60 + int(s)) < 3
    assert page.locator("#talk .turn.on").count() >= 1


def test_a_word_clicked_is_where_the_player_goes(page: Page, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_function("() => document.querySelector('#sound').readyState >= 1", timeout=60_000)
    word = page.locator("#talk .w").nth(200)
    page.evaluate("document.querySelector('#sound').addEventListener('seeked', () => { document.querySelector('#sound').dataset.at ??= document.querySelector('#sound').currentTime; })")
    word.click()
    page.wait_for_function("() => document.querySelector('#sound').dataset.at !== undefined", timeout=20_000)
    assert abs(float(page.evaluate("document.querySelector('#sound').dataset.at")) - int(word.get_attribute("data-at") or 0) / 1000) < 0.3


RATE, LEAD, MINUTE_55 = 16_000, 1.4, 55 * 60  # samples a second; seconds


def teams_shaped(path: Path) -> None:
    """An hour of MP4 whose picture begins at zero and whose sound begins later, as Teams writes it; silent but for a tone at minute 55."""
    with av.open(str(path), "w") as container:
        sound = container.add_stream("aac", rate=RATE)
        sound.bit_rate, sound.layout = 32_000, "mono"
        picture = container.add_stream("mpeg4", rate=1)
        picture.width = picture.height = 32
        for minute in range(60):
            for second in range(0, 60, 10):
                image = av.VideoFrame(32, 32, "yuv420p")
                image.pts = minute * 60 + second
                container.mux(picture.encode(image))
            samples = np.zeros(60 * RATE, np.float32)
            if minute == MINUTE_55 // 60:
                samples[:RATE] = 0.8 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
            frame = av.AudioFrame.from_ndarray(samples[None, :], format="fltp", layout="mono")
            frame.rate, frame.pts = RATE, int((minute * 60 + LEAD) * RATE)
            container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
        container.mux(picture.encode(None))


def first_sound(data: bytes) -> float:
    """The second at which a file is first loud, by the file's own clock."""
    with av.open(io.BytesIO(data)) as container:
        for frame in container.decode(audio=0):
            if np.abs(frame.to_ndarray()).max() > 0.3:
                assert frame.time is not None
                return float(frame.time)
    raise AssertionError("no sound")


def test_a_word_clicked_at_minute_55_of_an_hour_sounds_within_a_third_of_a_second(browser: Browser, tmp_path: Path) -> None:
    """The tone stands in for the word: the page goes to the word's time, and the file that is played sounds at that time."""
    settings = Settings(archive_folder=tmp_path / "arkiv", cache_folder=tmp_path / "cache", language_model="none")
    teams_shaped(tmp_path / "mote.mp4")
    at = int((MINUTE_55 + LEAD) * 1000)  # where the tone is, by the clock of the recording and of Teams' transcript
    talk = Transcript(utterances=(Utterance(start=1400, end=5000, speaker="Talare 1", text="Välkomna."),
                                  Utterance(start=at, end=at + 1000, speaker="Talare 1", text="Pip.")), duration=3_600_000)
    archive = Archive(settings)
    meeting, _ = archive.add_meeting({"mote.mp4": tmp_path / "mote.mp4"}, title="Långt möte", who="anna")
    with archive.session() as session:
        add_revision(session, meeting, example_draft().model_copy(update={"recordings": (Recording(id="1", name="mote.mp4", duration=3_600_000),)}), talk)
    archive.close()
    with serving(settings) as address:
        page = browser.new_page()
        page.goto(address)
        page.goto(f"{base(address)}/m/{meeting}")
        page.wait_for_function("() => document.querySelector('#sound').readyState >= 1", timeout=180_000)
        page.evaluate("document.querySelector('#sound').addEventListener('seeked', (e) => { e.target.dataset.at = e.target.currentTime; })")
        page.locator("#talk .w", has_text="Pip.").click()
        page.wait_for_function("() => document.querySelector('#sound').dataset.at !== undefined", timeout=30_000)
        went_to = float(page.evaluate("document.querySelector('#sound').dataset.at"))
        played = page.context.request.get(page.evaluate("document.querySelector('#sound').currentSrc")).body()
        page.close()
    assert abs(first_sound(played) - went_to) < 0.3
    assert abs(went_to - at / 1000) < 0.3


def test_a_review_from_flag_to_word_file(page: Page, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    left = page.locator("#left").inner_text()
    page.keyboard.press("n")
    page.keyboard.press("k")
    page.wait_for_function("(before) => document.querySelector('#left').innerText !== before", arg=left)
    page.locator(".statement button", has_text="Ändra").first.click()
    fill_dialog(page, "#field-text", "Ordföranden öppnar mötet och hälsar välkomna.")
    page.wait_for_selector("text=Ordföranden öppnar mötet och hälsar välkomna.")
    page.locator("#talk .who", has_text="Amina Yusuf").first.click()
    fill_dialog(page, "#field-name", "Amina Jusuf")
    page.wait_for_selector("#talk .who:has-text('Amina Jusuf')")
    page.click("#undo")
    page.wait_for_selector("#talk .who:has-text('Amina Yusuf')")
    page.select_option("#state-choice", "granskad")
    page.wait_for_selector("#state:has-text('granskad')")
    page.select_option("#state-choice", "färdigställd")
    page.wait_for_selector("#state.done")
    assert page.locator(".statement button", has_text="Ändra").count() == 0
    with page.expect_download() as download:
        page.click("#docx")
    document = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    text = "\n".join(p.text for p in document.paragraphs)
    assert "Ordföranden öppnar mötet och hälsar välkomna." in text
    assert "UTKAST" not in document.sections[0].header.paragraphs[0].text
    page.select_option("#state-choice", "utkast")
    page.wait_for_selector("#state:has-text('utkast')")


def test_a_remark_and_a_justerare(page: Page, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    page.click("#opinions summary")
    page.locator(".statement .text").first.click()
    page.click("#new-remark")
    fill_dialog(page, "#field-text", "Det var i Kalmar.")
    page.click("#remark-list button:has-text('Klar')")
    page.wait_for_selector("#remark-list .settled")
    page.click("#new-signer")
    fill_dialog(page, "#field-name", "Per Ek")
    page.click("#approval-list button:has-text('Justera')")
    page.wait_for_selector("#approval-list li:has-text('justerade 20')")
    accessible(page)


def test_an_item_is_written_again_after_a_correction(page: Page, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    page.locator("button", has_text="Skriv om punkten").first.click()
    page.wait_for_function("() => /samma sak igen|är omskriven/.test(document.querySelector('#message').innerText)", timeout=120_000)


def test_a_group_keeps_members_glossary_and_its_meetings(page: Page, address: str, reviewed: str) -> None:
    page.goto(f"{base(address)}/groups")
    page.fill("#name", "RAG nuklearmedicin")
    page.click("#new button")
    page.wait_for_url(re.compile(r"/g/\w+$"))
    group = page.url
    page.click("#add-member")
    page.fill("#members input[data-field=namn]", "Åsa Öberg")
    page.fill("#members input[data-field=ort]", "Kalmar")
    page.click("#add-term")
    page.fill("#terms input[data-field=skrivs]", "kolin-PET")
    page.fill("#terms input[data-field=hors]", "kulinpejte, kolin pett")
    page.fill("#dagordning", "Mötets öppnande\nLägesrapport\n- Kalmar")
    page.select_option("#mall", "beslutsprotokoll")
    page.click("#form button.button")
    page.wait_for_selector("#message:has-text('sparad')")
    accessible(page)
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    page.click("#of-group summary")
    page.select_option("#group", label="RAG nuklearmedicin")
    page.wait_for_selector("#of-group summary:has-text('RAG nuklearmedicin')")
    page.wait_for_selector("#talk .w")
    page.wait_for_function("() => document.querySelector('#docx').href.includes('beslutsprotokoll')")
    word = page.locator("#talk .w").nth(20)
    word.dblclick()
    page.fill("#field-meant", "Nordmyra")
    page.select_option("#field-keep", "ja")
    page.click("#dialog button[value=ok]")
    page.wait_for_selector("#talk .w:has-text('Nordmyra')")
    page.wait_for_timeout(500)
    page.goto(group)
    page.wait_for_selector("#terms tr")
    terms = dict(zip(*(page.locator(f"#terms input[data-field={f}]").evaluate_all("all => all.map(i => i.value)") for f in ("skrivs", "hors")), strict=True))
    assert terms == {"kolin-PET": "kulinpejte, kolin pett", "Nordmyra": ""}
    assert page.locator("table a", has_text="RAG nuklearmedicin").count() >= 1
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    page.click("#undo")


def test_what_may_be_learnt_of_a_meeting_is_chosen_by_its_group_and_struck_by_hand(page: Page, address: str, reviewed: str) -> None:
    page.goto(f"{base(address)}/groups")
    page.fill("#name", "Lärande grupp")
    page.click("#new button")
    page.wait_for_url(re.compile(r"/g/\w+$"))
    page.check("#lar_av_granskning")
    page.click("#form button.button")
    page.wait_for_selector("#message:has-text('sparad')")
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    page.click("#of-group summary")
    page.select_option("#group", label="Lärande grupp")
    page.wait_for_selector("#of-group summary:has-text('Lärande grupp')")
    page.wait_for_selector("#talk .w")
    for state in ("granskad", "färdigställd"):
        page.select_option("#state-choice", state)
        page.wait_for_selector(f"#state:has-text('{state}')")
    page.goto(f"{base(address)}/learning")
    page.locator("td a").first.click()
    page.wait_for_selector(".pair")
    accessible(page)
    page.locator(".pair button").first.click()
    page.wait_for_selector(".pair.struck button[aria-pressed=true]")
    page.reload()
    assert page.locator(".pair.struck").count() >= 1
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(reviewed)
    page.wait_for_selector("#state.done")
    page.select_option("#state-choice", "utkast")
    page.wait_for_selector("#state:has-text('utkast')")


def test_two_browsers_on_one_draft_tell_of_each_other(page: Page, browser: Browser, reviewed: str) -> None:
    page.goto(reviewed)
    page.wait_for_selector("#draft .statement")
    other = page.context.new_page()
    other.goto(reviewed)
    other.wait_for_selector("#draft .statement")
    page.locator(".statement button", has_text="Ta bort").first.click()
    page.wait_for_timeout(500)
    other.locator(".statement button", has_text="Ta bort").last.click()
    other.wait_for_selector("#message:has-text('Någon annan')")
    other.close()
    page.click("#undo")


def test_what_people_said_is_text_and_never_a_page(page: Page, address: str, tmp_path: Path) -> None:
    path = tmp_path / "ond.vtt"
    said = EVIL.replace("<", "&lt;").replace(">", "&gt;")
    path.write_text(f"WEBVTT\n\n00:01.000 --> 00:09.000\n<v Anna {said}>Då beslutar vi att köpa 15 {said} stolar till salen.</v>\n", "utf-8")
    upload(page, address, [path], f"Möte {EVIL}", f"1. Inköp {EVIL}\n2. Övrigt")
    page.wait_for_selector("#talk .turn", timeout=120_000)
    assert page.evaluate("document.querySelectorAll('main img').length") == 0
    page.goto(base(address))
    assert "stulen" not in page.title()
    assert page.evaluate("document.querySelectorAll('main img').length") == 0
