"""Decode one recording in a process of its own: ``python -m pipeline.stages.decoding SOURCE TARGET``.

Recordings are untrusted, and decoders are large programs in C: whatever a file makes them do, the program that asked lives on, and
memory, processor time and the size of what is written are bounded (where the system has such limits). Tells how it goes by lines of
JSON on standard output: ``{"progress": 0.5}``, and last ``{"problems": […]}``, ``{"refused": "…"}`` or ``{"full": "…"}``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline.errors import RecordingError
from pipeline.limits import bound_this_process
from pipeline.stages.ingest import LONGEST_HOURS, SAMPLE_RATE, read_samples

MEMORY = 4 * 2**30  # bytes of address space
PROCESSOR_SECONDS = 3 * 3600
LARGEST = LONGEST_HOURS * 3600 * SAMPLE_RATE * 2  # bytes of sound
STEP = 0.01  # of progress between two lines


def _tell(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> int:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    bound_this_process(MEMORY, PROCESSOR_SECONDS)
    told = 0.0

    def progress(share: float) -> None:
        nonlocal told
        if share - told >= STEP:
            told = share
            _tell(progress=share)

    problems: list[str] = []
    try:
        with target.open("wb") as out:
            written = 0
            for chunk in read_samples(source, progress, problems):
                written += len(chunk)
                if written > LARGEST:
                    raise RecordingError(f"Inspelningen {source.name} är längre än {LONGEST_HOURS} timmar.")
                out.write(chunk)
    except RecordingError as error:
        _tell(refused=str(error))
        return 1
    except MemoryError:
        _tell(refused=f"Inspelningen {source.name} kräver orimligt mycket minne för att läsas. Spara om den som .mp4 eller .wav och försök igen.")
        return 1
    except OSError as error:
        _tell(full=error.strerror or str(error))
        return 1
    _tell(problems=problems)
    return 0


if __name__ == "__main__":
    sys.exit(main())
