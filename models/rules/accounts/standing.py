"""Where an account stands."""

from typing import Literal

Standing = Literal["none", "open", "blocked"]  # nobody has opened it yet; in use; closed by the mairie


def standing(*, has_password: bool, is_blocked: bool) -> Standing:
    if is_blocked:
        return "blocked"
    return "open" if has_password else "none"
