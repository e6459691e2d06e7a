"""The review page of a three-hour meeting: time until it can be used, click to sound, twenty reviewers at once, memory; and an upload of 2 GB.

    python bench/web.py

25,000 words of talk in 1,500 utterances with word times, 300 statements, and the sample's sound. Needs Chromium.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psutil
from playwright.sync_api import sync_playwright

from pipeline.archive import Archive
from pipeline.archive.drafts import add_revision
from pipeline.meeting import Draft, DraftSection, Evidence, Kind, Recording, Statement, Transcript, Utterance, Word
from pipeline.settings import Settings
from pipeline.stages.house_template import example_draft

SAMPLE = Path(__file__).parent.parent / "samples" / "mote" / "mote.m4a"
REVIEWERS, REQUESTS = 20, 15


def long_meeting() -> tuple[Draft, Transcript]:
    utterances, at = [], 0
    for n in range(1500):
        words = tuple(Word(start=at + 400 * i, end=at + 400 * i + 350, text=f"ord{(n + i) % 700}") for i in range(17))
        utterances.append(Utterance(start=at, end=at + 6800, speaker=f"Talare {n % 6 + 1}", text=" ".join(w.text for w in words), words=words))
        at += 7200
    draft = example_draft()
    statements = [Statement(id=f"s{n}", kind=Kind.INFORMATION, text=f"Upphandlingen nummer {n} pågår enligt plan och väntas bli klar vecka 12.",
                            evidence=(Evidence.of(utterances[n * 5 % 1500]),), made_by="compression") for n in range(300)]
    parts = len(draft.sections)
    sections = tuple(DraftSection(item=s.item, title=s.title, statements=tuple(statements[i::parts])) for i, s in enumerate(draft.sections))
    recording = (Recording(id="1", name="mote.m4a", duration=at),)
    return (draft.model_copy(update={"sections": sections, "recordings": recording, "speakers": {f"Talare {n}": f"Talare {n}" for n in range(1, 7)}}),
            Transcript(utterances=tuple(utterances), recordings=recording, duration=at))


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(archive_folder=Path(scratch) / "arkiv", cache_folder=Path(scratch) / "cache")
        archive = Archive(settings)
        meeting, _ = archive.add_meeting({"mote.m4a": SAMPLE}, title="Tre timmar", who="bench")
        with archive.session() as session:
            add_revision(session, meeting, *long_meeting())
        environment = {**os.environ, "PROTOKOLLIST_ARCHIVE_FOLDER": str(settings.archive_folder), "PROTOKOLLIST_CACHE_FOLDER": str(settings.cache_folder)}
        server = subprocess.Popen([sys.executable, "-m", "pipeline.cli", "serve", "--no-browser", "--no-work"], env=environment,
                                  stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        address = server.stdout.readline().split(": ", 1)[1].strip()
        base = address.split("/?")[0]
        try:
            rows = [*browse(address, f"{base}/m/{meeting}"), *load(address, base, meeting)]
            process = psutil.Process(server.pid)
            rows.append(("server's memory, MB", f"{megabytes(process):.0f}"))
            rows += upload(address, base, process)
        finally:
            server.terminate()
            server.wait()
    print("| measure | value |\n| --- | --- |")
    for name, value in rows:
        print(f"| {name} | {value} |")
    return 0


def megabytes(process: psutil.Process) -> float:
    """What a process holds in memory."""
    return float(process.memory_info().rss / 2**20)


def signed_in(address: str) -> dict[str, str]:
    """The cookies of a browser that has opened the address with its token."""
    with httpx.Client(follow_redirects=True) as first:
        first.get(address)
        return dict(first.cookies)


def upload(address: str, base: str, process: psutil.Process) -> list[tuple[str, str]]:
    """An upload of 2 GB in pieces, as the page sends it, cut off once and taken up again."""
    piece, pieces = os.urandom(4 * 2**20), 512
    before = most = megabytes(process)
    tus = {"X-Protokollist": "1", "Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
    began = time.perf_counter()
    with httpx.Client(cookies=signed_in(address), headers=tus, timeout=60) as client:
        made = client.post(f"{base}/files", headers={"Upload-Length": str(len(piece) * pieces), "Upload-Metadata": "filename bW90ZS5tcDQ="})
        place = f"{base}{made.headers['Location']}"
        for number in range(pieces):
            at = number * len(piece)
            if number == pieces // 2:  # the line broke: what had come is asked for
                at = int(client.head(place).headers["Upload-Offset"])
            client.patch(place, headers={"Upload-Offset": str(at)}, content=piece).raise_for_status()
            most = max(most, megabytes(process))
        seconds = time.perf_counter() - began
        client.delete(place)
    return [("upload of 2 GB, MB/s", f"{len(piece) * pieces / 2**20 / seconds:.0f}"), ("server's memory while it comes, MB more", f"{most - before:.0f}")]


def browse(address: str, url: str) -> list[tuple[str, str]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"),
                                             args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        page = browser.new_page()
        page.goto(address)
        times = []
        for _ in range(3):
            began = time.perf_counter()
            page.goto(url)
            page.wait_for_selector("#talk .turn:nth-child(1500)")
            page.evaluate("() => new Promise(requestAnimationFrame)")
            times.append(time.perf_counter() - began)
        page.wait_for_function("() => document.querySelector('#sound').readyState >= 3", timeout=60_000)
        clicks = []
        for n in (3, 9, 14):
            clicks.append(page.evaluate("""(n) => new Promise((done) => {
                const sound = document.querySelector('#sound'); sound.pause();
                const began = performance.now();
                sound.addEventListener('timeupdate', () => done(performance.now() - began), { once: true });
                document.querySelectorAll('#talk .w')[n * 17].click(); })""", n))
        browser.close()
    return [("page usable, s (median of 3)", f"{statistics.median(times):.2f}"), ("click to sound, ms (median of 3)", f"{statistics.median(clicks):.0f}")]


def load(address: str, base: str, meeting: str) -> list[tuple[str, str]]:
    cookies = signed_in(address)

    def reviewer(number: int) -> list[float]:
        times = []
        with httpx.Client(cookies=cookies, headers={"X-Protokollist": "1"}, timeout=60) as client:
            for n in range(REQUESTS):
                began = time.perf_counter()
                client.get(f"{base}/m/{meeting}" if n % 3 else f"{base}/")
                times.append(time.perf_counter() - began)
                time.sleep(0.5)
        return times

    with ThreadPoolExecutor(REVIEWERS) as pool:
        times = sorted(t for found in pool.map(reviewer, range(REVIEWERS)) for t in found)
    return [(f"{REVIEWERS} reviewers reading, 95th percentile, ms", f"{times[int(len(times) * 0.95)] * 1000:.0f}")]


if __name__ == "__main__":
    sys.exit(main())
