"""What is on the papers that somebody signs."""

from jobs.documents import render
from tests.documents import signed
from tests.documents.reading import words


def test_a_mandate_masks_nothing_and_is_to_be_signed() -> None:
    said = " ".join(words(render(signed.PAPERS["mandate"])).split())
    for part in (
        "Mandat de prélèvement SEPA",
        "SCOLAIRE-VF-1002-1",
        "FR12ZZZ123456",
        "FR76 3000 6000 0112 3456 7890 189",
        "vous autorisez RÉGIE SCOLAIRE DE VAL-FLEURI à envoyer des instructions à votre banque",
        "dans les 8 semaines suivant la date de débit",
        "Signature du titulaire du compte",
    ):
        assert part in said, part
    assert "Signé en ligne le 05/11/2026" in words(render(signed.PAPERS["mandate, online"]))


def test_a_discharge_says_the_sum_in_words_and_where_to_sign() -> None:
    said = " ".join(words(render(signed.PAPERS["discharge"])).split())
    for part in (
        "Décharge n°",
        "D2026-00012",
        "3,28 €",
        "trois euros et vingt-huit",
        "Signature du régisseur",
    ):
        assert part in said, part
