"""« Prélèvements »: what each till will collect, its batches on their way, what banks rejected, the mandates."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.direct_debit import adding, bank_answer, bank_file, debit_list, preparing, rejecting, sending
from models.direct_debit.adding import NotCollectable
from models.direct_debit.debit import DirectDebit
from models.direct_debit.debit_batch import DebitBatch
from models.direct_debit.preparing import NothingToCollect
from models.direct_debit.rejecting import Reject
from models.direct_debit.sending import TooEarly
from models.french.debits import BATCH_STATES, DEBIT_STATES, NOT_ADDED, REASONS, mistake, reason
from models.rules.files.mistakes import WrongFile
from models.rules.till import sepa
from models.storage.encryption import Unreadable
from web.components.admin.debits import mandates
from web.components.admin.debits.place import PLACE, entry, tabs
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.http.uploads import sent, uploads
from web.page.menu import Count
from web.page.templates import render

SHOWN = 20  # mistakes of a file
UNREAD = "Les comptes ne s’ouvrent pas avec la clé du portail\u00a0: voyez la documentation des prélèvements."
UNMADE = "Le fichier ne serait pas valable\u00a0: une banque ne lirait pas un nom ou une référence. Abandonnez ce lot."
LEFT = "Ce lot a changé entre-temps\u00a0: voici où il en est."


async def waiting(now: datetime) -> Count:
    number = await debit_list.waiting(now.date())
    return Count(number, "à transmettre ou à encaisser" if number else "")


menu = entry(waiting)


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _list(request)


@staff(*menu.roles)
async def prepare(request: StaffRequest) -> Response:
    """A batch of what a till told for a day, and before."""
    said = await form(request)
    till = await Till.get_or_none(id=whole(said.get("regie")) or 0)
    until = _day(said.get("jusqu_au"))
    if till is None or not till.collects or until is None:
        return await _list(request, {"": "Choisissez une régie et un jour de la liste."}, 422)
    try:
        batch = await preparing.prepare(till, until, request.user.member.id, request.now)
    except NothingToCollect:
        told = "Il ne reste rien à prélever\u00a0: ces factures sont réglées, ou en cours de paiement."
        return await _list(request, {"": told}, 409)
    except Unreadable:
        return await _list(request, {"": UNREAD}, 409)
    except bank_file.Refused:
        return await _list(request, {"": UNMADE}, 409)
    return RedirectResponse(f"{PLACE}/lots/{batch.id}", 303)


@staff(*menu.roles)
async def one(request: StaffRequest) -> Response:
    return await _page(request, await _batch(request))


@staff(*menu.roles)
async def download(request: StaffRequest) -> Response:
    batch = await _batch(request)
    if batch.file is None:
        raise HTTPException(404)
    named = {"Content-Disposition": f'attachment; filename="{batch.name}"', "Cache-Control": "no-store"}
    try:
        return Response(batch.content(), media_type="application/xml", headers=named)
    except Unreadable:
        return await _page(request, batch, {"": UNREAD}, 409)


@staff(*menu.roles)
async def send(request: StaffRequest) -> Response:
    batch = await _batch(request)
    done = await sending.sent(batch.id, request.user.member.id, request.now)
    return await _after(request, batch, done)


@staff(*menu.roles)
async def settle(request: StaffRequest) -> Response:
    batch = await _batch(request)
    try:
        done = await sending.settle(batch.id, request.user.member.id, request.now)
    except TooEarly:
        return await _page(request, batch, {"": "L’argent n’arrive pas avant le jour du prélèvement."}, 409)
    return await _after(request, batch, done)


@staff(*menu.roles)
async def discard(request: StaffRequest) -> Response:
    batch = await _batch(request)
    gone = await preparing.discard(batch.id, request.user.member.id, request.now)
    return RedirectResponse(PLACE, 303) if gone else await _after(request, batch, gone)


@staff(*menu.roles)
async def reject(request: StaffRequest) -> Response:
    """One collection, by hand: what a statement or a letter of the bank says."""
    debit = await DirectDebit.get_or_none(id=request.number("id"))
    if debit is None or debit.batch_id is None:
        raise HTTPException(404)
    code = str((await form(request)).get("motif", ""))
    batch = await DebitBatch.get(id=debit.batch_id).select_related("till")
    if code not in REASONS:
        return await _page(request, batch, {f"motif-{debit.id}": "Choisissez le motif du rejet."}, 422)
    try:
        await rejecting.reject([Reject(debit.id, code)], request.user.actor, request.now)
    except LookupError:
        return await _page(
            request, batch, {"": "Ce prélèvement n’est pas parti\u00a0: il ne peut pas être rejeté."}, 409
        )
    return RedirectResponse(f"{PLACE}/lots/{batch.id}", 303)


@staff(*menu.roles)
async def ask_again(request: StaffRequest) -> Response:
    """A collection that was refused for want of money: its invoice joins the next one."""
    debit = await DirectDebit.get_or_none(id=request.number("id"))
    if debit is None or debit.batch_id is None:
        raise HTTPException(404)
    batch = await DebitBatch.get(id=debit.batch_id).select_related("till")
    try:
        await adding.add(debit.invoice_id, request.user.actor, request.now)
    except NotCollectable as exc:
        return await _page(request, batch, {"": NOT_ADDED[exc.why]}, 409)
    return RedirectResponse(PLACE, 303)


@uploads(limit_bytes=bank_answer.LONGEST)
@staff(*menu.roles)
async def take_answer(request: StaffRequest) -> Response:
    """A pain.002: all of its rejects, or none of them."""
    async with sent(request) as fields:
        file = fields.get("fichier")
        content = await file.read() if isinstance(file, UploadFile) else b""
    if not content:
        return await _list(request, {"fichier": "Choisissez le fichier de la banque."}, 422)
    try:
        answer = await bank_answer.read(content)
        await rejecting.reject(answer.rejects, request.user.actor, request.now)
    except WrongFile as exc:
        mistakes = [mistake(one.line, one.flaw, one.what) for one in exc.mistakes[:SHOWN]]
        return await _list(
            request, {"fichier": "Ce fichier n’est pas repris, rien n’a changé."}, 422, mistakes
        )
    except LookupError:
        return await _list(request, {"fichier": LEFT}, 409)
    return RedirectResponse(f"{PLACE}/lots/{answer.batch.id}?repris={len(answer.rejects)}", 303)


routes = [
    Route(PLACE, show),
    Route(PLACE, prepare, methods=["POST"]),
    Route("/mairie/prelevements/rejets", take_answer, methods=["POST"]),
    Route("/mairie/prelevements/{id:int}/rejet", reject, methods=["POST"]),
    Route("/mairie/prelevements/{id:int}/nouvelle-presentation", ask_again, methods=["POST"]),
    Route("/mairie/prelevements/lots/{id:int}", one),
    Route("/mairie/prelevements/lots/{id:int}/fichier", download),
    Route("/mairie/prelevements/lots/{id:int}/envoi", send, methods=["POST"]),
    Route("/mairie/prelevements/lots/{id:int}/encaissement", settle, methods=["POST"]),
    Route("/mairie/prelevements/lots/{id:int}/abandon", discard, methods=["POST"]),
    *mandates.routes,
]


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(str(said))
    except ValueError:
        return None


async def _batch(request: StaffRequest) -> DebitBatch:
    found = await DebitBatch.get_or_none(id=request.number("id")).select_related("till")
    if found is None:
        raise HTTPException(404)
    return found


async def _after(request: StaffRequest, batch: DebitBatch, done: bool) -> Response:
    if done:
        return RedirectResponse(f"{PLACE}/lots/{batch.id}", 303)
    return await _page(request, await _batch(request), {"": LEFT}, 409)


async def _list(
    request: StaffRequest,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    mistakes: Sequence[str] = (),
) -> Response:
    known: dict[str, Any] = {
        "tabs": tabs(),
        "planned": await debit_list.planned(),
        "batches": await debit_list.batches(),
        "tills": [till for till in await Till.all().order_by("position", "id") if till.collects],
        "earliest": sepa.earliest(request.now.date()),
        "states": BATCH_STATES,
        "errors": errors or {},
        "mistakes": mistakes,
    }
    return render(request, "admin/debits/list.html", known, status)


async def _page(
    request: StaffRequest, batch: DebitBatch, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Where making its file was cut short, it is made now."""
    told = dict(errors or {})
    if batch.file is None and batch.is_prepared:
        try:
            await preparing.make_file(batch)
            batch = await DebitBatch.get(id=batch.id).select_related("till")
        except Unreadable:
            told |= {"": UNREAD}
        except bank_file.Refused:
            told |= {"": UNMADE}
    known: dict[str, Any] = {
        "batch": batch,
        "place": f"{PLACE}/lots/{batch.id}",
        "debits": await debit_list.of_batch(batch.id),
        "states": BATCH_STATES,
        "debit_states": DEBIT_STATES,
        "reasons": REASONS,
        "reason": reason,
        "may_settle": request.now.date() >= batch.collect_on,
        "taken": whole(request.query_params.get("repris")),
        "errors": told,
    }
    return render(request, "admin/debits/batch.html", known, status)
