"""Amounts in words, as a receipt repeats them. Spelling as before 1990: hyphens below one hundred alone."""

UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
TENS = (
    "",
    "",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
)
SCALES = ((1_000_000_000, "milliard"), (1_000_000, "million"))


def amount_in_words(cents: int) -> str:
    """8020 is « quatre-vingts euros et vingt centimes ». ValueError below zero and from 10 to the 12th euros."""
    if not 0 <= cents < 10**14:
        raise ValueError(cents)
    euros, rest = divmod(cents, 100)
    said = [_of(euros, "euro")] if euros or not rest else []
    said += [_of(rest, "centime")] if rest else []
    return " et ".join(said)


def number_in_words(number: int) -> str:
    """1200 is « mille deux cents »."""
    words = []
    for value, name in SCALES:
        count, number = divmod(number, value)
        if count:
            words.append(f"{_below_thousand(count)} {name}{'s' if count > 1 else ''}")
    thousands, rest = divmod(number, 1000)
    if thousands:
        # « mille » is a numeral: « quatre-vingt mille », « deux cent mille », where a noun would take the s before it.
        words.append("mille" if thousands == 1 else f"{_below_thousand(thousands, closes=False)} mille")
    if rest or not words:
        words.append(_below_thousand(rest))
    return " ".join(words)


def _of(number: int, noun: str) -> str:
    """« un euro », « deux euros », « un million d’euros »."""
    round_number = number >= 1_000_000 and number % 1_000_000 == 0
    link = "d’" if round_number else ""
    return f"{number_in_words(number)} {link}{noun}{'s' if number > 1 else ''}"


def _below_thousand(number: int, *, closes: bool = True) -> str:
    """`closes`: no numeral follows, so that « cents » and « quatre-vingts » take their s."""
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest, closes=closes)
    said = "cent" if hundreds == 1 else f"{UNITS[hundreds]} cent{'s' if closes and not rest else ''}"
    return f"{said} {_below_hundred(rest, closes=closes)}" if rest else said


def _below_hundred(number: int, *, closes: bool) -> str:
    if number < 20:
        return UNITS[number]
    tens, unit = divmod(number, 10)
    if tens in (7, 9):
        unit += 10
    if number == 80:
        return "quatre-vingts" if closes else "quatre-vingt"
    if not unit:
        return TENS[tens]
    joined = " et " if unit in (1, 11) and tens < 8 else "-"
    return f"{TENS[tens]}{joined}{UNITS[unit]}"
