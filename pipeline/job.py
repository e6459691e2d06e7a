"""One stage of one job, in a process of its own: it can be stopped, and takes no worker with it when it dies.

    python -m pipeline.job hear|write JOB WORKER

Progress and the error, if any, are lines of JSON on stderr; the exit code is that of the command line.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path

from models.loading import keep_offline

keep_offline()

from pipeline.archive import Archive  # noqa: E402
from pipeline.archive.archive import JobView, safe_name  # noqa: E402
from pipeline.archive.drafts import add_revision  # noqa: E402
from pipeline.errors import ProtokollistError  # noqa: E402
from pipeline.gather import gather  # noqa: E402
from pipeline.progress import Plain  # noqa: E402
from pipeline.run import Options, Run, write_draft  # noqa: E402
from pipeline.settings import Settings  # noqa: E402
from pipeline.stages.render import DEFAULT_TEMPLATE, Look  # noqa: E402

HEAR, WRITE = "hear", "write"


def _end_with_parent() -> None:
    """End this process when the worker that started it is gone: its work is somebody else's by then."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def carry_out(stage: str, job: JobView, worker: str, archive: Archive) -> None:
    """Hear or write. Raises ProtokollistError. The result is stored once, with the mark that the stage is done."""
    options = job.options
    run = Run(archive.settings, Options(
        speech_model=str(options.get("model", "auto")), language_model=str(options.get("language_model", "auto"))), Plain("json"))
    began = time.perf_counter()
    with archive.material(job.meeting_id) as folder:
        found = gather(folder)
        if stage == HEAR:
            run.hear(found)
            with archive.session() as session:
                archive.finish_stage(session, job.id, job.run, stage, worker, time.perf_counter() - began)
            return
        drafted = run.draft(found)
    with archive.session() as session:
        if archive.finish_stage(session, job.id, job.run, stage, worker, time.perf_counter() - began):
            add_revision(session, job.meeting_id, drafted.draft, drafted.transcript)
    meeting = drafted.draft.meeting
    archive.set_title(job.meeting_id, job.title if job.title and job.title != "Möte" else meeting.title,
                      meeting.date.isoformat() if meeting.date else None)
    if out := options.get("out"):
        day = f"{meeting.date.isoformat()} " if meeting.date else ""
        template = str(options.get("template") or found.sources.group.mall or DEFAULT_TEMPLATE)
        write_draft(drafted, Path(str(out)) / safe_name(f"{day}{job.title} {job.meeting_id[:6]}"), Look(template))


def main() -> int:
    stage, job_id, worker = sys.argv[1:4]
    _end_with_parent()
    try:
        archive = Archive(Settings())
        carry_out(stage, archive.job(job_id), worker, archive)
    except ProtokollistError as error:
        print(json.dumps({"error": str(error)}), file=sys.stderr, flush=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
