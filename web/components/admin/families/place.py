"""Where the families are, who reads them and who changes them."""

from starlette.exceptions import HTTPException

from models.families.family import Family
from models.families.file.merge import FamilyMerge
from web.http.auth import StaffRequest

PLACE = "/mairie/familles"
READERS = ("manager", "cashier")  # the mairie reads what a manager sees; the till needs the accounts
EDITORS = ("manager",)


async def family_of(request: StaffRequest) -> Family:
    """The one that the address names, or a 404. A file that was merged is read, and not changed."""
    found = await Family.get_or_none(id=request.number("id"))
    if found is None or (request.method == "POST" and await FamilyMerge.exists(family_id=found.id)):
        raise HTTPException(404)
    return found


def may_edit(request: StaffRequest) -> bool:
    return request.user.may(EDITORS, change=True)
