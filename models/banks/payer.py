"""What a bank is told of who pays. Their own words go into a form that the portal signs, so they must not hold what
separates its parts: PayZen joins values with « + », Paybox pairs with « & », and a form that reads two ways could be
sent back as another message.
"""

import re

from models.commune.commune import Commune

PLAIN = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+")
LENGTHS = range(6, 81)  # of an address at PayFiP, the narrowest


def is_plain(email: str) -> bool:
    return PLAIN.fullmatch(email) is not None and len(email) in LENGTHS


async def address(email: str) -> str:
    """Theirs, for a bank that must have one; the mairie's stands for one that cannot be told."""
    if is_plain(email):
        return email
    commune = await Commune.all().first()
    return commune.email if commune else ""
