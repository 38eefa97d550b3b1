"""Where files of families are, below the families themselves."""

FAMILIES = "/mairie/familles"
PLACE = f"{FAMILIES}/fichiers"
EDITORS = ("manager",)
