"""« Clôturer la journée »: the cash is counted, compared with what should be there, and the day is over."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from models.commune.till import Till
from models.counter import closing, deposit
from models.counter.closing import AlreadyClosed, Count, ReasonMissing, TillClosing
from models.french.payments import TITLES
from models.rules.money import cents, euros
from models.rules.till import counter
from models.rules.till.counter import COINS
from web.components.admin.counter.place import PLACE, ROLES, till_of
from web.components.admin.counter.view import day_of
from web.components.admin.kit.form import Day, Text
from web.http.auth import StaffRequest, staff
from web.http.forms import form, whole
from web.page.templates import render

DAY = Day("jour", "Jour")
REASON = Text("motif", "Motif de l’écart", "Il reste au journal.", longest=300)
NOT_A_SUM = "Écrivez une somme en euros, par exemple 80,00."
MOST_COINS = 9999


@staff(*ROLES)
async def show(request: StaffRequest) -> Response:
    till = await till_of(request.query_params.get("regie"))
    return await _page(request, till, {})


@staff(*ROLES)
async def close(request: StaffRequest) -> Response:
    sent = await form(request)
    till = await till_of(sent.get("regie"))
    typed = {name: str(value) for name, value in sent.items()}
    count, errors = _count(typed)
    day = _day(typed)
    if errors or count is None or day is None:
        return await _page(request, till, typed, errors or {"": "Rechargez la page."}, 422)
    try:
        done = await closing.close(till.id, day, count, request.user.member.id, request.now)
    except ReasonMissing as exc:
        over = "de trop" if exc.difference > 0 else "de moins"
        errors = {"motif": f"Il y a {euros(abs(exc.difference))} {over}\u00a0: recomptez, ou dites pourquoi."}
        return await _page(request, till, typed, errors, 422)
    except AlreadyClosed:
        return await _page(request, till, {}, {"": "Cette journée est déjà clôturée."}, 409)
    return RedirectResponse(f"{PLACE}/cloture?regie={till.id}&fait={done.id}", 303)


def _count(typed: Mapping[str, str]) -> tuple[Count | None, dict[str, str]]:
    """By coins, or by the total alone where it is typed."""
    errors: dict[str, str] = {}
    sums = {name: _sum(typed.get(name, "")) for name in ("fonds", "compte")}
    for name in ("fonds", "compte"):
        if sums[name] is None and typed.get(name, "").strip():
            errors[name] = NOT_A_SUM
    numbers = [(value, whole(typed.get(f"piece-{value}", "").strip() or "0")) for value in COINS]
    for value, number in numbers:
        if number is None or number > MOST_COINS:
            errors[f"piece-{value}"] = f"Écrivez combien il y a de {euros(value)}, ou rien."
    if errors:
        return None, errors
    coins = tuple((value, number) for value, number in numbers if number)
    only_total = bool(typed.get("compte", "").strip())
    total = (sums["compte"] or 0) if only_total else counter.counted(coins)
    reason = " ".join(typed.get("motif", "").split())[:300]
    return Count(sums["fonds"] or 0, total, None if only_total else coins, reason), {}


def _sum(typed: str) -> int | None:
    try:
        return cents(typed)
    except ValueError:
        return None


def _day(typed: Mapping[str, str]) -> date | None:
    try:
        return DAY.read(typed.get("jour", ""))
    except Exception:
        return None


async def _page(
    request: StaffRequest,
    till: Till,
    typed: Mapping[str, str],
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    day = await closing.to_close(till.id, request.now.date())
    done = await TillClosing.get_or_none(
        id=whole(request.query_params.get("fait")) or 0, till_id=till.id
    ).select_related("member")
    known: dict[str, Any] = {
        "till": till,
        "tills": await Till.all().order_by("position", "id"),
        "at": await day_of(till, request.now.date(), day),
        "cash": await closing.cash_of(till.id, day),
        "held": await deposit.held_papers(till.id),
        "coins": COINS,
        "typed": typed,
        "errors": errors or {},
        "reason": REASON,
        "means": TITLES,
        "done": done,
        "next": await closing.open_day(till.id, request.now.date()),
        "last": await TillClosing.filter(till_id=till.id).order_by("-day").limit(10).select_related("member"),
        "place": f"{PLACE}/cloture",
    }
    return render(request, "admin/counter/closing.html", known, status)


routes = [
    Route("/mairie/regie/cloture", show, methods=["GET"]),
    Route("/mairie/regie/cloture", close, methods=["POST"]),
]
