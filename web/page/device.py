"""What a browser calls itself, in the words of whoever holds it: « Chrome sur Android »."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """The first names that fit: a browser also names those it looks like."""
    browser = next((said for sign, said in BROWSERS if sign in agent), None)
    kind = next((said for sign, said in DEVICES if sign in agent), None)
    if browser and kind:
        return f"{browser} sur {kind}"
    return browser or kind or "Appareil inconnu"
