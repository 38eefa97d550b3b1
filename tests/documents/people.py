"""Who sends the papers of Val-Fleuri and who gets them."""

from models.rules.papers import Addressee, Issuer

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 52 60">'
    b'<path d="M4 2h44v32c0 13-11 20-22 24C15 54 4 47 4 34z" fill="#1B6B4A"/>'
    b'<path d="M4 33c8-8 15-8 22 0s14 8 22 0v1c0 13-11 20-22 24C15 54 4 47 4 34z" fill="#9BBEAF"/></svg>'
)
ISSUER = Issuer(
    commune="Ville de Val-Fleuri",
    service="Régie scolaire",
    address=("1 place du Marché", "38999 Val-Fleuri"),
    phone="04 76 00 00 00",
    email="famille@val-fleuri.example",
    colour="#1B6B4A",
    logo=LOGO,
    signatory="Claire Dumont",
    quality="régisseuse titulaire",
)
MOREAU = Addressee(
    lines=("Mme Sophie MOREAU", "14 rue des Tilleuls", "38999 VAL-FLEURI"),
    name="MOREAU Sophie",
    number="VF-1002",
)
FAR_AWAY = Addressee(
    lines=(
        "Madame Marie-Christine de LA ROCHEFOUCAULD",
        "Appartement 14, escalier C, 3e étage",
        "Résidence Les Hauts de Val-Fleuri",
        "148 bis avenue du Général-de-Gaulle",
        "BP 90123 – Lieu-dit Œuilly-l’Église",
        "38999 SAINT-MARTIN-D’URIAGE CEDEX 09",
    ),
    name="de LA ROCHEFOUCAULD Marie-Christine",
    number="VF-100234",
)
