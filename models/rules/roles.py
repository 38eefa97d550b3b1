"""Who may open which page of the mairie, by role."""

from collections.abc import Collection

ADMINISTRATOR = "administrator"
ROLES = (ADMINISTRATOR, "manager", "cashier", "kitchen", "leader", "reader")


def may(held: Collection[str], opened: Collection[str], *, change: bool = False) -> bool:
    """May somebody who holds these roles open what is opened to those, or, with `change`, act there?

    An administrator may everything. A reader reads what a manager sees, and changes nothing.
    """
    let_in = {ADMINISTRATOR, *opened}
    if "manager" in let_in:
        let_in.add("reader")
    if change:
        let_in.discard("reader")
    return not let_in.isdisjoint(held)
