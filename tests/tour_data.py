"""What a parent of the tour asks of their own data."""

from models.access.passwords import DEMO_PASSWORD
from tests.tour_town import PARENT, Town


def data_copy(town: Town) -> str:
    """The page of a copy that they asked for."""
    answer = town.send(town._clients[PARENT], "/compte/donnees", {"actuel": DEMO_PASSWORD})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])
