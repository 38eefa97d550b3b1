"""Where menus are written, and by whom."""

from web.page.menu import Entry

PLACE = "/mairie/menus"
FILE = f"{PLACE}/fichier"
menu = Entry(
    PLACE,
    "Menus",
    "meal",
    roles=("kitchen", "manager"),
    order=81,
    about="La semaine de la cantine, avec ses allergènes",
)
