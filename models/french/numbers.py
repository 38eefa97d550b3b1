"""Numbers with their noun."""

from models.rules.money import NBSP, grouped


def plural(count: int, singular: str, several: str | None = None) -> str:
    """« 0 annulation en attente », « 4 réservations en attente »: the plural begins at two."""
    return f"{grouped(count)} {word(count, singular, several)}"


def word(count: int, singular: str, several: str | None = None) -> str:
    """The noun alone; without `several` only its first word takes an s."""
    if abs(count) < 2:
        return singular
    if several is not None:
        return several
    noun, space, rest = singular.partition(" ")
    return f"{noun if noun[-1] in 'sxz' else noun + 's'}{space}{rest}"


def wait(seconds: float) -> str:
    """« 2 minutes », « 8 secondes »: how long before another try."""
    if seconds > 60:
        return plural(-int(-seconds // 60), "minute")
    return plural(max(1, -int(-seconds // 1)), "seconde")


def weight(size: int) -> str:
    """« 10 Mo », « 2,5 Mo », « 256 Ko »: so many bytes, the last tenth left out, 0,1 at least. A Ko is 1024 bytes."""
    unit, name = (1024**2, "Mo") if size >= 1024**2 else (1024, "Ko")
    whole, tenth = divmod(max(1, size * 10 // unit), 10)
    return f"{grouped(whole)}{f',{tenth}' if tenth else ''}{NBSP}{name}"
