"""What the mairie of the tour writes to many families."""

from tests.tour_forms import hidden
from tests.tour_town import STAFF, Town

NEW = "/mairie/messages/envois/nouveau"


def to_all(town: Town) -> dict[str, str]:
    """The form of a message to everybody, before it is confirmed."""
    theme = str(town._one("SELECT MIN(id) FROM topic"))
    return {"theme": theme, "objet": "Grève jeudi", "message": "La cantine ferme jeudi.", "envoi": "urgent"}


def write_to_all(town: Town) -> str:
    """It goes; where they are all listed."""
    client, form = town._clients[STAFF], to_all(town) | {"click": "tour"}
    page = town.send(client, NEW, form).text
    confirmed = {"lu": hidden(page, "lu"), "mot": "URGENT", "confirmer": "1"}
    assert town.send(client, NEW, form | confirmed).status_code == 303
    return "/mairie/messages/envois"
