"""Which passwords anybody would try first."""

import pytest

from models.rules.passwords import weakness

KNOWN = ("Léa", "Durand", "durand15", "lea@durand.example", "Chloé", "Ville de Lens")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"),
        ("onze lettre", "short"),
        ("Kz7!pQ2w", "short"),
        ("x" * 129, "long"),
        ("aaaaaaaaaaaa", "common"),
        ("123456789012", "common"),
        ("290820180310", "common"),  # a date twice over: figures alone
        ("azertyuiop12", "common"),
        ("qwertyuiop!!", "common"),
        ("abcabcabcabc", "common"),
        ("abcdefghijkl", "common"),
        ("MotDePasse123", "common"),
        ("M0tDeP@sse2024!", "common"),
        ("password1234", "common"),
        ("Bonjour-2018!", "common"),
        ("jetaimedoudou62", "common"),
        ("portail-famille-demo", "common"),
        ("Chloé-Durand-2010", "common"),
        ("durand150620", "common"),
        ("lens lens 62300", "common"),
        ("mot de passe de Léa", None),
        ("trois chats sous la pluie", None),
        ("kR7v-pX2m-9dQe", None),
        ("7193820465381947", None),  # sixteen figures
        ("il pleut souvent ici", None),
        ("ÉtéÀLaPlageEnVélo", None),
    ],
)
def test_what_anybody_would_try_is_refused(password: str, why: str | None) -> None:
    assert weakness(password, KNOWN) == why


def test_a_name_only_counts_for_its_own_account() -> None:
    assert weakness("Hippolyte-Zoubida-12", ["Hippolyte Zoubida"]) == "common"
    assert weakness("Hippolyte-Zoubida-12", ["Durand"]) is None
