"""Where the settings stand, and whom they open to."""

from models.rules.roles import ADMINISTRATOR

PLACE = "/mairie/reglages"
ROLES = (ADMINISTRATOR,)
