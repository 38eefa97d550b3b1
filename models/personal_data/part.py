"""How a table stands to the families it speaks of. A test holds each column of each table against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OWN = "guardian_id = {guardian}"
HOME = "family_id = {family}"
FILES = "family_id IN ({files})"  # of the home, and of the closed files that are its own
CHILDREN = "child_id IN (SELECT child_id FROM home WHERE family_id = {family})"
GUARDIANS = "guardian_id IN (SELECT id FROM guardian WHERE family_id = {family})"
# Children of this home alone: what is said of one with two homes is the other home's too.
ONLY_HERE = (
    "IN (SELECT child_id FROM home WHERE family_id = {family} "
    "AND child_id NOT IN (SELECT child_id FROM home WHERE family_id <> {family}))"
)
NOBODY = "1 = 0"

LAW = "Comptabilité publique\u00a0: dix ans."
SUMS = "Sommes, jours et numéros\u00a0: comptabilité publique, dix ans. Les noms sont vidés."
DAYS = "Jours et prix d’une réservation, sans nom\u00a0: la facture s’y appuie."
CHAIN = (
    "Qui, quand et quoi restent\u00a0: une ligne changée romprait la chaîne qui les prouve. Les détails sont vidés, "
    "hors des nombres et des jours sur lesquels les comptes s’appuient."
)
ADDED_ONLY = (
    "La base n’accepte ni changement ni effacement de cette table\u00a0: elle prouve ce qui s’est passé."
)
ENDED = "Éteint avec le compte, et n’ouvre plus rien."
NO_NAME = "Aucun nom\u00a0: seulement un numéro de ligne."


@dataclass(frozen=True, slots=True)
class Part:
    """Columns are named apart by spaces; keys (`id`, `…_id`) need no word.

    `whose` and `of` are SQL over the table, with the ids `{family}` and `{guardian}`; `whose` also
    with `{files}`: the family's, and those of the files that were merged into it.
    """

    table: str
    title: str  # French, of its list in the file; "": nothing is told
    whose: str  # the rows that leave
    told: str = ""
    plain: str = ""  # neither personal nor secret
    kept_back: str = ""  # secrets, and words of others: they never leave
    emptied: Mapping[str, Any] = field(
        default_factory=dict
    )  # by anonymising: column → what stands there then, « {id} » the row's own
    of: str = ""  # the rows that anonymising empties; "": those of the family
    stays: str = ""  # French: why what is not emptied may stay
    file: str = ""  # a column of bytes that leaves as a file, under `name`
    seal: str = ""  # a column that says whether those bytes are sealed: they leave opened

    @property
    def columns(self) -> frozenset[str]:
        return frozenset([*self.personal, *self.plain.split(), *self.emptied])

    @property
    def personal(self) -> frozenset[str]:
        return frozenset([*self.told.split(), *self.kept_back.split(), *([self.file] if self.file else [])])
