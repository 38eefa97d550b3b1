"""The list of the mairie's requests."""

import re


def order(page: str) -> list[int]:
    """The requests as the page lists them."""
    return [int(id) for id in re.findall(r'<tr id="demande-([0-9]+)"', page)]


def boxes(page: str) -> list[int]:
    """The requests that can be ticked."""
    return [int(id) for id in re.findall(r'name="demande" value="([0-9]+)"', page)]
