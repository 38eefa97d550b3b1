"""What pages say of a password that is chosen."""

from models.rules.passwords import LONGEST, SHORTEST, SHORTEST_OF_STAFF

HINT = f"{SHORTEST} caractères minimum. Une phrase facile à retenir convient."
HINT_OF_STAFF = f"{SHORTEST_OF_STAFF} caractères minimum. Une phrase facile à retenir convient."
WEAK = {
    "short": f"Le mot de passe doit avoir {SHORTEST} caractères au minimum.",
    "long": f"Le mot de passe doit avoir {LONGEST} caractères au maximum.",
    "common": "Ce mot de passe est trop courant. Choisissez-en un autre.",
}
WEAK_OF_STAFF = {
    **WEAK,
    "short": f"Le mot de passe doit avoir {SHORTEST_OF_STAFF} caractères au minimum.",
}
DIFFERENT = "Les deux mots de passe sont différents."
