from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models import french
from models.french import drafts, orders, papers, payments
from models.rules.deadlines import PARIS
from tests.documents import samples

MONDAY = date(2018, 9, 3)
NBSP = "\u00a0"


def at(day: int, hour: int, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2018, month, day, hour, minute, tzinfo=PARIS)


def test_days_are_written_as_in_the_tutorials() -> None:
    assert french.day_long(MONDAY) == "lundi 3 septembre 2018"
    assert french.day_long(date(2018, 9, 1)) == "samedi 1er septembre 2018"
    assert french.day_without_year(MONDAY) == "lundi 3 septembre"
    assert french.day_short(MONDAY) == "Lu 03"
    assert french.day_numeric(MONDAY) == "03/09/2018"
    assert french.weekday_and_number(date(2018, 10, 1)) == "lundi 1er"
    assert french.month_name(date(2018, 8, 31)) == "août 2018"


def test_a_period_says_its_month_once_when_it_can() -> None:
    assert french.period(MONDAY, date(2018, 9, 7)) == "3 au 7 septembre"
    assert french.period(date(2018, 10, 29), date(2018, 11, 2)) == "29 octobre au 2 novembre"
    assert french.period(date(2018, 10, 1), date(2018, 10, 5)) == "1er au 5 octobre"


def test_a_moment_is_a_day_and_a_time_in_paris() -> None:
    assert french.moment(at(6, 12)) == "jeudi 6 sept. à 12:00"
    assert french.moment_long(at(6, 12)) == "jeudi 6 septembre à 12:00"
    assert french.moment(datetime(2018, 9, 6, 10, tzinfo=UTC)) == "jeudi 6 sept. à 12:00"
    assert french.moment_numeric(at(6, 12)) == "06/09/2018 à 12:00"
    assert french.moment_short(at(6, 12)) == "jeudi 6, 12:00"
    assert french.time_of_day(at(6, 7, 5)) == "07:05"


def test_midnight_belongs_to_the_day_that_ends() -> None:
    """« mercredi minuit » of the tutorials is ambiguous; nobody reads 23:59 wrongly."""
    assert french.moment_long(at(30, 0, month=8)) == "mercredi 29 août à 23:59"
    assert french.moment(at(1, 0)) == "vendredi 31 août à 23:59"
    assert french.moment_short(at(6, 0)) == "mercredi 5, 23:59"


def test_what_begins_at_midnight_begins_with_its_day() -> None:
    assert french.beginning(at(1, 0)) == "samedi 1er sept. à 00:00"
    assert french.beginning_long(datetime(2018, 8, 31, 22, tzinfo=UTC)) == "samedi 1er septembre à 00:00"


@pytest.mark.parametrize(
    ("now", "closes", "text", "hours"),
    [
        (at(3, 8, 40), at(3, 12), "Plus que 3\u00a0h\u00a020", 3),
        (at(3, 9), at(3, 12), "Plus que 3\u00a0h", 3),
        (at(3, 8, 55), at(3, 12), "Plus que 3\u00a0h\u00a005", 3),
        (at(3, 11, 15), at(3, 12), "Plus que 45\u00a0min", 0),
        (datetime(2018, 9, 3, 11, 59, 30, tzinfo=PARIS), at(3, 12), "Plus que 1\u00a0min", 0),
        (at(3, 12), at(3, 12), "Clos", None),
        (at(4, 12), at(3, 12), "Clos", None),
        (at(3, 12), at(4, 11, 59), "Plus que 23\u00a0h\u00a059", 23),
        (at(3, 12), at(4, 12), "demain", None),
        (at(3, 8), at(5, 0), "demain", None),
        (at(3, 8, 40), at(10, 12), "dans 7 jours", None),
    ],
)
def test_time_left_is_quiet_until_the_last_day(
    now: datetime, closes: datetime, text: str, hours: int | None
) -> None:
    assert french.time_left(now, closes) == text
    assert french.hours_left(now, closes) == hours


def test_the_hour_that_comes_twice_is_counted_twice() -> None:
    before, after = at(28, 1, 30, month=10), at(28, 12, month=10)
    assert french.time_left(before, after) == "Plus que 11\u00a0h\u00a030"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 réservation en attente"),
        (1, "1 réservation en attente"),
        (4, "4 réservations en attente"),
        (1200, "1\u202f200 réservations en attente"),
    ],
)
def test_the_plural_begins_at_two(count: int, text: str) -> None:
    assert french.plural(count, "réservation en attente") == text


def test_a_noun_with_an_adjective_gives_its_plural() -> None:
    assert french.plural(2, "place libre", "places libres") == "2 places libres"
    assert french.plural(2, "mois") == "2 mois"
    assert french.word(3, "enfant") == "enfants"


def test_amounts_never_break() -> None:
    assert french.euros(-340) == f"\u22123,40{NBSP}€"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Ville de Lens", "Mairie de Lens"),
        ("Commune d'Alixan", "Mairie d’Alixan"),
        ("Commune de Lézignan-la-Cèbe", "Mairie de Lézignan-la-Cèbe"),
        ("Commune des Lutins Gourmands", "Mairie des Lutins Gourmands"),
        ("Ville du Havre", "Mairie du Havre"),
        ("Le Havre", "Mairie du Havre"),
        ("Les Sables-d’Olonne", "Mairie des Sables-d’Olonne"),
        ("Étampes", "Mairie d’Étampes"),
        ("Dole", "Mairie de Dole"),
        ("La Rochelle", "Mairie de La Rochelle"),
        ("Cantine Les Lutins Gourmands", "Cantine Les Lutins Gourmands"),
        ("Communauté de communes du Pays de Lens", "Communauté de communes du Pays de Lens"),
        ("SIVOS du Val", "SIVOS du Val"),
        ("Sivry", "Mairie de Sivry"),
    ],
)
def test_the_name_of_the_mairie(name: str, said: str) -> None:
    assert french.mairie(name) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Régie scolaire", "la régie scolaire"), ("Cantine", "la régie Cantine"), ("Régie", "la régie Régie")],
)
def test_a_till_is_called_a_till_once(name: str, said: str) -> None:
    assert french.the_till(name) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Hugo"], "Hugo"),
        (["Hugo", "Jules"], "Hugo et Jules"),
        (["Hugo", "Emma", "Jules"], "Hugo, Emma et Jules"),
    ],
)
def test_names_are_told_together(names: list[str], said: str) -> None:
    assert french.together(names) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Camille Durand", "CD"), ("Anne de la Tour", "AT"), ("éloïse Roux", "ÉR"), ("Sarah", "S"), ("", "")],
)
def test_initials_are_of_the_first_and_the_last_name(name: str, said: str) -> None:
    assert french.initials(name) == said


def test_a_line_says_what_became_of_it() -> None:
    assert orders.became("waiting", 3) == "liste d’attente, rang 3"
    assert orders.became("cancel_asked", 0) == "demande d’annulation envoyée"
    assert orders.became("confirmed", 0) == ""


def test_what_left_a_draft_is_counted_and_explained() -> None:
    assert drafts.lost(1, "full", "add") == f"1 réservation a été retirée{NBSP}: il n’y a plus de place."
    assert drafts.lost(2, "late", "cancel") == f"2 annulations ont été retirées{NBSP}: la limite est passée."


def test_a_weight_is_said_in_the_larger_unit() -> None:
    sizes = {
        78: "0,1 Ko",
        256 * 1024: "256 Ko",
        10 * 1024**2: "10 Mo",
        5 * 1024**2 // 2: "2,5 Mo",
        1024**2 - 1: "1\u202f023,9 Ko",
    }
    assert {size: french.weight(size) for size in sizes} == {
        size: said.replace(" ", NBSP) for size, said in sizes.items()
    }


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"add": 3, "membership": 1}, "3 réservations, 1 adhésion"),
        ({"add": 1, "cancel": 2, "debt": 1}, "1 réservation, 2 annulations, restant dû"),
        ({"membership": 1, "void": 1}, "2 adhésions"),
        ({"invoice": 2, "advance": 1}, "2 factures, avance"),
    ],
)
def test_a_payment_says_what_it_is_for(numbers: dict[str, int], said: str) -> None:
    assert payments.purpose(numbers) == said


@pytest.mark.parametrize(
    ("sex", "said"), [("F", "née, inscrite"), ("M", "né, inscrit"), ("", "né(e), inscrit(e)")]
)
def test_words_agree_with_a_child(sex: str, said: str) -> None:
    assert french.agreed("né(e), inscrit(e)", sex) == said
    paper = replace(samples.ENROLMENT, sex=sex, school="")
    assert f"{said.split(', ')[0]} le 21" in papers.enrolment_sentences(paper)[0]
    assert f"est {said.split(', ')[1]} aux" in papers.enrolment_sentences(paper)[0]
