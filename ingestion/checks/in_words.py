"""What people write in words where a code, a period or a number belongs: ages, half-years, yes and no."""

import re
from functools import cache

from ingestion.catalogue import rows

AGE_BOUND = re.compile(r"(?<!\d)[0-9]{1,3}(?!\d)")
# [15,40) as R writes it, [15;40[ as in France: which of the two bounds belong to the class.
INTERVAL = re.compile(
    r"(?P<opens>[\[\](])\s*(?P<first>[0-9]{1,3})\s*[,;]\s*(?P<last>[0-9]{1,3}|\+?(?:inf|∞))\s*(?P<closes>[\[\])])"
)
UNBOUNDED = re.compile(r"(?P<below>[-–—])?\s*(?P<years>[0-9]{1,3})\s*(?P<above>[-–—])?")
DASH = re.compile(" ?[-–—] ?")
# A year, the first or the second of two (1, 1., 1er, 2º), or a word. Roman numbers are words.
PART_OF_A_PERIOD = re.compile(r"[0-9]{4}(?!\d)|[12](?:er|re|ère|eme|ème|e|st|nd|ro|do|[ºª°oa])?(?!\d)|[^\W\d_]+")
HALF = re.compile(r"[12](?!\d)")


@cache
def ages_in_words(text: str) -> set[str]:
    """Return the code that an age class in words would have, whether there is such a class or not: 75 und älter."""
    if interval := INTERVAL.fullmatch(text.casefold().strip()):
        return _ages_of_interval(interval)
    pattern = AGE_BOUND.sub("{}", _without_years(text))
    bounds = [int(years) for years in AGE_BOUND.findall(text)]
    meanings = {row["wording"].casefold(): row["meaning"] for row in rows("age_wordings")}
    match meanings.get(pattern), bounds:
        case "from_to", [first, last]:
            return {_age_code(first, last)}
        case "from_below", [first, end]:
            return {_age_code(first, end - 1)}
        case "from", [first]:
            return {_age_code(first)}
        case "below", [end]:
            return {_age_code(0, end - 1)}
    return set()


@cache
def unbounded_ages(text: str) -> set[str]:
    """Return the code of a class of which one bound was left out, 75- and –14: what stood there may be lost."""
    match UNBOUNDED.fullmatch(_without_years(text)):
        case re.Match() as found if found["above"] and not found["below"]:
            return {_age_code(int(found["years"]))}
        case re.Match() as found if found["below"] and not found["above"]:
            return {_age_code(0, int(found["years"]))}
    return set()


def _ages_of_interval(interval: re.Match[str]) -> set[str]:
    first = int(interval["first"]) + (interval["opens"] != "[")
    if not interval["last"].isdecimal():
        return {_age_code(first)}
    return {_age_code(first, int(interval["last"]) - (interval["closes"] != "]"))}


def _age_code(first: int, last: int | None = None) -> str:
    if last is None:
        return f"Y_GE{first}"
    return f"Y{first}-{last}" if first else f"Y_LT{last + 1}"


def _without_years(text: str) -> str:
    """15 - 39 anos is 15-39: the unit goes without saying."""
    words = text.casefold().replace(".", "").split()
    units = {row["wording"].casefold() for row in rows("age_wordings") if row["meaning"] == "unit"}
    return DASH.sub("-", " ".join(word for word in words if word not in units))


@cache
def half_year_in_words(text: str) -> tuple[str, bool] | None:
    """Return the half-year that a text names, and whether it says that a half-year is meant: 1. Halbjahr 2025."""
    if any(letter.isalnum() for letter in PART_OF_A_PERIOD.sub("", text)):
        return None
    parts = PART_OF_A_PERIOD.findall(text.casefold())
    meanings = {row["word"].casefold(): row["half"] for row in rows("half_year_words")}
    years = [part for part in parts if part.isdecimal() and len(part) == 4]
    words = [part for part in parts if part not in years]
    halves = [part[0] if HALF.match(part) else meanings.get(part) for part in words]
    named = [half for half in halves if half]
    if None in halves or len(years) != 1 or len(named) != 1:
        return None
    return f"{years[0]}-S{named[0]}", "" in halves


@cache
def truth_in_words(text: str) -> str | None:
    """Return 1 for yes and 0 for no in any language, None for any other word."""
    return {row["word"].casefold(): row["truth"] for row in rows("yes_no_words")}.get(text.casefold())
