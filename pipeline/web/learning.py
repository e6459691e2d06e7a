"""The pages on which an administrator looks through what may be learnt from reviews, strikes out and exports."""

from __future__ import annotations

import json

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from pipeline.archive import Archive, audit, learning
from pipeline.archive.access import Person
from pipeline.errors import AccessError
from pipeline.web.security import Page, attachment, visitor

LATEST = 2_000_000_000  # ms that a column holds: three weeks


class Strike(BaseModel):
    """From and to, in milliseconds on the meeting's clock, and whether that is left out."""

    start: int = Field(ge=0)
    end: int = Field(le=LATEST)
    struck: bool


def _administrator(request: Request) -> Person:
    """Whom a request is from, if they may see every meeting. Raises AccessError."""
    person = visitor(request)
    if not person.everything:
        raise AccessError("Bara en administratör ser vad programmet får lära av.")
    return person


def routes(archive: Archive, page: Page) -> APIRouter:
    """Learning: the meetings, the pairs of one, what is struck, the file. Raises what ``pipeline.archive.learning`` raises."""
    router = APIRouter()

    @router.get("/learning")
    def listed(who: Person = Depends(_administrator)) -> HTMLResponse:
        return page("learning.html", who, meetings=learning.all_pairs(archive))

    @router.get("/learning/pairs.jsonl")
    def exported(who: Person = Depends(_administrator)) -> Response:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in learning.export(archive, who.key))
        return Response(lines, media_type="application/x-ndjson", headers={"Content-Disposition": attachment("par för träning.jsonl")})

    @router.get("/learning/{meeting_id}")
    def one(meeting_id: str, who: Person = Depends(_administrator)) -> HTMLResponse:
        pairs = learning.pairs_of(archive, meeting_id)
        with archive.session() as session:
            audit.record(session, who.key, "läst", meeting_id, "par")
        return page("learning_meeting.html", who, meeting=archive.meeting(meeting_id), pairs=pairs)

    @router.post("/api/learning/{meeting_id}", status_code=204)
    def strike(meeting_id: str, given: Strike, who: Person = Depends(_administrator)) -> None:
        learning.strike(archive, meeting_id, given.start, given.end, given.struck, who.key)

    return router
