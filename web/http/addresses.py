"""Addresses that a browser brings back."""


def local(path: str) -> bool:
    """A path of this portal, and nothing that a browser would read as another site's address."""
    plain = path.isprintable() and "\\" not in path
    return plain and path.startswith("/") and not path.startswith("//") and len(path) <= 500
