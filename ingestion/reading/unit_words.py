"""Words that say in which unit figures are, where it is not the one of the format: thousands, weeks, per mille."""

import re
from collections.abc import Iterator
from functools import cache

from ingestion.catalogue import rows

# "in Tausend", "tys. osób"; "x 1000", "'000", "10^3", "1.000 Personen".
# But not of a rate: "per 1000", "pro Million Einwohner".
RATE_WORDS = ("per", "pro", "par", "por", "pour", "je", "na", "sur", "op")
# Few short words, then signs: more would be tried in more ways than a text has letters.
BEFORE_IT = rf"(?!(?:{'|'.join(RATE_WORDS)})\b)(?:\w{{1,3}}\s+){{0,3}}[(x×*'’\s]*"
MULTIPLIER = re.compile(BEFORE_IT + r"(?P<word>[^\W\d]+)\W*(?P<unit>\w+)?\W*")
POWER_OF_TEN = re.compile(BEFORE_IT + r"(?:1?[., '’]?000(?:[., '’]?000)?|10\^[36])(?!\w)\W*\w*\W*")
# A rate of any number but the hundred thousand of the catalogue: "per 1000", "/ 10 000 inhabitants".
OTHER_RATE = re.compile(rf"(?:(?:{'|'.join(RATE_WORDS)})\b|/)\s*(?:10?[., ]?000|1[., ]000[., ]000)(?![0-9., ]*[0-9]).*")
FRACTION = re.compile(r"0\s?(?:-|–|\.\.)\s?1")
IN_WORDS = ("in", "en", "em", "w", "v", "i", "u", "σε", "в", "în", "x", "×")  # before a unit, in any language
PARTS = re.compile(r"(?:[()\[\]:;–—/|]|,(?![0-9]))+|\s-\s")  # 100,000 is one number
TIME_UNITS = ("weeks", "months", "hours")


def is_multiplier(text: str) -> bool:
    """Say whether a text means that figures are in thousands or the like."""
    if POWER_OF_TEN.fullmatch(text):
        return True
    found = MULTIPLIER.fullmatch(text.casefold())
    may_be_name = _multiplier_words().get(found["word"]) if found else None
    return found is not None and may_be_name is not None and not (may_be_name and found["unit"])


def other_unit(text: str) -> str | None:
    """Return the unit that a text names and no indicator has: `weeks`, `per_mille`, `fraction`."""
    words = text.casefold().strip(" .()[]").split()
    bare = " ".join(words[1:] if words[:1] and words[0] in IN_WORDS else words)
    if OTHER_RATE.fullmatch(bare):
        return "per_mille"
    return "fraction" if FRACTION.fullmatch(bare) else _other_units().get(bare)


def units_within(title: str) -> Iterator[str]:
    """Yield the parts of a title that may name a unit: what stands in brackets or after a sign, or begins with `in`.

    Thousands need neither: "Invited women, Tsd.".
    """
    for part in PARTS.split(title):
        words = part.split()
        for start, word in enumerate(words):
            before = words[start - 1].casefold() if start else ""
            is_apart = start == 0 or word.casefold() in (*IN_WORDS, *RATE_WORDS)
            is_last = start == len(words) - 1 and before not in RATE_WORDS and not before[-1:].isdecimal()
            if is_apart or (is_last and _multiplier_words().get(word.casefold().strip(".")) is False):
                yield " ".join(words[start:])


@cache
def _multiplier_words() -> dict[str, bool]:
    """Return {word for thousands or the like, in small letters: whether people may be called so}."""
    return {row["word"].casefold(): row["may_be_name"] == "true" for row in rows("multiplier_words")}


@cache
def _other_units() -> dict[str, str]:
    return {row["word"].casefold(): row["unit"] for row in rows("other_units")}
