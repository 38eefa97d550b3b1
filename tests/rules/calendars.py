"""The calendars of two communes, and timetables on them."""

from datetime import date

from models.rules.calendar import (
    Closure,
    SchoolCalendar,
    Span,
)

LEZIGNAN = SchoolCalendar(
    starts=date(2016, 9, 1),
    ends=date(2017, 7, 7),
    holidays=(
        Span(date(2016, 10, 20), date(2016, 11, 2), "Vacances de la Toussaint"),
        Span(date(2016, 12, 17), date(2017, 1, 2), "Vacances de Noël"),
        Span(date(2017, 2, 4), date(2017, 2, 19), "Vacances d’hiver"),
        Span(date(2017, 4, 1), date(2017, 4, 17), "Vacances de printemps"),
        Span(date(2017, 5, 26), date(2017, 5, 28), "Pont de l’Ascension"),
        Span(date(2017, 7, 8), date(2017, 9, 3), "Vacances d’été"),
    ),
    public_holidays={
        date(2016, 11, 1): "Toussaint",
        date(2016, 11, 11): "Armistice 1918",
        date(2016, 12, 25): "Noël",
        date(2017, 1, 1): "Jour de l’an",
        date(2017, 4, 17): "Lundi de Pâques",
        date(2017, 5, 1): "Fête du Travail",
        date(2017, 5, 8): "Victoire 1945",
        date(2017, 5, 25): "Ascension",
        date(2017, 6, 5): "Lundi de Pentecôte",
        date(2017, 7, 14): "Fête nationale",
    },
    closures=(
        Closure(date(2016, 9, 15), date(2016, 9, 15), "Grève"),
        Closure(date(2016, 11, 10), date(2016, 11, 11), "Travaux", frozenset({"village"})),
        Closure(date(2016, 11, 21), date(2016, 11, 25), "Cuisine en panne", None, frozenset({"cantine"})),
        Closure(
            date(2016, 12, 5), date(2016, 12, 5), "Sortie", frozenset({"village"}), frozenset({"cantine"})
        ),
        Closure(date(2016, 12, 15), date(2017, 1, 4), "Chaudière"),
    ),
    weekdays=frozenset(range(5)),  # Wednesday mornings too, in that year
)
