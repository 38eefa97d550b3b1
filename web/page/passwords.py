"""What pages say of a password that is chosen."""

from models.rules.passwords import LONGEST, SHORTEST

HINT = f"{SHORTEST} caractères minimum. Une phrase facile à retenir convient."
WEAK = {
    "short": f"Le mot de passe doit avoir {SHORTEST} caractères au minimum.",
    "long": f"Le mot de passe doit avoir {LONGEST} caractères au maximum.",
    "common": "Ce mot de passe est trop courant. Choisissez-en un autre.",
}
DIFFERENT = "Les deux mots de passe sont différents."
