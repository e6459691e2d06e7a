"""Throughput of the backlog with 1, 2 and 3 workers, and what the queue itself costs.

    python bench/backlog.py RECORDING [--meetings N] [--workers 1,2,3] [--database URL]

Every meeting is the same recording under another agenda, so that each is heard and written in full (a cache of
its own each). Threads a worker are set so that the cores are not oversubscribed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.archive import Archive
from pipeline.archive.archive import OPEN
from pipeline.backlog import Submitter, Waiting
from pipeline.settings import Settings


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
    environment = {**os.environ, "PROTOKOLLIST_ARCHIVE_FOLDER": str(settings.archive_folder),
                   "PROTOKOLLIST_CACHE_FOLDER": str(settings.cache_folder), "PROTOKOLLIST_THREADS": str(threads),
                   **({"PROTOKOLLIST_DATABASE_URL": database} if database else {})}
    began = time.perf_counter()
    processes = [subprocess.Popen([sys.executable, "-m", "pipeline.cli", "worker"], env=environment, stdout=subprocess.DEVNULL) for _ in range(workers)]
    while any(j.status in OPEN for j in archive.jobs()):
        time.sleep(0.5)
    seconds = time.perf_counter() - began
    for process in processes:
        process.terminate()
        process.wait()
    assert all(j.status == "klar" for j in archive.jobs()), [j.error for j in archive.jobs()]
    return seconds, sum(t for _, _, t in archive.stage_times())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--meetings", type=int, default=4)
    parser.add_argument("--workers", default="1,2,3")
    parser.add_argument("--database")
    args = parser.parse_args()
    print("| workers | meetings | seconds | meetings/hour | work of the stages, s | beside the work, s a meeting |\n| --- | --- | --- | --- | --- | --- |")
    for workers in map(int, args.workers.split(",")):
        with tempfile.TemporaryDirectory() as scratch:
            seconds, work = run(args.recording, args.meetings, workers, args.database, Path(scratch))
        beside = f"{(seconds - work) / args.meetings:.1f}" if workers == 1 else "–"
        print(f"| {workers} | {args.meetings} | {seconds:.0f} | {args.meetings / seconds * 3600:.0f} | {work:.0f} | {beside} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
