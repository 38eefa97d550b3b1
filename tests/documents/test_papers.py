"""Each paper as others read it: its words in order, its amounts, its structure."""

import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from jobs.documents import render, render_together
from models import french
from tests.documents import samples
from tests.documents.reading import check, fonts, information, layout, picture, places_of_words, words


def euros(cents: int) -> str:
    """As poppler reads it."""
    return french.euros(cents).replace("\u00a0", " ").replace("\u202f", " ")


@cache
def pdf_of(name: str) -> bytes:
    return render(samples.PAPERS[name])


each_paper = pytest.mark.parametrize("name", samples.PAPERS)
AMOUNT = re.compile(r"−?[0-9]{1,3}(?: [0-9]{3})*,[0-9]{2} €")


@each_paper
def test_the_same_paper_has_the_same_bytes(name: str) -> None:
    assert pdf_of(name) == render(replace(samples.PAPERS[name]))


def test_another_process_draws_the_same_bytes() -> None:
    code = (
        "import sys; from jobs.documents import render; from tests.documents.samples import INVOICE; "
        "sys.stdout.buffer.write(render(INVOICE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == render(samples.INVOICE)


def test_another_amount_has_other_bytes() -> None:
    assert render(samples.INVOICE) != render(replace(samples.INVOICE, adjustments=()))


@each_paper
def test_a_paper_is_sound(name: str, tmp_path: Path) -> None:
    pdf = pdf_of(name)
    assert "No syntax or stream encoding errors found" in check(pdf, tmp_path)
    assert len(pdf) < 40_000


@each_paper
def test_a_paper_says_its_title_and_its_language(name: str) -> None:
    pdf = pdf_of(name)
    said = information(pdf)
    assert said["Title"].endswith(", Ville de Val-Fleuri")
    assert said["Producer"] == "Portail Famille"
    assert said["Page size"].endswith("(A4)")
    assert b"/Lang (fr)" in pdf
    assert said["Tagged"] == "no"  # nor does it claim to be: the page in the portal is the accessible version


@each_paper
def test_the_faces_are_embedded_and_cut(name: str) -> None:
    found = fonts(pdf_of(name))
    assert sorted(font[0].partition("+")[2] for font in found) == ["Roboto", "RobotoBold"]
    assert {tuple(font[4:7]) for font in found} == {("yes", "yes", "yes")}


def test_an_invoice_is_read_in_its_order() -> None:
    said = words(pdf_of("invoice"), "-raw")  # as it was drawn, and as it is read aloud
    order = [
        "Ville de Val-Fleuri",
        "Régie scolaire",
        "1 place du Marché",
        "04 76 00 00 00",
        "famille@val-fleuri.example",
        "Mme Sophie MOREAU",
        "14 rue des Tilleuls",
        "S-2026-0133",
        "du 01/10/2026 au 31/10/2026",
        "Facture d’octobre 2026",
        "Accueil du soir",
        "Restaurant scolaire",
        "Votre quotient familial : 980",
        "Total de la facture",
        "Net à payer avant le 04/12/2026",
        "Payer en ligne",
        "tribunal administratif de Grenoble",
        "Talon à joindre au chèque",
    ]
    places = [said.index(text) for text in order]
    assert places == sorted(places)


def test_six_lines_of_address_stand_in_the_window_of_the_envelope() -> None:
    """DL with its window on the right: 110 to 195 mm across, 49 to 80.5 mm down."""
    addressed = {word for text in samples.FAR_AWAY.lines for word in text.split()}
    right = [word for word in places_of_words(pdf_of("wide")) if word.left > 100 and word.top < 99]
    found = [word for word in right if word.text in addressed]
    assert {word.text for word in found} == addressed
    assert all(word.left >= 110 and word.right <= 195 for word in found)
    assert all(word.top >= 49 and word.bottom <= 80.5 for word in found)


def test_the_marks_say_where_to_fold(tmp_path: Path) -> None:
    page = picture(pdf_of("invoice"), tmp_path, 254)  # ten dots a millimetre
    edge = page.crop((20, 0, 21, page.height)).tobytes()
    dark = [place for place, shade in enumerate(edge) if shade < 200]
    assert {round(place / 10) for place in dark} == {99, 198}


def test_an_invoice_says_each_of_its_amounts() -> None:
    said = AMOUNT.findall(words(render(samples.INVOICE)))
    lines = [euros(cents) for line in samples.INVOICE.lines for cents in (line.unit_cents, line.cents)]
    assert [amount for amount in said if amount in lines] == lines
    assert said.count(euros(2452)) == 3  # in the references, below the lines, on the slip
    assert {euros(2780), euros(-328), euros(700), euros(400), euros(-100)} <= set(said)


def test_an_invoice_says_what_the_law_asks() -> None:
    said = words(render(samples.INVOICE)).replace("\n", " ")
    for text in (
        "Claire Dumont, régisseuse titulaire",
        "L. 1617-5 du code général des collectivités territoriales",
        "dans les deux mois qui suivent sa réception",
        "identifiant de la collectivité : 038999, référence : 2026S0133",
        "chèque à l’ordre de « Régie scolaire de Val-Fleuri »",
        "Du 01/10/2026 au 31/10/2026",
        "dont repas : 7,00 €, accueil : 4,00 €",
    ):
        assert text in said, text


def test_a_title_says_that_it_is_one_and_can_be_paid_at_a_tobacconist() -> None:
    said = words(render(samples.TITLE)).replace("\n", " ")
    assert "Titre exécutoire, article L. 252 A" in said
    assert "Chez un buraliste" in said and "jusqu’à 300 €" in said
    assert "Dette 16043631 S" in said
    plain = words(render(samples.INVOICE))
    assert "Titre exécutoire" not in plain and "buraliste" not in plain


def test_who_is_debited_is_not_asked_to_pay() -> None:
    said = words(render(samples.DEBITED)).replace("\n", " ")
    assert "Vous n’avez rien à faire" in said
    assert "prélevée le 20 novembre 2026 sur le compte FR76 •••• 0189 (mandat VF1002-2026-1)" in said
    assert (
        "Talon" not in said
        and "Payer en ligne" not in said
        and "avant le" not in said.partition("Une question")[0]
    )


def test_nothing_to_pay_asks_for_nothing() -> None:
    said = words(render(samples.NOTHING_DUE))
    assert "Rien à payer, il vous reste un avoir de" in said and euros(2220) in said
    assert "Payer en ligne" not in said and "Talon" not in said and "titre de recettes" not in said


def test_sixty_lines_are_carried_from_page_to_page() -> None:
    pdf = render(samples.LONG)
    pages = layout(pdf).split("\f")[:-1]
    assert len(pages) == int(information(pdf)["Pages"]) > 1
    carried = 0
    for number, page in enumerate(pages, 1):
        assert f"Page {number}/{len(pages)}" in page
        if number > 1:
            assert euros(carried) in re.findall(r"Report +(\S.*)", page)[0]
            assert "Facture n° S-2026-0133, MOREAU Sophie" in page
        shown = [
            line for line in samples.LONG.lines if re.search(rf" {re.escape(euros(line.cents))}(\n|$)", page)
        ]
        carried += sum(line.cents for line in shown)
        if number < len(pages):
            assert euros(carried) in re.findall(r"À reporter +(\S.*)", page)[0]
    assert carried == samples.LONG.cents
    assert "Talon" in pages[-1] and not any("Talon" in page for page in pages[:-1])


def test_one_page_has_no_number() -> None:
    assert "Page 1" not in words(render(samples.INVOICE))


def test_long_names_and_six_figures_are_whole() -> None:
    said = words(render(samples.WIDE))
    for text in (
        *samples.FAR_AWAY.lines,
        "123 456,78 €",
        "123 494,48 €",
        "−7,50 €",
        "−3",
    ):
        assert text in said, text


def test_a_receipt_says_figures_words_and_change() -> None:
    said = words(render(samples.RECEIPT))
    for text in (
        "trente-quatre euros et soixante et onze centimes",
        "34,71 €",
        "40,00 €",
        "5,29 €",
        "05/11/2026 à 10:50",
    ):
        assert text in said, text
    exact = words(render(replace(samples.RECEIPT, means="chèque", details="n° 0000123", tendered_cents=None)))
    assert "chèque (n° 0000123)" in exact and "Rendu" not in exact


def test_a_credit_note_names_its_invoice_and_its_reason() -> None:
    said = words(render(samples.CREDIT_NOTE))
    for text in (
        "n° S-2026-0133 du 04/11/2026",
        "Absence pour maladie",
        "−2,40 €",
        "déduit de votre prochain règlement",
    ):
        assert text in said, text
    assert "titre de recettes" not in said


def test_a_certificate_says_each_child_and_the_year() -> None:
    said = words(render(samples.CERTIFICATE)).replace("\n", " ")
    for text in (
        "entre le 1er janvier et le 31 décembre 2026",
        "03/05/2021",
        "457,30 €",
        "80,00 €",
        "537,30 €",
        "résidence alternée",
    ):
        assert text in said, text


def test_a_statement_shows_the_balance_after_each_movement() -> None:
    rows = [line for line in layout(render(samples.STATEMENT)).splitlines() if re.match(r" *[0-9]{2}/", line)]
    assert [AMOUNT.findall(row)[-1] for row in rows] == [
        euros(cents) for cents in (-340, 1460, 0, -328, 2452)
    ]


def test_a_deposit_lists_cheques_below_their_total() -> None:
    said = layout(render(samples.DEPOSIT))
    order = ["Espèces", "pièces de 0,20", "Chèques", "LEROY Thomas", "BENALI Nora", "CESU", "181,20"]
    places = [said.index(text) for text in order]
    assert places == sorted(places)
    assert "cent quatre-vingt-un euros et vingt centimes" in said


def test_a_reminder_gets_firmer_and_stays_kind() -> None:
    kind, firm, last = (words(render(paper)).replace("\n", " ") for paper in samples.REMINDERS)
    assert "Un oubli arrive à tout le monde" in kind and "titre de recettes" not in kind
    assert "un échéancier est souvent possible" in firm and "Malgré notre premier rappel" in firm
    assert "nous émettrons un titre de recettes" in last and "convenir d’un échéancier" in last
    assert all("la réception de chaque facture" in said for said in (kind, firm, last))


def test_the_contents_of_a_rulebook_say_its_pages() -> None:
    pages = words(pdf_of("rulebook"), "-layout").split("\f")[:-1]
    assert len(pages) > 1
    for section in samples.RULEBOOK.sections:
        [number] = re.findall(rf"{section.title} +([0-9]+)\n", pages[0])
        found = [n for n, page in enumerate(pages, 1) if re.search(rf"(?m)^ *{section.title}$", page)]
        assert found == [int(number)], section.title
    assert "1,20 €" in pages[0] and "Page 1/" in pages[0]


def test_many_papers_are_one_file_each_with_its_own_pages() -> None:
    together = render_together([samples.INVOICE, samples.LONG, samples.WIDE])
    alone = [
        int(information(render(paper))["Pages"]) for paper in (samples.INVOICE, samples.LONG, samples.WIDE)
    ]
    assert int(information(together)["Pages"]) == sum(alone)
    pages = words(together).split("\f")
    assert "Page" not in pages[0] and f"Page 1/{alone[1]}" in pages[1] and "Page" not in pages[-2]
    assert "LA ROCHEFOUCAULD" in pages[-2]
    assert together == render_together([samples.INVOICE, samples.LONG, samples.WIDE])


def test_no_paper_is_no_file() -> None:
    with pytest.raises(ValueError, match="no paper"):
        render_together([])
