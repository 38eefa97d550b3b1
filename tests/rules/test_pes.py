"""The accountant's file: keys by hand, fields as they must be, and nothing that he would refuse."""

from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from models.rules.papers.pes import TO_VALIDATE, Debt, Sender, keys, plain, written

SENDER = Sender(
    post="038012", siret="21380001200017", collectivity="816", budget="00", product="CANT", bordereau="5",
    on=date(2025, 11, 3), subject="Régie scolaire d’octobre",
)  # fmt: skip
ADDRESS = "Chez M. Petit\n3 rue de l’Église\n38000 Grenoble"
DEBT = Debt(
    2025001000017,
    "2025-00017",
    10,
    4620,
    "D’Évreux-Nœl",
    "Chloé",
    "Chez M. Petit\n3 rue de l’Église\n38000 Grenoble",
)


def test_the_keys_by_hand() -> None:
    """816 · 5 · 25 · 0 · 2025001000017 from the right, by 2, 3, 4, 5, 6, 7 and again: 14 + 3 + 2 + 25 + 12 + 4 + 20
    + 10 + 30 + 42 + 2 + 24 = 188, whose rest by 11 is 1; 11 − 1 is above 9, so 1.
    250002025001000017 by 23 leaves 5: F."""
    assert keys(SENDER, DEBT) == ("1", "F")


def test_a_file_says_what_is_owed_and_what_it_is_worth() -> None:
    said = "".join(written(SENDER, [DEBT, replace(DEBT, number=2025001000018, cents=1500)], "PESORMC1.xml"))
    assert TO_VALIDATE in said and said.encode("ascii")
    root = ElementTree.fromstring(said)  # noqa: S314 (our own)
    assert root.tag == "{http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller}PES_Aller"

    def value(path: str) -> list[str]:
        return [found.attrib["V"] for found in root.findall(f".//{path}")]

    assert (
        value("TypFic") == ["PESORMC"] and value("IdPost") == ["038012"] and value("IdColl") == [SENDER.siret]
    )
    assert value("TypBord") == ["06"] and value("NbrPce") == ["2"] and value("MtBordHt") == ["61.20"]
    assert value("Objet") == ["REGIE SCOLAIRE D'OCTOBRE"]
    assert value("IdPce") == ["1", "2"] and value("TypPce") == ["15"] * 2 and value("NatPce") == ["01"] * 2
    assert value("NumDette") == ["2025001000017", "2025001000018"] and value("MtHT") == ["46.20", "15.00"]
    assert value("Per")[0] == "0" and value("CodProdLoc")[0] == "CANT" and value("CatTiers")[0] == "01"
    assert value("Nom")[0] == "D'EVREUX-NOEL" and value("Prenom")[0] == "CHLOE"
    assert (value("Adr2")[0], value("CP")[0], value("Ville")[0]) == ("3 RUE DE L'EGLISE", "38000", "GRENOBLE")
    piece = root.find(".//BlocPiece")
    assert piece is not None
    assert [one.tag for one in piece] == [
        "IdPce",
        "TypPce",
        "NatPce",
        "ObjPce",
        "NumDette",
        "Per",
        "Cle1",
        "Cle2",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("post", "38012"), ("post", "02C123"), ("siret", "2138000120001"), ("collectivity", "81"), ("budget", "0"),
        ("product", "CANTINE"), ("bordereau", "0"), ("bordereau", "12345678"),
    ],
)  # fmt: skip
def test_a_code_that_would_be_refused_is_told(field: str, value: str) -> None:
    sender = replace(SENDER, **{field: value})  # type: ignore[arg-type]
    assert sender.wrong() == {field}
    with pytest.raises(ValueError, match=field):
        next(written(sender, [DEBT], "x.xml"))
    assert SENDER.wrong() == set()


@pytest.mark.parametrize(
    "address", ["", "38000 Grenoble", "3 rue des Lilas", "3 rue des Lilas\n3800 Grenoble"]
)
def test_an_address_without_its_parts_is_told(address: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        _ = replace(DEBT, address=address).place


def test_nothing_to_recover_is_no_file() -> None:
    with pytest.raises(ValueError, match=r"\[\]"):
        next(written(SENDER, [], "x.xml"))


def test_words_are_capitals_without_accents() -> None:
    assert plain("Ça & <là>, “ok”") == "CA LA OK" and len(plain("x" * 60)) == 38
