"""A text message: to which telephones, in how many letters."""

import re

LONGEST = 160  # letters of one text message; what is longer is cut, its link stays
_MOBILE = re.compile(r"0[67][0-9]{8}")


def mobile_of(phone: str | None) -> str | None:
    """« +33600001003 » of « 06 00 00 10 03 »; None: a text message does not reach it."""
    digits = re.sub(r"[\s.\-]", "", phone or "")
    return f"+33{digits[1:]}" if _MOBILE.fullmatch(digits) else None


def text_of(sender: str, title: str, link: str) -> str:
    """« Mairie de Lens : URGENT : école fermée demain. https://… »: the title gives way where there is no room."""
    before, after = f"{sender}\u00a0: ", f" {link}"
    room = LONGEST - len(before) - len(after)
    said = title if len(title) <= room else f"{title[: room - 1].rstrip()}…"
    return f"{before}{said}{after}"
