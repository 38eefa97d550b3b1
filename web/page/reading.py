"""« Aide à la lecture »: larger letters, more space, stronger contrast, a ruler, as an account or a device keeps them.

The account's own wins: it is the same on every device. Nothing is chosen: the page is as it was.
"""

from collections.abc import Mapping

from starlette.requests import Request

from models.families.preferences import READING

COOKIE = "lecture"
BETWEEN = "."  # the values, in the order of READING


def of(request: Request) -> dict[str, str]:
    """What differs from the usual, by key: each is an attribute of the page."""
    return {
        preference.key: value
        for preference, value in zip(READING, chosen(request).values(), strict=True)
        if value != preference.usual
    }


def chosen(request: Request) -> dict[str, str]:
    """All of it, by key."""
    guardian = getattr(request.scope.get("user"), "guardian", None)
    if guardian is not None and any(one.key in (guardian.preferences or {}) for one in READING):
        return {preference.key: guardian.prefers(preference) for preference in READING}
    return _read(request.cookies.get(COOKIE, ""))


def written(values: Mapping[str, str]) -> str:
    """As the cookie keeps it; "" where nothing differs."""
    if all(values[preference.key] == preference.usual for preference in READING):
        return ""
    return BETWEEN.join(values[preference.key] for preference in READING)


def _read(text: str) -> dict[str, str]:
    parts = text.split(BETWEEN)
    said = dict(zip((preference.key for preference in READING), parts, strict=False))
    return {
        preference.key: value
        if (value := said.get(preference.key, "")) in preference.choices
        else preference.usual
        for preference in READING
    }
