"""The file of debts for the public accountant, which is to be validated with them before it is real."""

from dataclasses import replace

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from models.commune.till import Till
from models.exports.pes import Debts, debts_of, file_name, refused
from models.french import plural
from models.french.invoices import invoiced_period
from models.rules.money import euros
from models.rules.papers.pes import ENCODING, LEAST, Sender, written
from models.work.audit_log import Event
from web.components.admin.exports.entry import FIRST, LAST, PLACE, last_month, menu
from web.components.admin.kit.form import NOTHING, Choice, Day, Filled, OneOf, Text, fill, in_order
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.page.templates import render

CODES = {
    "poste": (
        "post",
        Text("poste", "Poste comptable", "Son codique, 6 ou 7 chiffres.", "Indiquez le codique."),
    ),
    "siret": ("siret", Text("siret", "Siret du budget", "14 chiffres.", "Indiquez le Siret.")),
    "collectivite": (
        "collectivity",
        Text("collectivite", "Code collectivité", "3 chiffres.", "Indiquez ce code."),
    ),
    "budget": (
        "budget",
        Text("budget", "Code budget", "2 caractères, «\u00a000\u00a0» par exemple.", "Indiquez ce code."),
    ),
    "produit": (
        "product",
        Text("produit", "Code produit local", "4 caractères au plus.", "Indiquez ce code."),
    ),
    "bordereau": (
        "bordereau",
        Text(
            "bordereau",
            "Numéro du bordereau",
            "Jamais deux fois le même dans l’année.",
            "Indiquez ce numéro.",
        ),
    ),
}


@staff(*menu.roles)
async def show(request: StaffRequest) -> Response:
    return await _page(request, NOTHING)


@staff(*menu.roles)
async def send(request: StaffRequest) -> Response:
    filled = in_order(fill(await _fields(), await form(request)), FIRST, LAST)
    if filled.errors:
        return await _page(request, filled)
    till = await Till.get(id=int(filled.values["regie"]))
    sender = _sender(request, filled, till)
    if wrong := sender.wrong():
        hints = {name: field.hint for name, (key, field) in CODES.items() if key in wrong}
        return await _page(request, replace(filled, errors=hints))
    debts = await debts_of(till.id, filled.values[FIRST.name], filled.values[LAST.name])
    if told := _hindrance(debts):
        return await _page(request, replace(filled, errors={"": told}))
    return await _file(request, till, sender, debts)


def _hindrance(debts: Debts) -> str:
    if debts.placeless:
        return (
            f"{plural(len(debts.placeless), 'famille')} sans adresse complète (rue, code postal, ville)\u00a0: "
            f"{refused(debts.placeless)}. Complétez leur dossier."
        )
    if debts.ready:
        return ""
    return f"Rien à recouvrer sur cette période\u00a0: aucun reste à payer d’au moins {euros(LEAST)}."


async def _file(request: StaffRequest, till: Till, sender: Sender, debts: Debts) -> Response:
    name = file_name(till.id, sender.on, sender.bordereau)
    about, facts = f"export:{name}", {"number": len(debts.ready), "cents": debts.cents, "small": debts.small}
    await Event.note(request.now, request.user.actor, "export.made", about, None, **facts)
    body = (piece.encode(ENCODING) for piece in written(sender, debts.ready, name))
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(body, media_type="application/xml", headers=headers)


def _sender(request: StaffRequest, filled: Filled, till: Till) -> Sender:
    codes = {key: str(filled.values[name]) for name, (key, _) in CODES.items()}
    period = invoiced_period(filled.values[FIRST.name], filled.values[LAST.name])
    return Sender(**codes, on=request.now.date(), subject=f"{till.name} {period}")


async def _fields() -> tuple[Day | OneOf | Text, ...]:
    tills = await Till.all().order_by("position", "id")
    choices = tuple(Choice(str(till.id), till.name) for till in tills)
    till = OneOf("regie", "Régie", missing="Choisissez une régie.", choices=choices)
    return (till, FIRST, LAST, *(field for _, field in CODES.values()))


async def _page(request: StaffRequest, filled: Filled) -> Response:
    filled = replace(filled, typed=last_month(request.now) | dict(filled.typed))
    known = {"fields": await _fields(), "filled": filled, "back": PLACE, "least": LEAST}
    return render(request, "admin/exports/pes.html", known, 422 if filled.errors else 200)


routes = [Route(f"{PLACE}/pes", show), Route(f"{PLACE}/pes", send, methods=["POST"])]
