"""What to write instead: a proposal for one cell, from the catalogue alone."""

import difflib
import re
from functools import cache

from ingestion.catalogue import rows
from ingestion.checks.vocabulary import code_names, codes
from ingestion.reading.numbers import number_in

# Marks that statistical offices print where there is no figure.
NO_FIGURE = frozenset(
    ("-", "–", "—", "..", "...", ":", "/", "x", "n/a", "na", "n.a.", "n.d.", "nd", "null", "none", "nan", "#n/a")
)
BELOW = re.compile(r"^\s*[<≤]\s*=?\s*[0-9]+\s*$")
PERCENT = re.compile(r"^(.*?)\s*%$")
FLAGGED = re.compile(r"^([0-9.,\s\u00a0\u202f]+?)\s*\(?([a-z:])\)?$")
NEAR = 0.6
HALF_YEAR = re.compile(r"^(?:(?P<year>[0-9]{4})\W*[SHB]?\W*(?P<half>[12])|[SHB]?(?P<first>[12])\W+(?P<last>[0-9]{4}))$")
YEAR_IN_DATE = re.compile(r"^([0-9]{4})-[0-9]{2}-[0-9]{2}")


@cache
def propose_code(column: str, found: str) -> str | None:
    """Return what to write instead of an unknown code, or None if nothing, or more than one code, is near."""
    if found in codes(column):  # a code of the list, in a row where it cannot stand
        return None
    code = code_names(column).get(found.casefold()) or _nearest(found.upper(), codes(column))
    if code is None and (name := _nearest(found.casefold(), tuple(code_names(column)))):
        code = code_names(column)[name]
    return f"Did you mean {code}? Then write {code}." if code else None


def _nearest(text: str, candidates: tuple[str, ...]) -> str | None:
    matcher = difflib.SequenceMatcher(b=text, autojunk=False)

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate)
        return matcher.ratio()

    near = difflib.get_close_matches(text, candidates, n=2, cutoff=NEAR)
    if len(near) == 2 and likeness(near[0]) == likeness(near[1]):
        return None
    return near[0] if near else None


@cache
def propose_number(found: str, home_sign: str) -> str | None:
    """Return what to write instead of a text that is not a number, or None if we cannot tell."""
    if found.casefold() in NO_FIGURE:
        return "Leave the cell empty and set OBS_STATUS: O (missing), L (not collected) or M (cannot exist)."
    if BELOW.match(found):
        return "Leave the numbers of this row empty, with OBS_STATUS Q (suppressed) and CONF_STATUS A (small counts)."
    if (percent := PERCENT.match(found)) and number_in(percent[1], home_sign) is not None:
        return f"Write {percent[1]} without the percent sign."
    if (flagged := FLAGGED.match(found)) and number_in(flagged[1], home_sign) is not None:
        return _propose_flag(flagged[1], flagged[2])
    if YEAR_IN_DATE.match(found):
        return "Your spreadsheet program took the number for a date. Format the column as a number and type it again."
    return None


def _propose_flag(number: str, flag: str) -> str | None:
    status = {row["code"]: row["obs_status"] for row in rows("eurostat_flags")}.get(flag)
    return f"Write {number} here and {status} in OBS_STATUS." if status else f"Write {number} without the letter."


@cache
def propose_period(found: str, periodicity: str) -> str | None:
    """Return the period in the form that is asked for, or None if we cannot tell which is meant."""
    if (dated := YEAR_IN_DATE.match(found)) and periodicity != "S":
        return f"Your spreadsheet program took the year for a date. Write {dated[1]} as plain text."
    parts = HALF_YEAR.match(found.upper())
    if parts and periodicity == "S":
        return f"Write {parts['year'] or parts['last']}-S{parts['half'] or parts['first']}."
    return None
