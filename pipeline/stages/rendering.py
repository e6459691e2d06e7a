"""Fill in a Word template that somebody uploaded, in a process of its own: ``python -m pipeline.stages.rendering SCRATCH``.

Jinja2's sandbox keeps a template from reaching the machine, but not from counting for ever or from being a zip that unpacks to
gigabytes; here memory and time are bounded, and whatever a template does, the program that asked lives on. In the scratch folder lie
``mall.docx`` and, to fill in, ``utkast.json``; the result is ``ut.docx``, and what is to be told is a line of JSON on standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from pipeline.errors import DocumentError, ProtokollistError
from pipeline.limits import bound_this_process
from pipeline.meeting import Draft
from pipeline.stages.house_template import TemplateReport, check_template
from pipeline.stages.render import Look, render_docx

MEMORY = 2 * 2**30  # bytes of address space
SECONDS = 30
_TOO_MUCH = "Mallen kräver orimligt mycket tid eller minne. Gör den enklare: inga slingor i slingor, inga stora bilder."
_TEMPLATE, _DRAFT, _OUT = "mall.docx", "utkast.json", "ut.docx"


def _in_child(template: bytes, draft: Draft | None) -> tuple[dict[str, object], bytes]:
    """(what was told, the Word file). Raises DocumentError."""
    with tempfile.TemporaryDirectory(prefix="protokollist-mall-") as scratch:
        folder = Path(scratch)
        (folder / _TEMPLATE).write_bytes(template)
        if draft:
            (folder / _DRAFT).write_text(draft.model_dump_json(), "utf-8")
        try:
            done = subprocess.run([sys.executable, "-m", "pipeline.stages.rendering", scratch], capture_output=True, text=True,
                                  timeout=2 * SECONDS, check=False)
            told = json.loads(done.stdout.strip().splitlines()[-1])
        except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
            raise DocumentError(_TOO_MUCH) from error
        if "refused" in told:
            raise DocumentError(str(told["refused"]))
        out = folder / _OUT
        return told, out.read_bytes() if out.is_file() else b""


def checked(template: bytes) -> tuple[TemplateReport, bytes]:
    """What is wrong with a Word template, and a preview where nothing is. Raises DocumentError when it is none or cannot be read."""
    told, preview = _in_child(template, None)
    return TemplateReport(tuple(told["unknown"]), dict(told["missing"])), preview  # type: ignore[call-overload,arg-type]


def rendered(draft: Draft, template: bytes) -> bytes:
    """The draft in a Word template. Raises DocumentError."""
    return _in_child(template, draft)[1]


def main() -> int:
    folder = Path(sys.argv[1])
    template, draft, out = (folder / name for name in (_TEMPLATE, _DRAFT, _OUT))
    bound_this_process(MEMORY, SECONDS)
    try:
        if draft.is_file():
            render_docx(Draft.model_validate_json(draft.read_bytes()), Look(str(template), evidence=False), out)
            told: dict[str, object] = {}
        else:
            told = asdict(check_template(template, out))
    except ProtokollistError as error:
        told = {"refused": str(error)}
    except (MemoryError, OverflowError, RecursionError):  # the sandbox raises the second for too long a range
        told = {"refused": _TOO_MUCH}
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
