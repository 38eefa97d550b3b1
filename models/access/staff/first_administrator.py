"""The first administrator of a new installation, who lets the others in: asked for on the terminal."""

from dataclasses import dataclass
from datetime import datetime

from models.access import passwords
from models.access.guardian_account import known
from models.access.member import Member
from models.access.staff import members
from models.access.staff.members import NameTaken
from models.rules.accounts import usernames
from models.rules.accounts.addresses import is_address
from models.rules.passwords import LONGEST, SHORTEST_OF_STAFF, weakness

WELCOME = "Compte créé\u00a0: {}. Connectez-vous, puis suivez /mairie/demarrage."
WEAK = {
    "short": f"Le mot de passe doit avoir {SHORTEST_OF_STAFF} caractères au minimum.",
    "long": f"Le mot de passe doit avoir {LONGEST} caractères au maximum.",
    "common": "Ce mot de passe est trop courant. Choisissez-en un autre.",
}


class Unfit(Exception):
    """What was said makes no administrator; the text is for who typed it."""


@dataclass(frozen=True, slots=True)
class Said:
    name: str
    email: str
    username: str
    password: str


async def make(said: Said, now: datetime) -> Member:
    """Raises Unfit."""
    username = usernames.plain(said.username)
    if not said.name.strip() or not is_address(said.email) or usernames.flaw(username):
        raise Unfit(
            "Il faut un prénom et un nom, une adresse e-mail et un identifiant sans espace ni accent."
        )
    asked = Member(username=username, name=said.name, email=said.email, roles=[])
    if why := weakness(said.password, await known(asked), SHORTEST_OF_STAFF):
        raise Unfit(WEAK[why])
    hashed = await passwords.hash(said.password)
    try:
        made = await members.first(username, said.name.strip(), said.email, hashed, now)
    except NameTaken:
        raise Unfit(f"L’identifiant «\u00a0{username}\u00a0» est déjà pris.") from None
    if made is None:
        raise Unfit(
            "Il y a déjà un agent\u00a0: un administrateur invite les autres sur /mairie/utilisateurs."
        )
    return made
