"""What to write instead: a proposal for one cell, from the catalogue and the country's habits alone."""

import difflib
import re
import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from unicodedata import combining, normalize

from ingestion.catalogue import count_columns
from ingestion.checks.in_words import ages_in_words, half_year_in_words, truth_in_words, unbounded_ages
from ingestion.checks.registry import checks
from ingestion.checks.vocabulary import (
    UNKNOWN_CODE,
    code_names,
    code_spellings,
    codes,
    doubtful_flags,
    eurostat_flags,
    is_yes_or_no,
    is_yes_or_no_letter,
    names_of_older_regions,
    narrower_codes,
    ordered_columns,
    refused_codes,
    region_codes,
    translated_names,
)
from ingestion.languages import phrase
from ingestion.reading.numbers import number_in

# Marks that statistical offices print where there is no figure.
NO_FIGURE = frozenset(
    ("-", "–", "—", ".", "..", "...", ":", "/", "x", "n/a", "na", "n.a.", "n.d.", "nd", "null", "none", "nan")
)
BELOW = re.compile(r"^\s*[<≤]\s*=?\s*[0-9]+\s*$")
# What stands instead of a small count: c, :c, (c), *, and in a column of counts also 1-4.
HIDDEN = re.compile(r"^:?\s*\(?c\)?$|^\(?\*+\)?$", re.IGNORECASE)
SMALL_RANGE = re.compile(r"^([0-9]{1,2})\s*[-–—]\s*([0-9]{1,2})$")
PERCENT = re.compile(r"^(.*?)\s*%$")
FLAGGED = re.compile(r"^([0-9.,\s\u00a0\u202f]+?)\s*\(?([a-z:])\)?$")
# Letters that look alike in Latin, Cyrillic and Greek; a code typed on another keyboard looks right and is not.
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХУІΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTXYIABEZHIKMNOPTYX")
CONFIDENTIALITY_COLUMN = "CONF_STATUS"
STATUS_COLUMNS = ("OBS_STATUS", CONFIDENTIALITY_COLUMN)
CONFIDENTIAL_FLAG = "c"
YES_OR_NO_DIGITS = ("1", "0")
COUNTRY_COLUMN, REGION_COLUMN = "REF_AREA", "NUTS2"
ONLY_REGION = "00"  # in NUTS, a digit of each level that a country does not divide
NEAR = 0.75
NEAR_NAME = 0.8  # half of a name is soon alike
FEWEST_LETTERS = 3  # of two letters one may stand in anything
LONGEST_ABBREVIATION = 3  # such as GRC, to which GER is near
SHORTEST_WORD = 5  # of a name: alle, Haut and any stand in many
SHORTEST_NAME = 6  # that is told by likeness: SCLC is no NSCLC
LETTERS = string.ascii_letters + "_"
SLIPS = " \u00a0\u202f_-–—.:,/'’\""  # of the pen, between the letters of a code or behind them
SEPARATORS = " :;,.-–—()/"
# "woj." and "Reg.-Bez." before a name, "(Land)" and ", Comunidad de" behind it.
KIND_OF_THING = re.compile(r"^(?:\w+\.[\s-]*)+|\([^()]*\)$|,[^,]*$")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
# As people write where a keyboard has no such letters: Koeln, Suedbaden. Without any mark: Koln.
WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
SPREADSHEET_ERROR = re.compile(r"^#[¡¿]?[^\W\d_]")
DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}")
DIGITS = re.compile("[0-9]+")
DAY_LENGTH = 10
DAY_FIRST = re.compile(r"^(?P<day>[0-9]{1,2})[./-](?P<month>[0-9]{1,2})[./-](?P<year>[0-9]{4})$")
FIRST_OR_LAST_DAY = ({1}, {12, 31})
# The day from which spreadsheet programs count: they show the number 2024, formatted as a date, as 1905-07-16.
DAY_ZERO = date(1899, 12, 30)
YEARS = range(1950, 2100)
DECIMAL_YEAR = re.compile(r"^([0-9]{4})[.,]0+$")
# A year within words. Signs may say more: "<2024", "2024/25".
LONE_YEAR = re.compile(r"^(?:[^\W\d_]|[\s.'*()])*(?P<year>[0-9]{4})(?:[^\W\d_]|[\s.'*()])*$")
WHOLE_COUNTRY = phrase("Leave the cell empty: a row without a region is about the whole country.")
TAKEN_FOR_A_DATE = phrase(
    "Your spreadsheet program took the code for a date. Format the column as text and type the code again."
)
NO_GROUP = phrase(
    "Leave the cell empty if the row is about all groups together; write UNK if it is about people whose group is "
    "not known."
)
FREE_OR_REASON = phrase(
    "Leave the cell empty, or write F, where the figure may be published. Where it may not, write the reason: for "
    "example A (small counts)."
)
NOT_AS_STATUS = phrase(
    "Leave OBS_STATUS empty, and write in CONF_STATUS why the figure is confidential: for example A (small counts)."
)
NO_SUCH_STATUS = phrase("Leave the cell empty: such a figure needs no status here.")
NO_STATUS = phrase(
    "Leave the cell empty if there is a figure and nothing to say of it. If there is none, write O (missing), L (not "
    "collected) or M (cannot exist)."
)


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
def propose_code(column: str, found: str, sender: str) -> Proposal:
    """Return what to write instead of an unknown code; nothing if none, or more than one, is near."""
    if found in codes(column):  # a code of the list, in a row where it cannot stand
        return NOTHING
    if column in STATUS_COLUMNS and (status := _status(column, found)):
        return status
    if found.casefold() in NO_FIGURE:
        return _no_group(column)
    if numbers := _numbers_of_day(found):
        return Proposal(_range_from(column, numbers), advice=TAKEN_FOR_A_DATE)
    if column == REGION_COLUMN and _is_country(found, sender):
        # Three letters may be a group of regions of NUTS 1: FRA was one.
        is_told = found.upper() == sender or len(found) > LONGEST_ABBREVIATION
        return Proposal("", WHOLE_COUNTRY, is_certain=is_told and not _named(column, found, sender))
    for is_plain, propose in WAYS_TO_A_CODE:
        if not is_plain and _says_more(column, found):
            return NOTHING
        if meant := propose(column, found, sender) - refused_codes(column):
            is_certain = is_plain and not (column == REGION_COLUMN and found.casefold() in names_of_older_regions())
            return _only_one(meant, is_certain=is_certain)
    return NOTHING


def codes_in_words(column: str, text: str, sender: str) -> set[str]:
    """Return the codes that a text names in any language, by the bounds of an age, or beside its code."""
    ways = (_named, _age_class, _code_and_name, _named_in_essence)
    return next((meant for way in ways if (meant := way(column, text, sender))), set())


def _numbers_of_day(found: str) -> tuple[int, int] | None:
    """5-9 became 9 May or 5 September, as the program of the country writes its dates."""
    if day := _day_in(found):
        return day.day, day.month
    dated = DAY_FIRST.match(found)
    return (int(dated["day"]), int(dated["month"])) if dated else None


def _range_from(column: str, numbers: tuple[int, int]) -> str | None:
    meant = [code for code in codes(column) if [int(digits) for digits in DIGITS.findall(code)] == sorted(numbers)]
    return meant[0] if len(meant) == 1 else None


def _status(column: str, found: str) -> Proposal | None:
    """Nobody knows whether yes means secret or free to publish; the flags of Eurostat are partly our statuses."""
    text = found.casefold()
    if column == CONFIDENTIALITY_COLUMN:
        is_answer = text in NO_FIGURE or text in YES_OR_NO_DIGITS or is_yes_or_no_letter(found)
        return Proposal(advice=FREE_OR_REASON) if is_answer or truth_in_words(found) else None
    if text == CONFIDENTIAL_FLAG:
        return Proposal(advice=NOT_AS_STATUS)
    if (status := eurostat_flags().get(text)) is not None:
        # A mark for a figure that is not there may as well stand for a status that is not there.
        is_told = text.isalpha() and text not in doubtful_flags()
        return Proposal(status, is_certain=is_told) if status else Proposal(advice=NO_SUCH_STATUS)
    return Proposal(advice=NO_STATUS) if text in NO_FIGURE else None


def _says_more(column: str, found: str) -> bool:
    """Q1 (più ricco): of groups that have an order, what stands in brackets may name the other end."""
    in_brackets = IN_BRACKETS.findall(found.casefold()) if column in ordered_columns() else []
    return not code_names(column).keys() | code_spellings(column).keys() >= set(in_brackets)


def _only_one(meant: set[str], *, is_certain: bool) -> Proposal:
    """Only the total of regions has an empty code, whose meaning wants a word."""
    code = next(iter(meant)) if len(meant) == 1 else None
    return NOTHING if code is None else Proposal(code, "" if code else WHOLE_COUNTRY, is_certain)


def propose_region(found: str, sender: str) -> Proposal:
    """Return what to write instead of an old code of the only region of a country: LT00 was all of Lithuania."""
    return Proposal("", WHOLE_COUNTRY) if found.upper() == f"{sender}{ONLY_REGION}" else NOTHING


def _no_group(column: str) -> Proposal:
    if column == REGION_COLUMN:
        return Proposal("", WHOLE_COUNTRY)
    return Proposal(advice=NO_GROUP) if UNKNOWN_CODE in codes(column) else NOTHING


def _is_country(found: str, country_code: str) -> bool:
    return found.upper() == country_code or _named(COUNTRY_COLUMN, found, country_code) == {country_code}


def _own(column: str, meant: Iterable[str], sender: str) -> set[str]:
    """Leave out the regions of other countries."""
    return set(meant) & {"", *region_codes(sender)} if column == REGION_COLUMN else set(meant)


def _named(column: str, found: str, sender: str) -> set[str]:
    """A class of ages may be written with blanks and a dash: 15 – 39."""
    name = found.casefold()
    spellings = (name, "".join(name.split()).replace("–", "-"))
    known = (names(column).get(each) for names in (code_names, translated_names) for each in spellings)
    return _own(column, next((meant for meant in known if meant), ()), sender)


def _same_but_for_marks(column: str, found: str, sender: str) -> set[str]:
    """RSM-02, rsm 02 and a Cyrillic М: the letters and digits are those of one code alone."""
    bare = _bare(found)
    return _own(column, (code for code in codes(column) if bare and _bare(code) == bare), sender)


def _same_but_for_slips(column: str, found: str, sender: str) -> set[str]:
    """MTB_02?, #MTB_02 and //MTB_02 are no slips: somebody doubts the code, or leaves the row out."""
    is_slip = found[:1].isalnum() and all(letter.isalnum() or letter in SLIPS for letter in found)
    return _same_but_for_marks(column, found, sender) if is_slip else set()


def _age_class(column: str, found: str, _: str) -> set[str]:
    """The bounds of an age class in words: 15 bis unter 40, 75 y más."""
    return {code for code in ages_in_words(found) if code in codes(column)} if column == "AGE" else set()


def _unbounded_age_class(column: str, found: str, _: str) -> set[str]:
    """75- and –14 miss a bound, which may be lost."""
    return {code for code in unbounded_ages(found) if code in codes(column)} if column == "AGE" else set()


def _code_and_name(column: str, found: str, sender: str) -> set[str]:
    """A code may be followed by its name: F - kobiety, PL21 Małopolskie; a long code also by other words."""
    spellings = code_spellings(column)
    first, *others = (word.strip(SEPARATORS) for word in found.casefold().split())
    if first not in spellings:
        return set()
    meant = {spellings[word] for word in (first, *others) if word in spellings}
    named = _named(column, " ".join(filter(None, others)), sender)
    is_told = named or len(meant) > 1 or len(first) > LONGEST_ABBREVIATION
    return _own(column, meant | named, sender) if is_told else set()


def _named_in_essence(column: str, found: str, sender: str) -> set[str]:
    """Bremen (Land), woj. śląskie, Koeln: what stands around a name or above its letters says nothing more."""
    names = _names_in_essence(column)
    return _own(column, set().union(*(names.get(spelling, ()) for spelling in _essences(found))), sender)


@cache
def _names_in_essence(column: str) -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for names in (code_names(column), translated_names(column)):
        for name, meant in names.items():
            for spelling in _essences(name):
                meanings.setdefault(spelling, set()).update(meant)
    return meanings


def _essences(name: str) -> set[str]:
    essence = KIND_OF_THING.sub("", name.casefold()).strip()
    marked = (essence, essence.translate(WRITTEN_OUT))
    return {"".join(letter for letter in normalize("NFKD", text) if not combining(letter)) for text in marked} - {""}


def _by_a_word(column: str, found: str, _: str) -> set[str]:
    """Lunge is a word of Luftröhre, Bronchien und Lunge alone; words of places are those of many places."""
    is_of_places = column in (COUNTRY_COLUMN, REGION_COLUMN)
    meant = set() if is_of_places else _names_by_word(column).get(found.casefold(), set())
    # A part has words that the whole has not.
    return meant if len(meant) == 1 and meant.isdisjoint(narrower_codes(column)) else set()


@cache
def _names_by_word(column: str) -> dict[str, set[str]]:
    meanings: dict[str, set[str]] = {}
    for names in (code_names(column), translated_names(column)):
        for name, meant in names.items():
            for word in (word.strip(SEPARATORS) for word in name.split()):
                if len(word) >= SHORTEST_WORD:
                    meanings.setdefault(word, set()).update(meant)
    return meanings


def _of_its_digits(column: str, found: str, _: str) -> set[str]:
    """DEG1 may be written 1: not every reader would know of what. Regions have numbers in their own country, too."""
    is_whole = found[:1].isdigit() and found[-1:].isdigit()  # "75-" is less
    candidates = codes(column) if is_whole and column != REGION_COLUMN else ()
    return {code for code in candidates if (digits := _bare(code.lstrip(LETTERS))) and digits == _bare(found)}


def _like_a_code(column: str, found: str, _: str) -> set[str]:
    """One sign more or less makes the code of another country or region."""
    candidates = () if column in (COUNTRY_COLUMN, REGION_COLUMN) else codes(column)
    return set(_nearest(found.upper(), candidates, NEAR))


def _like_a_name(column: str, found: str, sender: str) -> set[str]:
    names = {
        name: own
        for name, meant in code_names(column).items()
        if len(name) >= SHORTEST_NAME and (own := _own(column, meant, sender))
    }
    return set().union(*(names[name] for name in _nearest(found.casefold(), tuple(names), NEAR_NAME)))


def _bare(text: str) -> str:
    return "".join(letter for letter in text.upper().translate(LOOK_ALIKES) if letter.isalnum())


def _nearest(text: str, candidates: tuple[str, ...], cutoff: float) -> list[str]:
    """Return the candidate that is most like a text, two that are equally like it, or none."""
    if len(text) < FEWEST_LETTERS:
        return []
    matcher = difflib.SequenceMatcher(b=text, autojunk=False)

    def likeness(candidate: str) -> float:
        matcher.set_seq1(candidate)
        return matcher.ratio()

    near = difflib.get_close_matches(text, candidates, n=2, cutoff=cutoff)
    return near if len(near) == 2 and likeness(near[0]) == likeness(near[1]) else near[:1]


# In this order; the first that finds anything decides. With each, whether a program may write what it finds.
WAYS_TO_A_CODE: tuple[tuple[bool, Callable[[str, str, str], set[str]]], ...] = (
    (True, _named),
    (True, _same_but_for_slips),
    (True, _age_class),
    (False, _unbounded_age_class),
    (False, _same_but_for_marks),
    (False, _code_and_name),
    (False, _named_in_essence),
    (False, _by_a_word),
    (False, _of_its_digits),
    (False, _like_a_code),
    (False, _like_a_name),
)


@cache
def propose_number(column: str, found: str, home_sign: str, indicator: str) -> Proposal:
    """Return what to write instead of a text that is not a number; nothing if we cannot tell."""
    if SPREADSHEET_ERROR.match(found):
        return Proposal(advice=checks()["CELL_ERROR"].what_to_do)
    if column == "OBS_VALUE" and is_yes_or_no(indicator) and (truth := truth_in_words(found)):
        return Proposal(truth, phrase("Write 1 for yes and 0 for no."), is_certain=True)
    if found.casefold() in NO_FIGURE:
        return Proposal(
            advice=phrase(
                "Leave the cell empty and set OBS_STATUS: O (missing), L (not collected) or M (cannot exist)."
            )
        )
    if _is_hidden(column, found):
        return Proposal(
            advice=phrase(
                "Leave the numbers of this row empty, with OBS_STATUS Q (suppressed) and CONF_STATUS A (small counts)."
            )
        )
    if (percent := PERCENT.match(found)) and number_in(percent[1], home_sign) is not None:
        if column in count_columns():
            return Proposal(advice=checks()["PERCENT_AS_COUNT"].what_to_do)
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


def _is_hidden(column: str, found: str) -> bool:
    """Say whether a text stands for a number that is too small to be shown."""
    if column in count_columns() and (bounds := SMALL_RANGE.match(found)):
        return int(bounds[1]) < int(bounds[2])
    return bool(BELOW.match(found) or HIDDEN.match(found))


def _flag_advice(flag: str) -> str:
    if flag == CONFIDENTIAL_FLAG:
        return phrase(
            "Write the number alone, and in CONF_STATUS why it is confidential: for example A (small counts)."
        )
    if eurostat_flags().get(flag):
        return phrase("Write the number alone, and the mark as a status in OBS_STATUS.")
    return phrase("Write the number without the letter.")


@cache
def propose_period(found: str, periodicity: str) -> Proposal:
    """Return the period in the form that is asked for; nothing if we cannot tell which is meant."""
    if periodicity == "S":
        return _half_year(found)
    if day := _day_in(found):
        return _year_of_day(day)
    if dated := DAY_FIRST.match(found):
        return Proposal(dated["year"], is_certain={int(dated["day"]), int(dated["month"])} in FIRST_OR_LAST_DAY)
    if decimal := DECIMAL_YEAR.match(found):
        return Proposal(decimal[1], is_certain=True)
    if (alone := LONE_YEAR.match(found)) and int(alone["year"]) in YEARS and not found.isdecimal():
        return Proposal(alone["year"])
    return NOTHING


def _half_year(found: str) -> Proposal:
    """2025-1 may be January; only a word or a letter says that halves are meant."""
    period, is_named = half_year_in_words(found) or (None, False)
    return NOTHING if period == found else Proposal(period, is_certain=is_named)


def _day_in(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:DAY_LENGTH]) if DATE.match(text) else None
    except ValueError:
        return None


def _year_of_day(day: date) -> Proposal:
    serial = (day - DAY_ZERO).days
    return Proposal(
        str(serial if serial in YEARS else day.year),
        advice=phrase("Your spreadsheet program took the year for a date. Write the year as plain text."),
        is_certain={day.day, day.month} in FIRST_OR_LAST_DAY and serial not in YEARS,
    )
