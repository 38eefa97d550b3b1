"""The words that pages and e-mails share. Pure: a value in, French out; the screens' own sentences stay with them."""

from models.french.dates import (
    day_and_month,
    day_long,
    day_numeric,
    day_short,
    day_without_year,
    hours_left,
    moment,
    moment_long,
    moment_numeric,
    moment_short,
    month_name,
    period,
    time_left,
    time_of_day,
    weekday,
    weekday_and_number,
)
from models.french.names import initials, mairie, quoted, roles, the_till, together
from models.french.numbers import plural, wait, weight, word
from models.rules.money import euros, grouped

__all__ = [
    "day_and_month",
    "day_long",
    "day_numeric",
    "day_short",
    "day_without_year",
    "euros",
    "grouped",
    "hours_left",
    "initials",
    "mairie",
    "moment",
    "moment_long",
    "moment_numeric",
    "moment_short",
    "month_name",
    "period",
    "plural",
    "quoted",
    "roles",
    "the_till",
    "time_left",
    "time_of_day",
    "together",
    "wait",
    "weekday",
    "weekday_and_number",
    "weight",
    "word",
]
