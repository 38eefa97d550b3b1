"""The list of the mairie's requests."""

import re


def order(page: str) -> list[int]:
    """The requests as the page lists them."""
    return [int(id) for id in re.findall(r'<tr id="demande-([0-9]+)"', page)]
