"""Mandates as the mairie reads them: a list, by family, by state."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.direct_debit.mandate import Mandate
from models.rules.states.debits import MandateState
from models.storage.database import as_date
from models.storage.paging import Cut, Listing, Name, Page, Where


@dataclass(frozen=True, slots=True)
class MandateRow:
    id: int
    rum: str
    family: str  # its number
    name: str
    till: str
    holder: str
    last_four: str
    signed_on: date
    last_used_on: date | None
    state: MandateState
    drawn: bool  # its paper is there

    @property
    def is_active(self) -> bool:
        return self.state == MandateState.ACTIVE


async def page(cut: Cut, *, state: str = "", search: str = "") -> Page[MandateRow]:
    """`state`: a MandateState, or "" for all."""
    where = Where().and_also("mandate.state = ?", state) if state else Where()
    return await _LISTING.page(where.containing(search, *_SEARCHED), cut)


async def counts() -> dict[str, int]:
    """By state; "" is all."""
    found = {str(state): await Mandate.filter(state=state).count() for state in MandateState}
    return {"": sum(found.values()), **found}


def _row(row: dict[str, Any]) -> MandateRow:
    used = row["last_used_on"]
    told = {"signed_on": as_date(row["signed_on"]), "last_used_on": as_date(used) if used else None}
    return MandateRow(
        **{
            **row,
            **told,
            "name": row["name"] or "",
            "state": MandateState(row["state"]),
            "drawn": bool(row["drawn"]),
        }
    )


_PARENT = """(SELECT guardian.{what} FROM guardian
  WHERE guardian.family_id = family.id ORDER BY guardian.position, guardian.id LIMIT 1)"""
_FIRST, _LAST = _PARENT.format(what="first_name"), _PARENT.format(what="last_name")
_SEARCHED = ("mandate.rum", "mandate.holder", "family.number", f"{_FIRST} || ' ' || {_LAST}")
_LISTING = Listing(
    columns=f"""
mandate.id, mandate.rum, family.number AS family, {_FIRST} || ' ' || {_LAST} AS name, till.name AS till,
  mandate.holder, mandate.last_four, mandate.signed_on, mandate.last_used_on, mandate.state,
  CASE WHEN mandate.paper IS NULL THEN 0 ELSE 1 END AS drawn""",
    source="mandate JOIN family ON family.id = mandate.family_id JOIN till ON till.id = mandate.till_id",
    orders={
        "signed": ("mandate.signed_on", "mandate.id"),
        "family": (Name(_LAST), "mandate.id"),
        "rum": ("mandate.rum", "mandate.id"),
    },
    row=_row,
)
