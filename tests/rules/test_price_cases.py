"""Prices computed by hand: each case says its computation in words, then what it comes to, in cents."""

from collections.abc import Callable
from datetime import date

import pytest

from models.rules.pricing.aids import Aid, Spent
from models.rules.pricing.stay import late_pickup
from tests.rules.price_town import (
    AUTUMN,
    DAY,
    EVENING,
    FINE,
    FLAT,
    HALF_HOUR,
    MEAL,
    MIXED,
    MORNING,
    NO_INCOME,
    ODD,
    ONCE,
    OPEN_END,
    OUTSIDE,
    PAI,
    PICKUP,
    QUARTER,
    SHARE,
    WINTER,
    aid,
    aided,
    at,
    between,
    cost,
    month,
    whole,
)

Case = tuple[str, int, Callable[[], int]]

AMOUNTS: list[Case] = [
    ("one price, 3,45", 345, lambda: cost(FLAT)),
    ("one price, whatever the quotient: 3,45", 345, lambda: cost(FLAT, 5000)),
    ("quotient 0 is known: first bracket, 1,20", 120, lambda: cost(MEAL, 0)),
    ("450 belongs to « up to 450 »: 1,20", 120, lambda: cost(MEAL, 450)),
    ("451 is in the next bracket: 2,80", 280, lambda: cost(MEAL, 451)),
    ("900 is the end of the second bracket: 2,80", 280, lambda: cost(MEAL, 900)),
    ("1 400 is the end of the third: 4,10", 410, lambda: cost(MEAL, 1400)),
    ("1 401 is in the last: 5,60", 560, lambda: cost(MEAL, 1401)),
    ("no quotient, as the tariff says: 5,60", 560, lambda: cost(MEAL)),
    ("no quotient, not said: the dearest of 1,35 and 3,95 is 3,95", 395, lambda: cost(NO_INCOME)),
    ("out of the commune, the quotient is not asked: 6,80", 680, lambda: cost(OUTSIDE, 200)),
    ("the child brings its meal: 1,00", 100, lambda: cost(PAI, 2000)),
]
RATES: list[Case] = [
    ("800 × 0,36 % = 2,88", 288, lambda: cost(SHARE, 800)),
    ("0 × 0,36 % = 0, at least 1,00", 100, lambda: cost(SHARE, 0)),
    ("277 × 0,36 % = 0,9972, rounded 1,00, as the minimum", 100, lambda: cost(SHARE, 277)),
    ("279 × 0,36 % = 1,0044, rounded 1,00", 100, lambda: cost(SHARE, 279)),
    ("280 × 0,36 % = 1,008, rounded 1,01", 101, lambda: cost(SHARE, 280)),
    ("625 × 0,36 % = 2,25 exactly", 225, lambda: cost(SHARE, 625)),
    ("1 250 × 0,36 % = 4,50, the maximum", 450, lambda: cost(SHARE, 1250)),
    ("1 251 × 0,36 % = 4,5036, at most 4,50", 450, lambda: cost(SHARE, 1251)),
    ("no quotient: the maximum, 4,50", 450, lambda: cost(SHARE)),
    ("100 × 0,455 % = 0,455: half a cent rounds up, 0,46", 46, lambda: cost(FINE, 100)),
    ("300 × 0,455 % = 1,365: half a cent rounds up, 1,37", 137, lambda: cost(FINE, 300)),
    ("299 × 0,455 % = 1,36045, rounded 1,36", 136, lambda: cost(FINE, 299)),
    ("2 195 × 0,455 % = 9,98725, rounded 9,99, the maximum", 999, lambda: cost(FINE, 2195)),
]
MIXED_BRACKETS: list[Case] = [
    ("300: the first bracket has an amount, 1,00", 100, lambda: cost(MIXED, 300)),
    ("301 × 0,33 % = 0,9933, at least 1,10", 110, lambda: cost(MIXED, 301)),
    ("334 × 0,33 % = 1,1022, rounded 1,10", 110, lambda: cost(MIXED, 334)),
    ("350 × 0,33 % = 1,155: half a cent rounds up, 1,16", 116, lambda: cost(MIXED, 350)),
    ("1 000 × 0,33 % = 3,30", 330, lambda: cost(MIXED, 1000)),
    ("1 200 × 0,33 % = 3,96, at most 3,90", 390, lambda: cost(MIXED, 1200)),
    ("1 201: the last bracket has an amount, 4,00", 400, lambda: cost(MIXED, 1201)),
    ("no quotient: the dearest of 1,00, 3,90 and 4,00 is 4,00", 400, lambda: cost(MIXED)),
    ("501 × 0,3 % = 1,503, rounded 1,50", 150, lambda: cost(OPEN_END, 501)),
    ("1 999 × 0,3 % = 5,997, rounded 6,00", 600, lambda: cost(OPEN_END, 1999)),
    ("no quotient: the dearest of 1,50 and 6,00 is 6,00", 600, lambda: cost(OPEN_END)),
]
SIBLINGS: list[Case] = [
    ("the eldest pays 2,80", 280, lambda: cost(MEAL, 700, 1)),
    ("the second: 2,80 − 20 % = 2,24", 224, lambda: cost(MEAL, 700, 2)),
    ("the fourth, as the second: 2,24", 224, lambda: cost(MEAL, 700, 4)),
    ("1,20 − 20 % = 0,96", 96, lambda: cost(MEAL, 100, 2)),
    ("3,45 − 15 % = 2,9325, rounded 2,93", 293, lambda: cost(FLAT, None, 2)),
    ("3,33 − 50 % = 1,665: half a cent rounds up, 1,67", 167, lambda: cost(ODD, None, 2)),
    ("the second of a « from the third on » pays 2,88", 288, lambda: cost(SHARE, 800, 2)),
    ("the third: 2,88 − 30 % = 2,016, rounded 2,02", 202, lambda: cost(SHARE, 800, 3)),
    ("the minimum is reduced too: 1,00 − 30 % = 0,70", 70, lambda: cost(SHARE, 0, 3)),
    ("out of the commune: no reduction, 6,80", 680, lambda: cost(OUTSIDE, None, 3)),
    (
        "three children, QF 980: 4,10 + 3,28 + 3,28 = 10,66",
        1066,
        lambda: sum(cost(MEAL, 980, n) for n in (1, 2, 3)),
    ),
    ("that day 136 times: 1 449,76", 144976, lambda: 136 * sum(cost(MEAL, 980, n) for n in (1, 2, 3))),
]
SURCHARGES: list[Case] = [
    ("not booked: 2,80 + 50 % = 4,20", 420, lambda: cost(MEAL, 700, 1, "unbooked")),
    ("not booked, the second: 2,24 + 50 % = 3,36", 336, lambda: cost(MEAL, 700, 2, "unbooked")),
    ("not booked: 3,45 + 50 % = 5,175: half a cent up, 5,18", 518, lambda: cost(FLAT, None, 1, "unbooked")),
    ("not booked: 3,33 + 10 % = 3,663, rounded 3,66", 366, lambda: cost(ODD, None, 1, "unbooked")),
    ("not booked: 3,30 and 5,00 more = 8,30", 830, lambda: cost(MIXED, 1000, 1, "unbooked")),
    ("not booked: 10,00 instead of 6,80", 1000, lambda: cost(OUTSIDE, None, 1, "unbooked")),
    (
        "not booked: 10,00 instead, also for the second child",
        1000,
        lambda: cost(OPEN_END, 400, 2, "unbooked"),
    ),
    ("not booked, nothing said of it: the price, 1,00", 100, lambda: cost(PAI, None, 1, "unbooked")),
    ("late: 2,80 + 10 % = 3,08", 308, lambda: cost(MEAL, 700, 1, "late")),
    ("late, the second: 2,24 + 10 % = 2,464, rounded 2,46", 246, lambda: cost(MEAL, 700, 2, "late")),
    ("late, the second: 2,93 + 50 % = 4,395: half a cent up, 4,40", 440, lambda: cost(FLAT, None, 2, "late")),
    ("late: 2,88 and 1,00 more = 3,88", 388, lambda: cost(SHARE, 800, 1, "late")),
    ("late: 0,01 instead, if the commune says so", 1, lambda: cost(ODD, None, 2, "late")),
    ("late, nothing said of it: 3,95", 395, lambda: cost(NO_INCOME, None, 1, "late")),
    ("not booked, no quotient: 5,60 + 50 % = 8,40", 840, lambda: cost(MEAL, None, 1, "unbooked")),
]
MONTHS: list[Case] = [
    ("QF 700 on 1, 3, 7, 8: 4 × 2,80 = 11,20", 1120, lambda: month([MEAL], [1, 3, 7, 8], [(1, 700)])),
    ("QF 900 to the 14th, 901 since: 2 × 2,80 + 2 × 4,10 = 13,80", 1380,
     lambda: month([MEAL], [8, 14, 15, 22], [(1, 900), (15, 901)])),
    ("unknown to the 9th, then 400: 2 × 5,60 + 3 × 1,20 = 14,80", 1480,
     lambda: month([MEAL], [3, 8, 10, 14, 15], [(1, None), (10, 400)])),
    ("known, then none: 1 × 1,20 + 1 × 5,60 = 6,80", 680, lambda: month([MEAL], [1, 21], [(1, 400), (20, None)])),
    ("3,00 to the 15th, 3,20 from the 16th: 2 × 3,00 + 3 × 3,20 = 15,60", 1560,
     lambda: month([AUTUMN, WINTER], [14, 15, 16, 17, 18], [(1, None)])),
    ("the second, 900 then 901: 2,24 + 3,28 = 5,52", 552,
     lambda: month([MEAL], [14, 15], [(1, 900), (15, 901)], rank=2)),
    ("three quotients: 1,20 + 2,80 + 5,60 = 9,60", 960,
     lambda: month([MEAL], [1, 11, 21], [(1, 450), (10, 451), (20, 1401)])),
]  # fmt: skip
TIME: list[Case] = [
    ("16:30–18:30 planned, 4 half-hours × 0,40 = 1,60", 160, lambda: whole(HALF_HOUR, EVENING, 600)),
    ("above 900: 4 × 0,60 = 2,40", 240, lambda: whole(HALF_HOUR, EVENING, 1000)),
    ("the second: 0,40 − 25 % = 0,30 a half-hour, × 4 = 1,20", 120, lambda: whole(HALF_HOUR, EVENING, 600, 2)),
    ("16:30–17:31: 61 min, 3 half-hours begun, 1,20", 120,
     lambda: between(HALF_HOUR, EVENING, 600, "16:30", "17:31")),
    ("16:30–17:30: exactly 2 half-hours, 0,80", 80, lambda: between(HALF_HOUR, EVENING, 600, "16:30", "17:30")),
    ("16:30–16:40: 10 min, an hour at least: 2 × 0,40 = 0,80", 80,
     lambda: between(HALF_HOUR, EVENING, 600, "16:30", "16:40")),
    ("17:00–18:05: 65 min, 3 begun, 1,20", 120, lambda: between(HALF_HOUR, EVENING, 600, "17:00", "18:05")),
    ("came at 16:15, counted from 16:30, to 18:00: 3 × 0,40 = 1,20", 120,
     lambda: between(HALF_HOUR, EVENING, 600, "16:15", "18:00")),
    ("to 18:47 without a rule of late pickup: 137 min, 5 begun, 2,00", 200,
     lambda: between(HALF_HOUR, EVENING, 600, "16:30", "18:47")),
    ("to 18:47 with one: counted to 18:30, 4 × 0,40 = 1,60", 160,
     lambda: between(HALF_HOUR, EVENING, 600, "16:30", "18:47", PICKUP)),
    ("fetched at 18:47: 17 min, 2 quarters begun × 5,00 = 10,00", 1000, lambda: late_pickup(PICKUP, at("18:47"))),
    ("fetched at 18:30: in time, nothing", 0, lambda: late_pickup(PICKUP, at("18:30"))),
    ("fetched at 18:31: a quarter begun, 5,00", 500, lambda: late_pickup(PICKUP, at("18:31"))),
    ("fetched at 18:45: one quarter, 5,00", 500, lambda: late_pickup(PICKUP, at("18:45"))),
    ("fetched at 19:40, once: 12,00", 1200, lambda: late_pickup(ONCE, at("19:40"))),
    ("not booked, 16:30–17:31: 3 × 0,40 = 1,20, + 50 % = 1,80", 180,
     lambda: between(HALF_HOUR, EVENING, 600, "16:30", "17:31", how="unbooked")),
    ("QF 700 × 0,05 % = 0,35 a quarter; 7:30–8:30 is 4: 1,40", 140, lambda: whole(QUARTER, MORNING, 700)),
    ("QF 710 × 0,05 % = 0,355: half a cent up, 0,36 × 4 = 1,44", 144, lambda: whole(QUARTER, MORNING, 710)),
    ("came and left at once: one quarter, 0,35", 35, lambda: between(QUARTER, MORNING, 700, "08:00", "08:00")),
    ("8:10–8:26: 16 min, 2 quarters × 0,35 = 0,70", 70, lambda: between(QUARTER, MORNING, 700, "08:10", "08:26")),
    ("no quotient: the most, 0,75 × 4 = 3,00", 300, lambda: whole(QUARTER, MORNING, None)),
    ("not booked: 1,40 and 2,00 more, once = 3,40", 340, lambda: whole(QUARTER, MORNING, 700, how="unbooked")),
]  # fmt: skip
AIDS: list[Case] = [
    ("2,80 less 1,00: 1,80", 180, lambda: aided([aid(100)], [(14, 1, 280)])),
    ("0,80 less 1,00: never below 0", 0, lambda: aided([aid(100)], [(14, 1, 80)])),
    ("3 × 2,80 less 3 × 1,00 = 5,40", 540, lambda: aided([aid(100)], [(14, 1, 280), (15, 1, 280), (17, 1, 280)])),
    ("8,40 less 1,00 + 1,00 + 0,50, a cap of 2,50 = 5,90", 590,
     lambda: aided([aid(100, most_cents=250)], [(14, 1, 280), (15, 1, 280), (17, 1, 280)])),
    ("a cap of 2 days: 8,40 less 2 × 1,00 = 6,40", 640,
     lambda: aided([aid(100, most_days=2)], [(14, 1, 280), (15, 1, 280), (17, 1, 280)])),
    ("the first days use it, in whatever order they come: 1,00 − 1,00, then 3,00 in full", 300,
     lambda: aided([aid(200, most_days=1)], [(17, 1, 300), (14, 1, 100)])),
    ("two slots of one day are one day: 4,00 less 2 × 1,00, the 15th in full 2,00 = 4,00", 400,
     lambda: aided([aid(100, most_days=1)], [(14, 1, 200), (14, 1, 200), (15, 1, 200)])),
    ("two children on one day are two days: 4,00 less 2 × 1,00, the 15th in full = 4,00", 400,
     lambda: aided([aid(100, most_days=2)], [(14, 1, 200), (14, 2, 200), (15, 1, 200)])),
    ("for one child: 2,80 − 1,00 + 2,80 = 4,60", 460,
     lambda: aided([aid(100, child=1)], [(14, 1, 280), (14, 2, 280)])),
    ("from the 1st to the 14th: 1,80 + 2,80 = 4,60", 460,
     lambda: aided([aid(100, end=DAY)], [(14, 1, 280), (15, 1, 280)])),
    ("of another activity: nothing off, 2,80", 280,
     lambda: aided([aid(100, activities=frozenset({"mercredis"}))], [(14, 1, 280)])),
    ("CAF 1,00 then CCAS 1,50: 2,80 − 2,50 = 0,30", 30,
     lambda: aided([aid(100), Aid(2, 150, date(2026, 9, 1))], [(14, 1, 280)])),
    ("CAF 2,00 then CCAS up to what is left, 0,80: 0", 0,
     lambda: aided([aid(200), Aid(2, 150, date(2026, 9, 1))], [(14, 1, 280)])),
    ("what CCAS does not give, it keeps: 1,00 − 1,00, then 3,00 − 1,00 − 1,50 = 0,50", 50,
     lambda: aided([aid(100), Aid(2, 150, date(2026, 9, 1), most_days=1)], [(14, 1, 100), (15, 1, 300)])),
    ("2,00 of 2,50 spent before: 2 × 2,80 less 0,50 = 5,10", 510,
     lambda: aided([aid(100, most_cents=250)], [(14, 1, 280), (15, 1, 280)], {1: Spent(200)})),
    ("a day spent before, of two: 2 × 2,80 less 1,00 = 4,60", 460,
     lambda: aided([aid(100, most_days=2)], [(14, 1, 280), (15, 1, 280)],
                   {1: Spent(100, frozenset({(1, date(2026, 9, 1))}))})),
]  # fmt: skip
CASES = AMOUNTS + RATES + MIXED_BRACKETS + SIBLINGS + SURCHARGES + MONTHS + TIME + AIDS


@pytest.mark.parametrize(("words", "cents", "asked"), CASES, ids=[words for words, _, _ in CASES])
def test_a_price_is_what_the_hand_computes(words: str, cents: int, asked: Callable[[], int]) -> None:
    assert asked() == cents, words


def test_there_are_enough_of_them_and_none_twice() -> None:
    assert len({words for words, _, _ in CASES}) == len(CASES) >= 80
