"""An e-mail and a telephone as people type them, and as the file keeps them."""

import re

EMAIL = r"[^@\s]+@[^@\s]+"
_BETWEEN = re.compile(r"[\s.\-/()]")
_ABROAD = re.compile(r"(?:\+|00)33(?:\(0\))?")


def is_email(typed: str) -> bool:
    return re.fullmatch(EMAIL, typed) is not None


def phone_of(typed: str) -> str | None:
    """« 06 00 00 10 03 » of « +33 6.00.00.10.03 »; a number of another country keeps its digits. None: it is none."""
    bare = _ABROAD.sub("0", re.sub(r"\s", "", typed), count=1) if _ABROAD.match(typed.strip()) else typed
    digits = _BETWEEN.sub("", bare)
    if re.fullmatch(r"0[1-9][0-9]{8}", digits):
        return " ".join(digits[n : n + 2] for n in range(0, 10, 2))
    return digits if re.fullmatch(r"\+[0-9]{8,15}", digits) else None
