"""Which passwords are too easy to guess: those of the usual lists, and what anybody knows of the family.

Twelve characters keep out most of those lists; what is left of them is short words put together, keys side by
side, and digits added at the end. No other rule: a sentence that is easy to remember is welcome.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

SHORTEST, LONGEST = 12, 128
SHORTEST_OF_STAFF = 16  # what an agent opens is everybody's
DIGITS_ALONE = 16  # so many digits are worth twelve letters
TURNS = 5  # fewer changes of direction than that: keys side by side, or one key held
ROWS = ("1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm")
LOOK_ALIKE = str.maketrans("01345789@$!€", "oleastbgasie")

_COMMON = """
    abc admin administrateur amour ange angel anniversaire asse azer azerty baby barcelona basket batman
    bebe biche bisou bisous bonjour bonsoir boulot bretagne camille cantine caramel changeme changezmoi
    chaton cheri cherie cheval chien chocolat chouchou coeur commun commune connexion coucou default demo
    diamond dieu dimanche doudou dragon ecole enfant enfants famille familles foot football france freedom
    garderie google hello iloveyou internet jesus jetaime jeudi juillet julien laposte letmein liberte
    licorne login loulou louloute love lundi lyon mairie maison maman marseille master maternelle merci
    mercredi mickael minecraft modepasse moi mon monamour monkey mot motdepass motdepasse naruto nathalie
    nicolas nutella olympique orange ordinateur papa parents paris pass passe passer passw password passwort
    periscolaire pokemon portail princess princesse provence psg qsdf qwerty root salut samedi secret sesame
    soleil starwars sunshine super superman test thomas titi toto toulouse user utilisateur vacances
    vendredi ville welcome wxcvbn
"""
COMMON = tuple(_COMMON.split())


def weakness(password: str, known: Iterable[str] = (), shortest: int = SHORTEST) -> str | None:
    """« short », « long » or « common »; None for one that will do. `known`: names that go with the account."""
    if len(password) < shortest:
        return "short"
    if len(password) > LONGEST:
        return "long"
    return "common" if _common(password, known) else None


def _common(password: str, known: Iterable[str]) -> bool:
    plain = _plain(password)
    if plain.isdecimal() and len(plain) < DIGITS_ALONE:
        return True
    if sum(_turns(one, next) for one, next in pairwise(plain)) < TURNS or _repeats(plain):
        return True
    words = {*COMMON, *(part for name in known for part in _parts(name))}
    made = re.compile(f"(?:{'|'.join(sorted(words, key=len, reverse=True))}){{1,3}}")
    return any(made.fullmatch(core) for core in _cores(plain))


def _cores(plain: str) -> set[str]:
    """Its letters, with and without figures read as letters; what was added around or between does not count."""
    letters = re.sub(r"[^a-z]", "", plain)
    read = re.sub(r"[^a-z]", "", plain.rstrip("0123456789!?.*@$€-_ ").translate(LOOK_ALIKE))
    return {letters, read} - {""}


def _turns(one: str, next: str) -> bool:
    """Is the second key neither the same, nor the next of the alphabet, nor beside it on a keyboard?"""
    if one == next or abs(ord(one) - ord(next)) == 1:
        return False
    return not any(one + next in row or next + one in row for row in ROWS)


def _repeats(plain: str) -> bool:
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1))


def _parts(name: str) -> set[str]:
    """« Jean-Luc MARTIN » is jean, luc, martin."""
    return {part for part in re.split(r"[^a-z]+", _plain(name)) if len(part) > 2}


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    return "".join(letter for letter in split if not unicodedata.combining(letter)).lower()
