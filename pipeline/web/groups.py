"""The pages of groups, and the JSON that they speak."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from pipeline.archive import Archive
from pipeline.archive import groups as stored
from pipeline.archive.access import Person
from pipeline.archive.groups import LARGEST_TEMPLATE, GroupView
from pipeline.errors import UsageError
from pipeline.stages.rendering import checked
from pipeline.swedish.messages import LABELS
from pipeline.web.security import Page, attachment, visitor, wanted_version

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class NewGroup(BaseModel):
    name: str = Field(max_length=200)


class NewTerm(BaseModel):
    """A correction: how the word is written, and what was heard instead."""

    written: str = Field(max_length=200)
    heard: str = Field(default="", max_length=200)


def _content(view: GroupView) -> dict[str, Any]:
    return {"version": view.version, "group": view.group.model_dump(mode="json"), "template": view.template_name, "may_change": view.may_change}


def _answer(view: GroupView, **more: Any) -> JSONResponse:
    return JSONResponse(_content(view) | more, headers={"ETag": f'"{view.version}"'})


def routes(archive: Archive, page: Page) -> APIRouter:
    """Groups: the list, a group's page, and its changes. Raises what ``pipeline.archive.groups`` raises."""
    router = APIRouter()

    @router.get("/groups")
    def listed(who: Person = Depends(visitor)) -> HTMLResponse:
        return page("groups.html", who, groups=stored.groups(archive, who), administrator=who.everything)

    @router.get("/g/{group_id}")
    def one(group_id: str, who: Person = Depends(visitor)) -> HTMLResponse:
        view = stored.group(archive, group_id, who)
        return page("group.html", who, view=view, content=_content(view), labels=LABELS, meetings=archive.meetings(seen_by=who.seen_by, group=group_id, limit=200),
                    tasks=archive.tasks(seen_by=who.seen_by, group=group_id))

    @router.post("/api/groups", status_code=201)
    def create(new: NewGroup, who: Person = Depends(visitor)) -> dict[str, str]:
        return {"group": stored.create(archive, new.name, who)}

    @router.put("/api/groups/{group_id}")
    def change(group_id: str, given: dict[str, Any], request: Request, who: Person = Depends(visitor)) -> JSONResponse:
        version = wanted_version(request)
        if not version.isdigit():
            raise UsageError("Versionen ska vara ett tal.")
        return _answer(stored.change(archive, group_id, int(version), given, who))

    @router.delete("/api/groups/{group_id}", status_code=204)
    def remove(group_id: str, who: Person = Depends(visitor)) -> None:
        stored.remove(archive, group_id, who)

    @router.post("/api/groups/{group_id}/terms", status_code=204)
    def term(group_id: str, new: NewTerm, who: Person = Depends(visitor)) -> None:
        stored.add_term(archive, group_id, new.written, new.heard, who)

    @router.put("/api/groups/{group_id}/template")
    async def template(group_id: str, request: Request, who: Person = Depends(visitor)) -> JSONResponse:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST_TEMPLATE:  # set_template tells of it; the rest need not be kept
                break
        name = unquote(request.headers.get("X-File-Name", "")) or "mall.docx"
        missing = await run_in_threadpool(stored.set_template, archive, group_id, name, bytes(body), who)
        return _answer(await run_in_threadpool(stored.group, archive, group_id, who), missing=list(missing.values()))

    @router.delete("/api/groups/{group_id}/template")
    def without_template(group_id: str, who: Person = Depends(visitor)) -> JSONResponse:
        stored.remove_template(archive, group_id, who)
        return _answer(stored.group(archive, group_id, who))

    @router.get("/g/{group_id}/preview.docx")
    def preview(group_id: str, who: Person = Depends(visitor)) -> Response:
        _, made = checked(stored.template(archive, group_id, who))
        return Response(made, media_type=DOCX, headers={"Content-Disposition": attachment("Exempel i gruppens mall.docx")})

    return router
