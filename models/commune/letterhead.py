"""What stands at the head of every paper of the commune: who writes, from where."""

from models.commune.commune import Commune
from models.rules.papers import Issuer

COLOUR = "#1D4ED8"  # of a commune that chose none
MOST_LINES = 4  # of the address


def issuer(commune: Commune | None, service: str = "", signatory: str = "", quality: str = "") -> Issuer:
    """Empty but for the service where no commune is loaded. `signatory`, `quality`: who signs a till's papers.

    `commune` comes from `Commune.with_logo`.
    """
    return Issuer(
        commune=commune.name if commune else "",
        service=service,
        address=tuple(commune.address.split(", ")[:MOST_LINES]) if commune else (),
        phone=commune.phone if commune else "",
        email=commune.email if commune else "",
        colour=commune.colour if commune and commune.colour else COLOUR,
        logo=commune.own_logo.content if commune and commune.own_logo else None,
        signatory=signatory,
        quality=quality,
    )
