"""Throughput of the backlog with 1, 2 and 3 workers, and what the queue itself costs.

    python bench/backlog.py [RECORDING] [--meetings N] [--workers 1,2,3] [--database URL] [--kills 50]

Every meeting is the same recording under another agenda, so that each is heard and written in full (a cache of
its own each). Threads a worker are set so that the cores are not oversubscribed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select, update

from pipeline.archive import Archive
from pipeline.archive.archive import OPEN
from pipeline.archive.tables import Job, Lease, Meeting, Revision, StageResult, now
from pipeline.backlog import Submitter, Waiting
from pipeline.settings import Settings


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    """A worker on the archive of the settings, in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "pipeline.cli", "worker"], env=settings.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(recording: Path, count: int, workers: int, database: str | None, folder: Path) -> tuple[float, float]:
    """(seconds in all, seconds of the stages' own work)."""
    threads = max(1, (os.cpu_count() or 1) // workers)
    settings = Settings(archive_folder=folder / "arkiv", cache_folder=folder / "cache", threads=threads, database_url=database)
    archive = Archive(settings)
    submitter = Submitter(archive)
    for n in range(count):
        place = folder / f"m{n}"
        place.mkdir()
        copy = place / recording.name
        copy.write_bytes(recording.read_bytes() + bytes([n]))  # another content: nothing is taken from the cache
        submitter.add(Waiting(f"m{n}", None, {recording.name: copy}), who="bench")
    began = time.perf_counter()
    processes = [start_worker(settings) for _ in range(workers)]
    while any(j.status in OPEN for j in archive.jobs()):
        time.sleep(0.5)
    seconds = time.perf_counter() - began
    for process in processes:
        process.terminate()
        process.wait()
    assert all(j.status == "klar" for j in archive.jobs()), [j.error for j in archive.jobs()]
    return seconds, sum(t for _, _, t in archive.stage_times())


TALK = "WEBVTT\n\n00:01.000 --> 00:09.000\n<v Anna Berg>Då öppnar jag mötet. Vi beslutar att köpa {n} stolar till salen.</v>\n"


def kills(times: int, count: int, database: str | None, folder: Path) -> dict[str, int]:
    """Kill a worker ``times`` times at random moments over ``count`` short meetings, then let one finish; what was stored."""
    settings = Settings(archive_folder=folder / "arkiv", cache_folder=folder / "cache", threads=1, database_url=database, language_model="none")
    archive = Archive(settings)
    submitter = Submitter(archive)
    rng, waiting = random.Random(1), list(range(count))

    def arrive(share: float) -> None:
        while waiting and count - len(waiting) <= share * count:  # meetings come while workers die
            n = waiting.pop(0)
            path = folder / f"{n}.vtt"
            path.write_text(TALK.format(n=n + 13), "utf-8")
            submitter.add(Waiting(f"m{n}", None, {path.name: path}), who="bench")

    for kill in range(times):
        arrive(kill / times)
        process = start_worker(settings)
        time.sleep(rng.uniform(1.0, 5.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        with archive.session() as session:  # as if the silence had lasted until a worker counts as dead
            session.execute(update(Lease).values(seen=now() - dt.timedelta(seconds=60)))
    arrive(1.0)
    process = start_worker(settings)
    end = time.monotonic() + 300
    while any(j.status in OPEN for j in archive.jobs()) and time.monotonic() < end:
        time.sleep(0.5)
    process.terminate()
    process.wait()
    with archive.session() as session:
        stored = {name: session.scalar(select(func.count()).select_from(table)) or 0 for name, table in (("drafts", Revision), ("stages", StageResult))}
    submitter.close()
    return {"kills": times, "meetings": count, "finished": sum(j.status == "klar" for j in archive.jobs()), **stored}


def listing(count: int, folder: Path) -> float:
    """Seconds to list ``count`` queued meetings."""
    archive = Archive(Settings(archive_folder=folder / "arkiv", cache_folder=folder / "cache"))
    with archive.session() as session:
        session.add_all(Meeting(id=f"{n:032d}", key=f"{n:064d}", title=f"Möte {n}", state="utkast", legal_hold=False) for n in range(count))
        session.flush()
        session.add_all(Job(id=f"{n:032d}", meeting_id=f"{n:032d}", status="väntar", priority=10, options={}) for n in range(count))
    began = time.perf_counter()
    assert len(archive.jobs()) == count
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path, nargs="?", help="left out: no throughput")
    parser.add_argument("--meetings", type=int, default=4)
    parser.add_argument("--workers", default="1,2,3")
    parser.add_argument("--database")
    parser.add_argument("--kills", type=int, default=0, help="kill workers so many times over 10 short meetings")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        print(f"10,000 queued meetings listed in {listing(10_000, Path(scratch)):.2f} s", flush=True)
    if args.kills:
        with tempfile.TemporaryDirectory() as scratch:
            print(kills(args.kills, 10, args.database, Path(scratch)), flush=True)
    if args.recording is None:
        return 0
    print("| workers | meetings | seconds | meetings/hour | work of the stages, s |\n| --- | --- | --- | --- | --- |")
    for workers in map(int, args.workers.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            seconds, work = run(args.recording, args.meetings, workers, args.database, Path(scratch))
        print(f"| {workers} | {args.meetings} | {seconds:.0f} | {args.meetings / seconds * 3600:.0f} | {work:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
