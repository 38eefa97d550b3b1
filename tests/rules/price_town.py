"""The price list of a made-up town, and short ways to ask it: what the hand-computed cases are about."""

from collections.abc import Sequence
from datetime import date

from models.rules.pricing.aids import Aid, AidedLine, Spent, deduct
from models.rules.pricing.day_price import How, price
from models.rules.pricing.stay import LatePickup, Stay, Timing, planned, stayed
from models.rules.pricing.tariff import Band, Tariff

DAY = date(2026, 9, 14)
QF = int | None

FLAT = Tariff(1, "flat", amount=345, child_rank=2, reduction=15, unbooked="+50%", late="+50%")
MEAL = Tariff(
    2, "brackets", bands=(Band(450, 120), Band(900, 280), Band(1400, 410), Band(None, 560)),
    child_rank=2, reduction=20, no_quotient=560, unbooked="+50%", late="+10%",
)  # fmt: skip
NO_INCOME = Tariff(3, "brackets", bands=(Band(600, 135), Band(None, 395)))
SHARE = Tariff(4, "rate", rate="0.36", low=100, high=450, child_rank=3, reduction=30, late="+100")
FINE = Tariff(5, "rate", rate="0.455", low=0, high=999)
MIXED = Tariff(
    6, "brackets", bands=(Band(300, 100), Band(1200, 0, "0.33", 110, 390), Band(None, 400)), unbooked="+500"
)
OPEN_END = Tariff(7, "brackets", bands=(Band(500, 150), Band(None, 0, "0.3", None, 600)), unbooked="1000")
ODD = Tariff(8, "flat", amount=333, child_rank=2, reduction=50, unbooked="+10%", late="1")
OUTSIDE = Tariff(9, "flat", amount=680, category="outside", unbooked="1000")
PAI = Tariff(10, "flat", amount=100, category="pai")
AUTUMN = Tariff(11, "flat", amount=300, end=date(2026, 9, 15))
WINTER = Tariff(12, "flat", amount=320, start=date(2026, 9, 16))
HALF_HOUR = Tariff(
    13, "brackets", bands=(Band(900, 40), Band(None, 60)), child_rank=2, reduction=25, unbooked="+50%"
)
QUARTER = Tariff(14, "rate", rate="0.05", low=20, high=75, unbooked="+200")

EVENING = Timing(step=30, starts=990, ends=1110, minimum=60)  # 16:30 to 18:30
MORNING = Timing(step=15, starts=450, ends=510)  # 7:30 to 8:30
PICKUP = LatePickup(after=1110, cents=500, per=15)
ONCE = LatePickup(after=1110, cents=1200)


def at(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def cost(
    tariff: Tariff, quotient: QF = None, rank: int = 1, how: How = "booked", stay: Stay | None = None
) -> int:
    return price([tariff], "repas", tariff.category, DAY, quotient, rank, how=how, stay=stay).cents


def whole(tariff: Tariff, timing: Timing, quotient: QF, rank: int = 1, how: How = "booked") -> int:
    return cost(tariff, quotient, rank, how, planned(timing))


def between(
    tariff: Tariff, timing: Timing, quotient: QF, arrived: str, left: str,
    late: LatePickup | None = None, how: How = "booked",
) -> int:  # fmt: skip
    return cost(tariff, quotient, 1, how, stayed(timing, at(arrived), at(left), late))


def month(
    tariffs: Sequence[Tariff], days: Sequence[int], quotients: Sequence[tuple[int, QF]], rank: int = 1
) -> int:
    """Of these days of September 2026; each quotient holds from its day on."""

    def quotient(day: int) -> QF:
        return [value for start, value in quotients if start <= day][-1]

    return sum(price(tariffs, "repas", None, date(2026, 9, n), quotient(n), rank).cents for n in days)


def aided(
    aids: Sequence[Aid], lines: Sequence[tuple[int, int, int]], spent: dict[int, Spent] | None = None
) -> int:
    """What is left to pay of the lines: day of September, child, cents."""
    written = [
        AidedLine(n, date(2026, 9, day), child, "repas", cents) for n, (day, child, cents) in enumerate(lines)
    ]
    return sum(line.cents for line in written) - sum(one.cents for one in deduct(aids, written, spent))


def aid(cents: int, **more: object) -> Aid:
    return Aid(1, cents, date(2026, 9, 1), **more)  # type: ignore[arg-type]
