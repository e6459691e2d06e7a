"""Resumable uploads: the tus protocol 1.0 (creation, termination), in memory no more than a block at a time."""

from __future__ import annotations

import base64
import json
import re
import shutil
import time
import uuid
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response

from pipeline.archive.archive import safe_name

VERSION = "1.0.0"
LARGEST = 8 * 2**30
ROOM = 512 * 2**20  # that must stay free on the disk
KEPT = 7 * 24 * 3600  # seconds that an unfinished upload waits for its rest
_ID = re.compile(r"^[0-9a-f]{32}$")


class Uploads:
    """Unfinished and finished uploads in a folder, each as a file of bytes with a note beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for note in folder.glob("*.json"):
            if time.time() - note.stat().st_mtime > KEPT:
                self.remove(note.stem)

    def path(self, upload: str) -> Path:
        """The bytes of an upload. Raises HTTPException 404 when there is none."""
        path = self.folder / f"{upload}.bin"
        if not _ID.match(upload) or not path.is_file():
            raise HTTPException(404, "Uppladdningen finns inte.")
        return path

    def note(self, upload: str) -> tuple[str, int]:
        """(file name, size in bytes when finished)."""
        self.path(upload)
        row = json.loads((self.folder / f"{upload}.json").read_text("utf-8"))
        return row["name"], row["size"]

    def create(self, name: str, size: int) -> str:
        if shutil.disk_usage(self.folder).free - size < ROOM:
            raise HTTPException(507, "Det finns inte plats på disken för filen.")
        upload = uuid.uuid4().hex
        (self.folder / f"{upload}.bin").touch()
        (self.folder / f"{upload}.json").write_text(json.dumps({"name": safe_name(name), "size": size}), "utf-8")
        return upload

    def remove(self, upload: str) -> None:
        for ending in ("bin", "json"):
            (self.folder / f"{upload}.{ending}").unlink(missing_ok=True)

    def complete(self, upload: str) -> tuple[str, Path]:
        """(file name, path) of a finished upload. Raises HTTPException 409 when bytes are missing."""
        name, size = self.note(upload)
        path = self.path(upload)
        if path.stat().st_size != size:
            raise HTTPException(409, f"{name} är inte färdiguppladdad.")
        return name, path


def _metadata(header: str) -> dict[str, str]:
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8", errors="replace")
        except ValueError:
            continue
    return found


def routes(uploads: Uploads) -> APIRouter:
    """The tus endpoints under /files."""
    router = APIRouter()
    common = {"Tus-Resumable": VERSION}

    @router.options("/files")
    def options() -> Response:
        return Response(status_code=204, headers={**common, "Tus-Version": VERSION, "Tus-Extension": "creation,termination", "Tus-Max-Size": str(LARGEST)})

    @router.post("/files")
    def create(request: Request) -> Response:
        length = request.headers.get("Upload-Length", "")
        if not length.isdigit() or not 0 < int(length) <= LARGEST:
            raise HTTPException(413 if length.isdigit() else 400, "Filen är tom eller för stor (högst 8 GB).")
        upload = uploads.create(_metadata(request.headers.get("Upload-Metadata", "")).get("filename", "fil"), int(length))
        return Response(status_code=201, headers={**common, "Location": f"/files/{upload}"})

    @router.head("/files/{upload}")
    def offset(upload: str) -> Response:
        _, size = uploads.note(upload)
        return Response(headers={**common, "Upload-Offset": str(uploads.path(upload).stat().st_size), "Upload-Length": str(size)})

    @router.patch("/files/{upload}")
    async def append(upload: str, request: Request) -> Response:
        _, size = uploads.note(upload)
        path = uploads.path(upload)
        if request.headers.get("Content-Type") != "application/offset+octet-stream":
            raise HTTPException(415, "Fel innehållstyp.")
        if request.headers.get("Upload-Offset") != str(path.stat().st_size):
            raise HTTPException(409, "Uppladdningen fortsätter från fel ställe.")
        at = path.stat().st_size
        with path.open("ab") as out:
            async for block in request.stream():
                at += len(block)
                if at > size:
                    raise HTTPException(413, "Mer kom än vad som sagts.")
                out.write(block)
                out.flush()
        return Response(status_code=204, headers={**common, "Upload-Offset": str(at)})

    @router.delete("/files/{upload}")
    def terminate(upload: str) -> Response:
        uploads.path(upload)
        uploads.remove(upload)
        return Response(status_code=204, headers=common)

    return router
