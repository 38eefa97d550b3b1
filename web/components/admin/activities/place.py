"""Where the activities are, who opens them, and what a tab of one shows."""

from web.page.menu import Entry

PLACE = "/mairie/activites"
menu = Entry(
    PLACE,
    "Activités",
    "plan",
    roles=("manager",),
    order=46,
    about="Ce qui se réserve\u00a0: jours, places, délais et tarifs",
)
