"""« Mes prélèvements »: the family's mandates, what will be collected and what was; signing one, revoking it."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.access import guardian_account
from models.access.sign_in import TooManyTries, WrongPassword
from models.commune.till import Till
from models.direct_debit import adding, debit_list, planning
from models.direct_debit.account import BankAccount, WrongIban, bank_account
from models.direct_debit.adding import NotCollectable
from models.direct_debit.mandate import LONGEST_HOLDER, HasMandate, Mandate
from models.french import wait
from models.french.debits import DEBIT_STATES, IBAN_FLAWS, MANDATE_STATES, NOT_ADDED, reason
from models.money import invoice_list
from models.rules.states.debits import MandateState
from models.rules.till.sepa import NOTICE_DAYS
from web.http.auth import ParentRequest, parent
from web.http.forms import form, whole
from web.http.papers import sealed_paper
from web.page.templates import render

HOME = "/factures/prelevements"
SIGN = f"{HOME}/mandat"
FIELDS = {
    "iban": "Saisissez l’IBAN du compte à prélever.",
    "titulaire": "Saisissez le nom du titulaire du compte.",
    "mot_de_passe": "Saisissez votre mot de passe.",
    "accord": "Cochez l’autorisation pour signer le mandat.",
}
WRONG = "Le mot de passe n’est pas le bon."
THERE = "Vous avez déjà un mandat pour cette régie. Révoquez-le d’abord pour changer de compte."
DONE = {
    "signe": "Votre mandat est signé. Vos prochaines factures seront prélevées.",
    "ajoute": "La facture rejoint votre prochain prélèvement.",
    "revoque": "Le mandat est révoqué.",
}


@parent
async def show(request: ParentRequest) -> Response:
    return await _page(request)


@parent
async def paper(request: ParentRequest) -> Response:
    """The mandate, with the account in full: the family's own."""
    mandate = await Mandate.get_or_none(id=request.number("id"), family_id=request.user.family.id)
    if mandate is None or mandate.content is None:
        raise HTTPException(404)
    return sealed_paper(mandate.content, f"mandat-{mandate.rum}.pdf")


@parent
async def offer(request: ParentRequest) -> Response:
    return await _form(request, await _till(request, request.query_params.get("regie")))


@parent
async def sign(request: ParentRequest) -> Response:
    """Sent twice, the second finds the mandate of the first."""
    sent, user = await form(request), request.user
    till = await _till(request, sent.get("regie"))
    typed = {name: " ".join(str(sent.get(name, "")).split()) for name in FIELDS}
    errors = {name: said for name, said in FIELDS.items() if not typed[name]}
    del typed["mot_de_passe"]
    account = _account(typed["iban"], errors)
    if len(typed["titulaire"]) > LONGEST_HOLDER:
        errors["titulaire"] = f"{LONGEST_HOLDER} caractères au maximum."
    if errors or account is None:
        return await _form(request, till, typed, errors, 422)
    try:
        if trouble := await _unproved(request, str(sent.get("mot_de_passe", ""))):
            return await _form(request, till, typed, {"mot_de_passe": trouble}, 422)
        today = request.now.date()
        await Mandate.sign(user.family, till, account, typed["titulaire"], today, request.now, user.actor)
    except HasMandate:
        return await _form(request, till, typed, {"": THERE}, 409)
    return RedirectResponse(f"{HOME}?fait=signe", 303)


@parent
async def revoke(request: ParentRequest) -> Response:
    mandate = await Mandate.get_or_none(id=request.number("id"), family_id=request.user.family.id)
    if mandate is None:
        raise HTTPException(404)
    password = str((await form(request)).get("mot_de_passe", ""))
    trouble = await _unproved(request, password) if password else FIELDS["mot_de_passe"]
    if trouble:
        return await _page(request, {f"mot_de_passe_{mandate.id}": trouble}, 422)
    await planning.revoke(mandate, request.now, request.user.actor)
    return RedirectResponse(f"{HOME}?fait=revoque", 303)


@parent
async def add(request: ParentRequest) -> Response:
    """An invoice of before the mandate, or that the bank refused once for want of money."""
    invoice = await invoice_list.one(request.user.family.id, request.number("id"))
    if invoice is None or invoice.old_file:
        raise HTTPException(404)
    try:
        await adding.add(invoice.id, request.user.actor, request.now)
    except NotCollectable as exc:
        return await _page(request, {"": NOT_ADDED[exc.why]}, 409)
    return RedirectResponse(f"{HOME}?fait=ajoute", 303)


routes = [
    Route("/factures/prelevements/factures/{id:int}", add, methods=["POST"]),
    Route(HOME, show, methods=["GET"]),
    Route(SIGN, offer, methods=["GET"]),
    Route(SIGN, sign, methods=["POST"]),
    Route("/factures/prelevements/{id:int}/mandat", paper, methods=["GET"]),
    Route("/factures/prelevements/{id:int}/revocation", revoke, methods=["POST"]),
]


async def _till(request: ParentRequest, asked: object) -> Till:
    """One that collects; the only one there is where nothing is asked. Any other is a 404."""
    known = [till for till in await Till.all().order_by("position", "id") if till.collects]
    found = [till for till in known if till.id == whole(asked)] if asked else known[:1]
    if not found:
        raise HTTPException(404)
    return found[0]


def _account(typed: str, errors: dict[str, str]) -> BankAccount | None:
    try:
        return bank_account(typed) if typed else None
    except WrongIban as wrong:
        errors["iban"] = f"Cet IBAN\u00a0: {IBAN_FLAWS[wrong.flaw]}."
        return None


async def _unproved(request: ParentRequest, password: str) -> str:
    """Why it may be somebody else with this parent's phone; empty where the password is theirs."""
    try:
        await guardian_account.prove(request.user.guardian, password)
    except WrongPassword:
        return WRONG
    except TooManyTries as exc:
        return f"Trop d’essais. Réessayez dans {wait(exc.seconds)}."
    return ""


async def _page(request: ParentRequest, errors: dict[str, str] | None = None, status: int = 200) -> Response:
    family = request.user.family.id
    mandates = await Mandate.filter(family_id=family).order_by("-id").select_related("till")
    active = [mandate for mandate in mandates if mandate.is_active]
    debits = await debit_list.of_family(family)
    covered = {mandate.till_id for mandate in active}
    tills = [till for till in await Till.all().order_by("position", "id") if till.collects]
    context: dict[str, Any] = {
        "active": active,
        "ended": [mandate for mandate in mandates if mandate.state != MandateState.ACTIVE],
        "next": [debit for debit in reversed(debits) if debit.is_next],
        "past": [debit for debit in debits if not debit.is_next],
        "addable": await adding.collectable(family),
        "offers": [till for till in tills if till.id not in covered],
        "collects": bool(tills),
        "states": DEBIT_STATES,
        "mandate_states": MANDATE_STATES,
        "reason": reason,
        "notice_days": NOTICE_DAYS,
        "errors": errors or {},
        "done": DONE.get(request.query_params.get("fait", "")),
    }
    return render(request, "debits/page.html", context, status)


async def _form(
    request: ParentRequest,
    till: Till,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {
        "till": till,
        "typed": typed or {"titulaire": request.user.guardian.name},
        "errors": errors or {},
        "longest": LONGEST_HOLDER,
        "notice_days": NOTICE_DAYS,
    }
    return render(request, "debits/sign.html", context, status)
