"""« Banque »: the bank's file beside what the till awaits; the cashier confirms which line is what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.counter import bank_aside, bank_line, bank_match
from models.counter.bank_match import MatchedMeanwhile
from models.french.table_files import mistake
from models.money import takings
from models.rules.files.mistakes import WrongFile
from models.rules.till import bank_file, reconciling
from models.rules.till.bank_file import Movements
from models.rules.till.reconciling import Awaited, Line
from web.components.admin.counter.place import PLACE, ROLES, till_of
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.http.uploads import sent, uploads
from web.page.templates import render

BANK = f"{PLACE}/rapprochement"
SHOWN = 20  # mistakes of a file
FEW = 30  # matches that the page lists
SINCE = timedelta(days=15)  # of the totals of cards and debits
MOST = 80  # lines that one form asks for
LEFT = "Une ligne ou une somme a changé entre-temps\u00a0: vérifiez, puis confirmez de nouveau."
TWICE = "La même somme est choisie pour deux lignes\u00a0: vérifiez, puis confirmez de nouveau."
NONE = "Choisissez à quoi correspond au moins une ligne."


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line of the bank, what it may be, and which of that is chosen: « remise-12 », "" for nothing."""

    line: Line
    choices: Sequence[Awaited]
    chosen: str


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    return await page(request, await till_of(request.query_params.get("regie")))


@uploads(limit_bytes=bank_file.LONGEST)
@staff(*ROLES)
async def take_file(request: StaffRequest) -> Response:
    async with sent(request) as fields:
        file = fields.get("fichier")
        content = await file.read() if isinstance(file, UploadFile) else b""
        till = await till_of(fields.get("regie"))
    if not content:
        return await page(request, till, {"fichier": "Choisissez le fichier de la banque."}, 422)
    try:
        read: Movements = bank_file.read(content, request.now.date())
    except WrongFile as exc:
        errors = {"fichier": "Ce fichier n’est pas repris, rien n’a changé."}
        return await page(request, till, errors, 422, [mistake(one) for one in exc.mistakes[:SHOWN]])
    taken = await bank_line.take_file(till.id, read.credits, request.user.member.id, request.now)
    told = f"nouvelles={taken.new}&connues={taken.known}&debits={read.debits}"
    return RedirectResponse(f"{BANK}?regie={till.id}&{told}", 303)


@staff(*ROLES)
async def confirm(request: StaffRequest) -> Response:
    fields = await form(request)
    till, pairs = await till_of(fields.get("regie")), _pairs(fields)
    if not pairs:
        return await page(request, till, {"": NONE}, 422, chosen=pairs)
    if len(set(pairs.values())) < len(pairs):
        return await page(request, till, {"": TWICE}, 422, chosen=pairs)
    try:
        await bank_match.confirm(till.id, pairs, request.user.member.id, request.now)
    except MatchedMeanwhile:
        return await page(request, till, {"": LEFT}, 409)
    return RedirectResponse(f"{BANK}?regie={till.id}&rapprochees={len(pairs)}", 303)


def _pairs(fields: FormData) -> dict[int, str]:
    """By line, what is chosen for it."""
    named = {whole(name.removeprefix("ligne-")): str(key) for name, key in fields.items() if "ligne-" in name}
    return {line: key[:40] for line, key in named.items() if line and key}


async def page(
    request: StaffRequest,
    till: Till,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    mistakes: Sequence[str] = (),
    chosen: Mapping[int, str] | None = None,
) -> Response:
    lines = await bank_match.open_lines(till.id)
    awaited = await bank_match.awaited(till.id)
    picked = reconciling.propose(lines, list(awaited)) if chosen is None else chosen
    found = [Proposal(line, reconciling.candidates(line, awaited), picked.get(line.id, "")) for line in lines]
    said = {name: whole(request.query_params.get(name)) for name in TOLD}
    known = {
        "till": till,
        "tills": await Till.all().order_by("position", "id"),
        "proposed": [one for one in found if one.choices][:MOST],
        "alone": [one.line for one in found if not one.choices],
        "awaited": awaited,
        "matched": await bank_match.matched(till.id, FEW),
        "asides": await bank_aside.of_till(till.id, FEW),
        "electronic": await takings.electronic(till.id, request.now.date() - SINCE),
        "said": said,
        "errors": errors or {},
        "mistakes": mistakes,
        "place": BANK,
    }
    return render(request, "admin/counter/reconciliation.html", known, status)


TOLD = ("nouvelles", "connues", "debits", "rapprochees")

routes = [
    Route("/mairie/regie/rapprochement", show, methods=["GET"]),
    Route("/mairie/regie/rapprochement", confirm, methods=["POST"]),
    Route("/mairie/regie/rapprochement/fichier", take_file, methods=["POST"]),
]
