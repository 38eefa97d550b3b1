"""`[commune.menu]`: which entries the parents' menu has, and what the commune calls them."""

from collections.abc import Mapping

LONGEST_ENTRY = 24  # letters: it stands under the thumb too
ALWAYS = ("accueil", "planning", "recapitulatif")  # what the portal is: other words, but always there
USUAL = ("factures", "messages", "inscriptions")  # there, where the commune has something of it
ASKED_FOR = ("actualites", "menus")  # only where the commune says so
ENTRIES = (*ALWAYS, *USUAL, *ASKED_FOR)


def words(menu: Mapping[str, str | bool] | None, entry: str, usual: str) -> str | None:
    """What an entry is called; None where it is not offered. `usual`: its words where the commune has none."""
    said = (menu or {}).get(entry, entry not in ASKED_FOR)
    return said if isinstance(said, str) else usual if said else None
