"""What to write instead: a proposal for one cell, from the catalogue and the country's habits alone."""

import difflib
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ingestion.catalogue import rows
from ingestion.checks.vocabulary import code_names, codes
from ingestion.languages import phrase
from ingestion.reading.numbers import number_in

# Marks that statistical offices print where there is no figure.
NO_FIGURE = frozenset(
    ("-", "–", "—", "..", "...", ":", "/", "x", "n/a", "na", "n.a.", "n.d.", "nd", "null", "none", "nan", "#n/a")
)
BELOW = re.compile(r"^\s*[<≤]\s*=?\s*[0-9]+\s*$")
PERCENT = re.compile(r"^(.*?)\s*%$")
FLAGGED = re.compile(r"^([0-9.,\s\u00a0\u202f]+?)\s*\(?([a-z:])\)?$")
# Letters that look alike in Latin, Cyrillic and Greek; a code typed on another keyboard looks right and is not.
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУІΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXYIABEZHIKMNOPTYX")
NEAR = 0.6
LETTERS = string.ascii_letters + "_"
HALF_YEAR = re.compile(
    r"^(?:(?P<year>[0-9]{4})\W*(?P<mark>[SHB]?)\W*(?P<half>[12])|(?P<first_mark>[SHB]?)(?P<first>[12])\W+(?P<last>[0-9]{4}))$"
)
DATE = re.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Proposal:
    """The value to write, if one can be known; advice in words where a value alone does not say it.

    A certain proposal is one that no reader of the file would doubt: a program may write it.
    """

    value: str | None = None
    advice: str = ""
    is_certain: bool = False


NOTHING = Proposal()


@cache
def propose_code(column: str, found: str) -> Proposal:
    """Return what to write instead of an unknown code; nothing if none, or more than one, is near."""
    if found in codes(column):  # a code of the list, in a row where it cannot stand
        return NOTHING
    names = code_names(column)
    if (code := _named(found, names) or _same_but_for_marks(column, found)) is not None:
        return Proposal(code, is_certain=True)
    code = _of_its_digits(column, found) or _nearest(found.upper(), codes(column))
    if code is None and (name := _nearest(found.casefold(), tuple(names))):
        code = names[name]
    return Proposal(code) if code else NOTHING


def _named(found: str, names: Mapping[str, str]) -> str | None:
    """A class of ages may be written with blanks and a dash: 15 – 39."""
    name = found.casefold()
    return names.get(name) or names.get("".join(name.split()).replace("–", "-"))


def _of_its_digits(column: str, found: str) -> str | None:
    """DEG1 may be written 1: not every reader would know of what."""
    alike = [code for code in codes(column) if code.lstrip(LETTERS) == found]
    return alike[0] if len(alike) == 1 else None


def _same_but_for_marks(column: str, found: str) -> str | None:
    """RSM-02, rsm 02 and a Cyrillic М are slips of the pen: the letters and digits are those of one code alone."""
    bare = _bare(found)
    alike = [code for code in codes(column) if _bare(code) == bare] if bare else []
    return alike[0] if len(alike) == 1 else None


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper().translate(LOOK_ALIKES) if letter.isalnum())


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
def propose_number(column: str, found: str, home_sign: str) -> Proposal:
    """Return what to write instead of a text that is not a number; nothing if we cannot tell."""
    if found.casefold() in NO_FIGURE:
        return Proposal(
            advice=phrase(
                "Leave the cell empty and set OBS_STATUS: O (missing), L (not collected) or M (cannot exist)."
            )
        )
    if BELOW.match(found):
        return Proposal(
            advice=phrase(
                "Leave the numbers of this row empty, with OBS_STATUS Q (suppressed) and CONF_STATUS A (small counts)."
            )
        )
    if (percent := PERCENT.match(found)) and number_in(percent[1], home_sign) is not None:
        is_value = column == "OBS_VALUE"
        return Proposal(percent[1], advice=phrase("Write the number without the percent sign."), is_certain=is_value)
    if (flagged := FLAGGED.match(found)) and number_in(flagged[1], home_sign) is not None:
        return Proposal(flagged[1], advice=_flag_advice(flagged[2]))
    if DATE.match(found):
        return Proposal(
            advice=phrase(
                "Your spreadsheet program took the number for a date. Format the column as a number and type it again."
            )
        )
    return NOTHING


def _flag_advice(flag: str) -> str:
    known = {row["code"]: row["obs_status"] for row in rows("eurostat_flags")}
    if known.get(flag):
        return phrase("Write the number alone, and the mark as a status in OBS_STATUS.")
    return phrase("Write the number without the letter.")


@cache
def propose_period(found: str, periodicity: str) -> Proposal:
    """Return the period in the form that is asked for; nothing if we cannot tell which is meant."""
    if (dated := DATE.match(found)) and periodicity != "S":
        return Proposal(
            dated[1],
            advice=phrase("Your spreadsheet program took the year for a date. Write the year as plain text."),
            is_certain=dated[2] == dated[3] == "01",
        )
    parts = HALF_YEAR.match(found.upper())
    if parts and periodicity == "S":
        # 2025-1 may be January; only a letter says that halves are meant.
        is_certain = bool(parts["mark"] or parts["first_mark"])
        return Proposal(f"{parts['year'] or parts['last']}-S{parts['half'] or parts['first']}", is_certain=is_certain)
    return NOTHING
