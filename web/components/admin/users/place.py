"""Where the pages of the agents stand, and whom they open to."""

from models.rules.roles import ADMINISTRATOR

PLACE = "/mairie/utilisateurs"
ROLES = (ADMINISTRATOR,)
