"""The form of the type week."""

from models.activities.slot import Slot
from models.bookings.cart import CartLine
from models.families.child import Child
from tests.portal import Client
from tests.web.checkout import words

HOME = "/planning/semaine-type"
Form = list[tuple[str, str]]


async def week(child: str, *ticks: tuple[int, str, int], **more: str) -> Form:
    """Ticks are week, slot and weekday."""
    one = await Child.get(first_name=child)
    slots = {slot.name: slot.id for slot in await Slot.all()}
    said = {"enfant": str(one.id), "periode": "mois", "ignorer": "1"} | more
    return [*said.items(), *(("jour", f"{n}-{slots[slot]}-{weekday}") for n, slot, weekday in ticks)]


async def drafted(child: str) -> list[str]:
    days = await CartLine.filter(child__first_name=child).order_by("day").values_list("day", flat=True)
    return [day.isoformat() for day in days]  # type: ignore[attr-defined]


async def apply(claire: Client, form: Form, key: str = "lot") -> str:
    answer = await claire.post_form(f"{HOME}/appliquer", [*form, ("cle", key)])
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["location"]
