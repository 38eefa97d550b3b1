"""The mandates of all families: the list, one from a paper that a family signed, one that it revokes."""

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.direct_debit import mandate_list, planning
from models.direct_debit.account import BankAccount, WrongIban, bank_account
from models.direct_debit.mandate import LONGEST_HOLDER, HasMandate, Mandate
from models.direct_debit.mandate_list import MandateRow
from models.families.family import Family
from models.french.debits import IBAN_FLAWS, MANDATE_STATES
from models.rules.states.debits import MandateState
from web.components.admin.debits.place import MANDATES, ROLES, tabs
from web.components.admin.kit.csv_file import csv_file
from web.components.admin.kit.form import NOTHING, Choice, Day, Filled, OneOf, Text, fill
from web.components.admin.kit.table import Column, Filter, Table
from web.http.auth import StaffRequest, staff
from web.http.forms import form
from web.http.papers import sealed_paper
from web.page.templates import render

NEW = f"{MANDATES}/nouveau"
SAID = {
    "": "",
    "actifs": MandateState.ACTIVE,
    "revoques": MandateState.REVOKED,
    "expires": MandateState.EXPIRED,
}
STATES = Filter(
    "etat",
    "État",
    (
        Choice("", "Tous"), Choice("actifs", "Actifs"), Choice("revoques", "Révoqués"), Choice("expires", "Expirés"),
    ),
)  # fmt: skip
TABLE = Table(
    MANDATES,
    (
        Column("rum", "Référence (RUM)", "rum"),
        Column("famille", "Famille", "family"),
        Column("compte", "Compte"),
        Column("signe", "Signé le", "signed"),
        Column("etat", "État"),
    ),
    sort="-signe",
    filters=(STATES,),
    search="Famille, dossier, titulaire ou RUM",
)
FAMILY = Text(
    "dossier", "Numéro de dossier", "Celui de la famille, par exemple VF-1002.", "Saisissez le dossier.", 40
)
IBAN = Text(
    "iban", "IBAN", "Il n’est plus affiché en entier, sauf sur le mandat à signer.", "Saisissez l’IBAN.", 42
)
HOLDER = Text("titulaire", "Titulaire du compte", "", "Saisissez le titulaire.", LONGEST_HOLDER)
SIGNED = Day(
    "signature", "Signé le", "La date qui est sur le mandat papier.", "Saisissez la date de la signature."
)


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    asked = TABLE.read(request.query_params)
    state = SAID[asked.chosen["etat"]]
    if request.query_params.get("export") == "csv":
        return _file((await mandate_list.page(asked.whole, state=state, search=asked.search)).rows)
    counts = await mandate_list.counts()
    known = {
        "tabs": tabs(),
        "asked": asked,
        "found": await mandate_list.page(asked.cut, state=state, search=asked.search),
        "filters": STATES,
        "of_state": {said: counts[kept] for said, kept in SAID.items()},
        "states": MANDATE_STATES,
    }
    return render(request, "admin/debits/mandates.html", known)


@staff(*ROLES)
async def offer(request: StaffRequest) -> Response:
    return await _form(request, NOTHING)


@staff(*ROLES)
async def add(request: StaffRequest) -> Response:
    """From a paper that the family signed."""
    till_field, sent = await _tills(), await form(request)
    filled = fill((FAMILY, till_field, IBAN, HOLDER, SIGNED), sent)
    errors = dict(filled.errors)
    family = await Family.get_or_none(number=filled.typed[FAMILY.name])
    if family is None and FAMILY.name not in errors:
        errors[FAMILY.name] = "Ce dossier n’existe pas."
    account = _account(filled, errors)
    signed = filled.of(SIGNED)
    if signed and signed > request.now.date():
        errors[SIGNED.name] = "Un mandat n’est pas signé demain."
    if errors or account is None or family is None or signed is None:
        return await _form(request, Filled(filled.typed, filled.values, errors), 422)
    till, holder = await Till.get(id=int(filled.typed[till_field.name])), filled.typed[HOLDER.name]
    try:
        await Mandate.sign(family, till, account, holder, signed, request.now, request.user.actor)
    except HasMandate:
        told = {
            FAMILY.name: "Cette famille a déjà un mandat actif pour cette régie\u00a0: révoquez-le d’abord."
        }
        return await _form(request, Filled(filled.typed, filled.values, told), 409)
    return RedirectResponse(MANDATES, 303)


@staff(*ROLES)
async def paper(request: StaffRequest) -> Response:
    """With the account in full: for the family to sign."""
    mandate = await Mandate.get_or_none(id=request.number("id"))
    if mandate is None or mandate.content is None:
        raise HTTPException(404)
    return sealed_paper(mandate.content, f"mandat-{mandate.rum}.pdf")


@staff(*ROLES)
async def revoke(request: StaffRequest) -> Response:
    mandate = await Mandate.get_or_none(id=request.number("id"))
    if mandate is None:
        raise HTTPException(404)
    await planning.revoke(mandate, request.now, request.user.actor)
    return RedirectResponse(MANDATES, 303)


routes = [
    Route(MANDATES, show),
    Route(NEW, offer),
    Route(NEW, add, methods=["POST"]),
    Route("/mairie/prelevements/mandats/{id:int}/pdf", paper),
    Route("/mairie/prelevements/mandats/{id:int}/revocation", revoke, methods=["POST"]),
]


def _file(lines: Sequence[MandateRow]) -> Response:
    """Of the account, its last four characters."""
    heads = ("RUM", "Dossier", "Famille", "Régie", "Titulaire", "Compte", "Signé le", "A servi le", "État")
    cells = [
        (
            one.rum, one.family, one.name, one.till, one.holder, f"•••• {one.last_four}", one.signed_on,
            one.last_used_on, MANDATE_STATES[one.state],
        )
        for one in lines
    ]  # fmt: skip
    return csv_file("mandats", heads, cells)


def _account(filled: Filled, errors: dict[str, str]) -> BankAccount | None:
    try:
        return bank_account(filled.typed[IBAN.name]) if filled.typed[IBAN.name] else None
    except WrongIban as wrong:
        errors[IBAN.name] = f"Cet IBAN\u00a0: {IBAN_FLAWS[wrong.flaw]}."
        return None


async def _tills() -> OneOf:
    known = [till for till in await Till.all().order_by("position", "id") if till.collects]
    choices = tuple(Choice(str(till.id), till.name) for till in known)
    return OneOf("regie", "Régie", missing="Choisissez une régie.", choices=choices)


async def _form(request: StaffRequest, filled: Filled, status: int = 200) -> Response:
    till_field = await _tills()
    known = {
        "fields": (FAMILY, till_field, IBAN, HOLDER, SIGNED),
        "filled": filled,
        "collects": bool(till_field.choices),
    }
    return render(request, "admin/debits/mandate.html", known, status)
