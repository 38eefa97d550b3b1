"""What an activity lacks, in the words of its screens."""

from models.activities.definition.mistake import Mistake
from web.components.admin.activities import words as words_of


def test_a_limit_that_both_lack_is_said_once() -> None:
    lacks = [Mistake("deadlines", key, "aucune limite pour « mon », « tue »") for key in ("book", "cancel")]
    other = Mistake("groups[0]", "levels", "attendu")
    assert words_of.all_said([*lacks, other]) == [
        "Réserver, Annuler : aucune limite pour « lundi », « mardi ».",
        "Niveaux : attendu.",
    ]
