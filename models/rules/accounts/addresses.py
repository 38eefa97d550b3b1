"""An e-mail address: whether it can be one, and how much of it a page may show."""

import re

LONGEST = 254
_ADDRESS = re.compile(r"[^@\s<>\"(),:;\\\[\]]{1,64}@(?:[^@\s.<>\"(),:;\\\[\]]+\.)+[^@\s.<>\"(),:;\\\[\]]{2,}")
_HIDDEN = re.compile(r"[^@\s]…[^@\s]?@[^@\s]+")


def is_address(text: str) -> bool:
    return len(text) <= LONGEST and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def hidden(address: str) -> str:
    """« n…a@benali.example »: its owner knows it again."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…{name[-1] if len(name) > 2 else ''}@{domain}"


def is_hidden(text: str) -> bool:
    return len(text) <= LONGEST and text.isprintable() and _HIDDEN.fullmatch(text) is not None
