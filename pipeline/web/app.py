"""The web application: pages, the JSON that the review page speaks, uploads, progress and downloads."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Literal

from fastapi import BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, StreamingResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from pipeline import mail
from pipeline.again import in_child
from pipeline.agenda import parse_agenda
from pipeline.archive import Archive, access, approval, audit
from pipeline.archive import groups as stored_groups
from pipeline.archive.access import RIGHTS, Person, Right
from pipeline.archive.archive import INTERACTIVE, OPEN, kind_of
from pipeline.archive.reviews import Review, change, current, history, set_state
from pipeline.backlog import Submitter
from pipeline.errors import AccessError, ArchiveError, ConflictError, ProtokollistError, UsageError
from pipeline.meeting import LOW_PROBABILITY, Flag, Kind
from pipeline.stages.render import DEFAULT_TEMPLATE, Look, owner_name, render_docx, render_pdf, render_text, review_points, statement_text
from pipeline.stages.rendering import rendered
from pipeline.swedish.messages import LABELS, STAGES
from pipeline.web import groups as group_pages
from pipeline.web import learning as learning_pages
from pipeline.web.groups import DOCX
from pipeline.web.listening import listening_files
from pipeline.web.security import Entrance, Gate, attachment, visitor, wanted_version
from pipeline.web.team import SignInDesk
from pipeline.web.uploads import Uploads, routes

HERE = Path(__file__).parent
OWN_TEMPLATE = "grupp"  # in the address of a download: the Word template of the meeting's group
TICK = 1.0  # seconds between looks at the queue
MEDIA = {"docx": DOCX, "md": "text/markdown; charset=utf-8",
         "html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_STATUS = {ConflictError: 412, AccessError: 403, ArchiveError: 404, UsageError: 422}


class NewMeeting(BaseModel):
    """What the upload page sends: finished uploads, a title, and an agenda that was typed."""

    uploads: list[str] = Field(min_length=1, max_length=40)
    title: str = Field(default="", max_length=200)
    group: str = Field(default="", max_length=32)
    agenda: str = Field(default="", max_length=100_000)


class NewState(BaseModel):
    state: str


class Named(BaseModel):
    """A justerare."""

    name: str = Field(max_length=200)


class NewRemark(BaseModel):
    text: str = Field(max_length=4000)
    who: str = Field(default="", max_length=200)
    statement: str | None = Field(default=None, max_length=80)


class LastDay(BaseModel):
    until: str | None = None


class NewShare(BaseModel):
    """Whom a meeting is opened to; without a role it is closed to them."""

    email: str = Field(max_length=320)
    role: str | None = None


class OfGroup(BaseModel):
    """Which group a meeting is of, or none."""

    group: str | None = Field(default=None, max_length=32)


class ItemAgain(BaseModel):
    item: str | None = None


def create_app(archive: Archive, entrance: Entrance, hosts: tuple[str, ...] = ("127.0.0.1", "localhost")) -> FastAPI:
    """The application behind an entrance. On a team's server (``SignInDesk``) meetings are shared by role."""
    app = FastAPI(title="Protokollist", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(Gate(hosts, entrance))
    desk = entrance if isinstance(entrance, SignInDesk) else None
    submitter = Submitter(archive)
    uploads = Uploads(archive.settings.archive_folder / "uppladdning")
    app.include_router(routes(uploads))
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    pages = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True)

    if desk:
        desk.install(app, pages)

    def page(name: str, person: Person, **values: Any) -> HTMLResponse:
        return HTMLResponse(pages.get_template(name).render(stages=STAGES, signed_in=person.name if desk else "", **values))

    app.include_router(group_pages.routes(archive, page))
    app.include_router(learning_pages.routes(archive, page))

    def note(person: Person, action: str, meeting_id: str, detail: str = "") -> None:
        with archive.session() as session:
            audit.record(session, person.key, action, meeting_id, detail)

    def may(right: Right) -> Callable[[str, Request], Person]:
        """Whom a request on a meeting is from, when their role there holds the right. Raises ArchiveError, AccessError."""
        def check(meeting_id: str, request: Request) -> Person:
            person = visitor(request)
            access.demand(archive, person, meeting_id, right)
            return person

        return check

    @app.exception_handler(ProtokollistError)
    async def told(request: Request, error: ProtokollistError) -> Response:
        status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 400)
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(pages.get_template("error.html").render(message=str(error)), status)
        return JSONResponse({"error": str(error)}, status)

    # ---------------------------------------------------------- pages

    @app.get("/")
    def meetings(q: str = "", who: Person = Depends(visitor)) -> HTMLResponse:
        listed = archive.meetings(search=q, limit=500, seen_by=who.seen_by)
        jobs = {j.meeting_id: j for j in archive.jobs(meetings=[m.id for m in listed])}
        return page("meetings.html", who, meetings=listed, jobs=jobs, q=q)

    @app.get("/tasks")
    def tasks(q: str = "", who: Person = Depends(visitor)) -> HTMLResponse:
        found = [t for t in archive.tasks(seen_by=who.seen_by) if q.casefold() in f"{t.owner} {t.text} {t.title}".casefold()]
        note(who, "läst", "", "åtgärder")
        return page("tasks.html", who, tasks=found, q=q)

    @app.get("/upload")
    def upload(who: Person = Depends(visitor)) -> HTMLResponse:
        return page("upload.html", who, groups=stored_groups.groups(archive, who))

    @app.get("/m/{meeting_id}")
    def review(meeting_id: str, who: Person = Depends(may(Right.READ))) -> HTMLResponse:
        meeting, job = archive.meeting(meeting_id), archive.job_of(meeting_id)
        note(who, "läst", meeting_id)
        if job and job.status != "klar":
            return page("waiting.html", who, meeting=meeting, job=job)
        known = stored_groups.groups(archive, who)
        return page("review.html", who, meeting=meeting, team=desk is not None, roles=list(RIGHTS), kinds=[k.value for k in Kind], labels=list(LABELS),
                    groups=known, group=next((g for g in known if g.id == meeting.group), None))

    @app.get("/m/{meeting_id}/history")
    def changes(meeting_id: str, who: Person = Depends(may(Right.READ))) -> HTMLResponse:
        return page("history.html", who, meeting=archive.meeting(meeting_id), lines=history(archive, meeting_id))

    # ---------------------------------------------------------- new meetings

    @app.post("/api/meetings", status_code=201)
    def add(new: NewMeeting, who: Person = Depends(visitor)) -> dict[str, str]:
        finished = [uploads.complete(u) for u in new.uploads]
        if not any(kind_of(name) in ("recording", "transcript") or name.endswith(".docx") for name, _ in finished):
            raise UsageError("Lägg till en inspelning (.mp4, .m4a …) eller ett transkript (.vtt eller .docx).")
        if new.agenda.strip() and not len(parse_agenda(new.agenda).agenda):
            raise UsageError("Dagordningen har inga punkter. Skriv dem som ”1. Mötets öppnande”, en per rad.")
        if new.group:
            stored_groups.group(archive, new.group, who)
        title = new.title.strip() or Path(finished[0][0]).stem
        with tempfile.TemporaryDirectory(prefix="protokollist-") as scratch:
            material = dict(finished)
            if new.agenda.strip():
                typed = Path(scratch) / "dagordning.md"
                typed.write_text(f"# Dagordning\n\n{new.agenda}\n", "utf-8")
                material["dagordning.md"] = typed
            meeting, _ = archive.add_meeting(material, title=title, who=who.key, move=True)
        for u in new.uploads:
            uploads.remove(u)
        if not access.rights(archive, who, meeting):
            raise AccessError("Samma material har redan lämnats in av någon annan. Be den personen dela mötet med dig.")
        if new.group:
            stored_groups.place(archive, meeting, new.group, who)
        submitter.submit(meeting, who=who.key, priority=INTERACTIVE)
        return {"meeting": meeting}

    @app.post("/api/m/{meeting_id}/cancel", status_code=204)
    def cancel(meeting_id: str, who: Person = Depends(may(Right.CHANGE))) -> None:
        if job := archive.job_of(meeting_id):
            submitter.cancel(job)

    @app.post("/api/m/{meeting_id}/retry", status_code=204)
    def retry(meeting_id: str, who: Person = Depends(may(Right.CHANGE))) -> None:
        if job := archive.job_of(meeting_id):
            submitter.retry(job, who.key)

    @app.get("/api/events")
    async def events(request: Request, who: Person = Depends(visitor)) -> StreamingResponse:
        async def stream() -> AsyncIterator[str]:
            told: dict[str, str] = {}
            while not await request.is_disconnected():
                for job in await run_in_threadpool(archive.jobs, status=OPEN, ids=list(told), seen_by=who.seen_by):
                    row = json.dumps({"meeting": job.meeting_id, "status": job.status, "stage": STAGES.get(job.stage or "", ""),
                                      "percent": job.percent, "error": job.error}, ensure_ascii=False)
                    if told.get(job.id) != row:
                        yield f"data: {row}\n\n"
                    told[job.id] = row
                await asyncio.sleep(TICK)

        return StreamingResponse(stream(), media_type="text/event-stream")

    # ---------------------------------------------------------- review

    def answer(review: Review, person: Person) -> JSONResponse:
        held = access.rights(archive, person, review.meeting_id)
        more = {"opinions": _opinions(approval.opinions(archive, review.meeting_id)), "rights": sorted(r.name for r in held),
                "shares": access.shares(archive, review.meeting_id) if desk else []}
        return JSONResponse(_payload(review) | more, headers={"ETag": f'"{review.version}"'})

    @app.get("/api/m/{meeting_id}")
    def data(meeting_id: str, who: Person = Depends(may(Right.READ))) -> JSONResponse:
        return answer(current(archive, meeting_id), who)

    @app.post("/api/m/{meeting_id}/changes")
    def edit(meeting_id: str, given: dict[str, Any], request: Request, who: Person = Depends(may(Right.CHANGE))) -> JSONResponse:
        return answer(change(archive, meeting_id, wanted_version(request), given, who.key), who)

    @app.post("/api/m/{meeting_id}/group", status_code=204)
    def of_group(meeting_id: str, given: OfGroup, who: Person = Depends(may(Right.MANAGE))) -> None:
        stored_groups.place(archive, meeting_id, given.group, who)

    @app.post("/api/m/{meeting_id}/state")
    def state(meeting_id: str, new: NewState, request: Request, who: Person = Depends(may(Right.CHANGE))) -> JSONResponse:
        return answer(set_state(archive, meeting_id, wanted_version(request), new.state, who.key), who)

    @app.post("/api/m/{meeting_id}/again")
    def again(meeting_id: str, given: ItemAgain, request: Request, who: Person = Depends(may(Right.CHANGE))) -> JSONResponse:
        return answer(in_child(archive, meeting_id, wanted_version(request), given.item, who.key), who)

    @app.post("/api/m/{meeting_id}/until")
    def ask(meeting_id: str, given: LastDay, who: Person = Depends(may(Right.CHANGE))) -> JSONResponse:
        approval.ask_until(archive, meeting_id, given.until, who.key)
        return answer(current(archive, meeting_id), who)

    @app.post("/api/m/{meeting_id}/remarks")
    def remark(meeting_id: str, given: NewRemark, who: Person = Depends(may(Right.REMARK))) -> JSONResponse:
        approval.remark(archive, meeting_id, given.text, given.who or who.name, who.key, given.statement)
        return answer(current(archive, meeting_id), who)

    @app.post("/api/m/{meeting_id}/remarks/{remark_id}/settle")
    def settle(meeting_id: str, remark_id: int, who: Person = Depends(may(Right.CHANGE))) -> JSONResponse:
        approval.settle(archive, meeting_id, remark_id, who.key)
        return answer(current(archive, meeting_id), who)

    @app.post("/api/m/{meeting_id}/approvals/approve")
    def approve(meeting_id: str, given: Named, request: Request, who: Person = Depends(may(Right.APPROVE))) -> JSONResponse:
        if given.name != who.name:  # on paper or by word: who keeps the minutes notes it
            access.demand(archive, who, meeting_id, Right.MANAGE)
        approval.approve(archive, meeting_id, given.name, wanted_version(request), who.key)
        return answer(current(archive, meeting_id), who)

    @app.post("/api/m/{meeting_id}/approvals/{step}")
    def signers(meeting_id: str, step: Literal["appoint", "dismiss"], given: Named, who: Person = Depends(may(Right.MANAGE))) -> JSONResponse:
        (approval.appoint if step == "appoint" else approval.dismiss)(archive, meeting_id, given.name, who.key)
        return answer(current(archive, meeting_id), who)

    @app.post("/api/m/{meeting_id}/shares")
    def shares(meeting_id: str, given: NewShare, letters: BackgroundTasks, who: Person = Depends(may(Right.MANAGE))) -> JSONResponse:
        if given.role:
            access.share(archive, meeting_id, given.email, given.role, who.key)
            letters.add_task(mail.send, archive.settings, given.email.strip(), "shared", meeting_id=meeting_id, title=archive.meeting(meeting_id).title)
        else:
            access.unshare(archive, meeting_id, given.email, who.key)
        return answer(current(archive, meeting_id), who)

    @app.get("/m/{meeting_id}/sound/{recording}.m4a", dependencies=[Depends(may(Right.READ))])
    def sound(meeting_id: str, recording: str) -> FileResponse:
        return FileResponse(listening_files(archive, meeting_id, recording)[0], media_type="audio/mp4")

    @app.get("/m/{meeting_id}/sound/{recording}.json", dependencies=[Depends(may(Right.READ))])
    def peaks(meeting_id: str, recording: str) -> FileResponse:
        return FileResponse(listening_files(archive, meeting_id, recording)[1], media_type="application/json")

    @app.get("/m/{meeting_id}/download/{template}.{ending}")
    def download(meeting_id: str, template: str, ending: str, who: Person = Depends(may(Right.READ))) -> Response:
        if (template not in LABELS and template != OWN_TEMPLATE) or ending not in MEDIA:
            raise HTTPException(404, "Mallen finns inte.")
        review, look = current(archive, meeting_id), Look(template if template in LABELS else DEFAULT_TEMPLATE, evidence=False)
        note(who, "hämtat", meeting_id, f"{template}.{ending}")
        name = f"{LABELS[look.name]} {review.draft.meeting.title}.{ending}"
        if template == OWN_TEMPLATE and ending == "docx":
            own = stored_groups.template(archive, archive.meeting(meeting_id).group or "", who)
            return Response(rendered(review.draft, own), media_type=DOCX, headers={"Content-Disposition": attachment(name)})
        if ending != "docx":
            made = render_pdf(review.draft, look) if ending == "pdf" else render_text(review.draft, look, ending)
            return Response(made, media_type=MEDIA[ending], headers={"Content-Disposition": attachment(name)})
        with tempfile.NamedTemporaryFile(suffix=".docx", delete=False) as scratch:
            path = Path(scratch.name)
        render_docx(review.draft, look, path)
        return FileResponse(path, media_type=MEDIA[ending], filename=name, background=BackgroundTask(path.unlink))

    # ---------------------------------------------------------- operations

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/ready")
    def ready() -> JSONResponse:
        try:
            archive.meetings(limit=1)
        except Exception as error:  # whatever the database's driver raises
            return JSONResponse({"status": "databasen svarar inte", "kind": type(error).__name__}, 503)
        return JSONResponse({"status": "ok"})

    @app.get("/metrics")
    def metrics(who: Person = Depends(visitor)) -> Response:
        if not who.everything:
            raise AccessError("Mätvärdena är för administratörer.")
        counts = archive.job_counts()
        lines = ["# TYPE protokollist_jobs gauge"]
        lines += [f'protokollist_jobs{{status="{s}"}} {counts.get(s, 0)}' for s in ("väntar", "pågår", "klar", "fel", "avbruten", "pausad")]
        lines += ["# TYPE protokollist_stage_seconds summary"]
        for stage, count, seconds in archive.stage_times():
            lines += [f'protokollist_stage_seconds_count{{stage="{stage}"}} {count}', f'protokollist_stage_seconds_sum{{stage="{stage}"}} {seconds:.3f}']
        return Response("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")

    return app


_ADVICE = {Flag.NUMBER: "Kontrollera siffran", Flag.NEGATION: "Kontrollera nekande och förbehåll", Flag.UNCERTAIN: "Osäkert hörd",
           Flag.NAME: "Kontrollera namn och termer", Flag.PERSONAL: "Personuppgift", Flag.OWNER: "Ansvarig saknas", Flag.WORDING: "Fri formulering"}


def _opinions(found: approval.Opinions) -> dict[str, Any]:
    def day(at: dt.datetime) -> str:
        return at.astimezone().strftime("%Y-%m-%d %H.%M")

    return {"until": found.until,
            "remarks": [{"id": r.id, "statement": r.statement, "who": r.who, "text": r.text, "at": day(r.created), "settled": r.settled}
                        for r in found.remarks],
            "approvals": [{"name": a.name, "at": day(a.approved) if a.approved else None, "holds": a.holds} for a in found.approvals]}


def _payload(review: Review) -> dict[str, Any]:
    """A review as the page needs it: items with statements, the transcript, people and what is to be looked at."""
    draft, meeting = review.draft, review.draft.meeting
    offsets = {r.id: r.offset for r in draft.recordings}
    numbers = {i.id: (i.number, i.level) for i in meeting.agenda}
    people = sorted({*meeting.names, *draft.speakers.values()})
    return {
        "version": review.version, "state": draft.state, "title": meeting.title, "date": meeting.date.isoformat() if meeting.date else "",
        "present": [p.person.name for p in meeting.attendance if p.present], "absent": [p.person.name for p in meeting.attendance if not p.present],
        "people": people, "speakers": draft.speakers, "recordings": [r.model_dump() for r in draft.recordings],
        "sections": [{
            "item": s.item, "title": s.title, "number": numbers.get(s.item or "", (None, 0))[0], "level": numbers.get(s.item or "", (None, 0))[1],
            "statements": [{
                "id": x.id, "kind": x.kind.value, "text": x.text, "shown": statement_text(draft, x), "owner": x.owner,
                "owner_name": owner_name(draft, x.owner) if x.owner else "", "due": x.due, "by": x.made_by,
                "flags": [{"flag": f.value, "advice": _ADVICE[f]} for f in x.flags],
                "doubts": [f"{d.ours} → {d.theirs}" for d in x.doubts],
                "evidence": [{"recording": e.recording, "start": e.start, "end": e.end, "at": e.start + offsets.get(e.recording, 0),
                              "place": e.place} for e in x.evidence],
            } for x in s.statements]} for s in draft.sections],
        "transcript": [{"speaker": draft.speakers.get(u.speaker, u.person or u.speaker), "key": u.speaker, "start": u.start, "end": u.end,
                        "recording": u.recording, "local": u.start - u.offset, "text": u.text,
                        "words": [[w.start - u.offset, w.text, w.probability < LOW_PROBABILITY] for w in u.words]} for u in review.transcript.utterances],
        "review": review_points(draft),
    }
