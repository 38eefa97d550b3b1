"""What the mairie does with a conversation besides answering: whose it is, its state, notes for colleagues."""

import secrets

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.messages.note import LONGEST, ThreadNote
from models.messages.thread import MessageThread
from web.components.admin.messages import view
from web.http.auth import StaffRequest, staff
from web.http.forms import form, plain_key, whole

ONE = "/mairie/messages/{id:int}"


@staff(*view.ROLES)
async def close(request: StaffRequest) -> Response:
    thread = await view.found(request)
    await thread.close(request.user.member, request.now)
    return _back(thread, "cloture")


@staff(*view.ROLES)
async def reopen(request: StaffRequest) -> Response:
    thread = await view.found(request)
    await thread.reopen(request.user.member, request.now)
    return _back(thread, "reouverture")


@staff(*view.ROLES)
async def set_aside(request: StaffRequest) -> Response:
    thread = await view.found(request)
    await thread.set_aside(request.user.member, request.now)
    return _back(thread, "attente")


@staff(*view.ROLES)
async def assign(request: StaffRequest) -> Response:
    """To one of the agents, or to nobody; somebody who is none of them changes nothing."""
    thread, chosen = await view.found(request), (await form(request)).get("agent", "")
    agents = {one.id: one for one in await view.agents()}
    agent = agents.get(whole(str(chosen)) or 0)
    if agent or not chosen:
        await thread.assign(agent, request.user.member, request.now)
    return _back(thread, "suivi")


@staff(*view.ROLES)
async def note(request: StaffRequest) -> Response:
    thread, sent = await view.found(request), await form(request)
    text = str(sent.get("note", "")).replace("\r\n", "\n").strip()[:LONGEST]
    if not text:
        return RedirectResponse(f"{view.PLACE}/{thread.id}", 303)
    click = plain_key(sent, "click") or secrets.token_urlsafe(16)
    await ThreadNote.write(thread, request.user.member, text, click, request.now)
    return _back(thread, "note")


routes = [
    Route(f"{ONE}/cloture", close, methods=["POST"]),
    Route(f"{ONE}/reouverture", reopen, methods=["POST"]),
    Route(f"{ONE}/attente", set_aside, methods=["POST"]),
    Route(f"{ONE}/suivi", assign, methods=["POST"]),
    Route(f"{ONE}/notes", note, methods=["POST"]),
]


def _back(thread: MessageThread, done: str) -> Response:
    return RedirectResponse(f"{view.PLACE}/{thread.id}?fait={done}", 303)
