"""Write one item of a reviewed draft anew, in a process of its own, as a change to the draft.

    python -m pipeline.again MEETING VERSION WHO < ITEM

The exit code and the error on stderr are those of the command line.
"""

from __future__ import annotations

import json
import subprocess
import sys

from models.loading import keep_offline

keep_offline()

from pipeline.archive import Archive  # noqa: E402
from pipeline.archive.reviews import Review, change, current, ensure_seen  # noqa: E402
from pipeline.errors import ConflictError, ProtokollistError, UsageError  # noqa: E402
from pipeline.gather import gather  # noqa: E402
from pipeline.review import Redraft  # noqa: E402
from pipeline.run import Options, Run  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

SECONDS = 600


def write_again(archive: Archive, meeting_id: str, version: str, item: str | None, who: str) -> None:
    """Make the change. Raises UsageError when the machine would write the same, ConflictError when somebody was first."""
    review, job = current(archive, meeting_id), archive.job_of(meeting_id)
    ensure_seen(review.version, version)
    chosen = str(job.options.get("language_model", "auto")) if job else "auto"
    with archive.material(meeting_id) as folder:
        group = gather(folder).sources.group
    run = Run(archive.settings, Options(language_model=chosen))
    written = run.write_item(review.draft.meeting, review.transcript, item, group)
    before = next((s.statements for s in review.draft.sections if s.item == item), ())
    if {s.text for s in written} == {s.text for s in before if s.made_by != "person"}:
        raise UsageError("Maskinen skriver samma sak igen. Rätta först ord eller talare i samtalet.")
    change(archive, meeting_id, version, Redraft(item=item, statements=written), who)


def in_child(archive: Archive, meeting_id: str, version: str, item: str | None, who: str) -> Review:
    """``write_again`` in a process of its own, which gives the model's memory back. Raises ProtokollistError."""
    try:
        done = subprocess.run([sys.executable, "-m", "pipeline.again", meeting_id, version, who], input=json.dumps(item), text=True, timeout=SECONDS,
                              capture_output=True, env=archive.settings.environment(), check=False)
    except subprocess.TimeoutExpired as error:
        raise UsageError("Det tog för lång tid att skriva punkten igen. Försök när datorn har mindre att göra.") from error
    if done.returncode == 0:
        return current(archive, meeting_id)
    try:
        told = json.loads(done.stderr.strip().splitlines()[-1])
    except (ValueError, IndexError):
        told = {"error": "Punkten kunde inte skrivas igen: arbetet avbröts oväntat. Försök igen."}
    raise (ConflictError if told.get("conflict") else UsageError)(str(told["error"]))


def main() -> int:
    meeting_id, version, who = sys.argv[1:4]
    try:
        archive = Archive(Settings())
        write_again(archive, meeting_id, version, json.load(sys.stdin), who)
    except ProtokollistError as error:
        print(json.dumps({"error": str(error), "conflict": isinstance(error, ConflictError)}), file=sys.stderr, flush=True)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
