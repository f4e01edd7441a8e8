"""What to write instead: a proposal for one cell, from the catalogue and the country's habits alone."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingestion.catalogue import count_columns
from ingestion.checks.code_meanings import (
    COUNTRY_COLUMN,
    LONGEST_ABBREVIATION,
    REGION_COLUMN,
    WAYS_TO_A_CODE,
    codes_by_name,
)
from ingestion.checks.in_words import half_year_in_words, truth_in_words
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
    ordered_columns,
    refused_codes,
)
from ingestion.languages import phrase
from ingestion.reading.header import column_meant
from ingestion.reading.numbers import number_in

# Marks that statistical offices print where there is no figure.
NO_FIGURE = frozenset(r"- – — . .. ... : / x n/a na n.a. n.d. nd null (null) \n none nan".split())  # noqa: SIM905
BELOW = re.compile(r"^\s*[<≤]\s*=?\s*[0-9]+\s*$")
# What stands instead of a small count: c, :c, (c), *, and in a column of counts also 1-4.
HIDDEN = re.compile(r"^:?\s*\(?c\)?$|^\(?\*+\)?$", re.IGNORECASE)
SMALL_RANGE = re.compile(r"^([0-9]{1,2})\s*[-–—]\s*([0-9]{1,2})$")
PERCENT = re.compile(r"^(.*?)\s*%$")
FLAGGED = re.compile(r"^([0-9.,\s\u00a0\u202f]+?)\s*\(?([a-z:])\)?$")
PERIOD_COLUMN = "TIME_PERIOD"
CONFIDENTIALITY_COLUMN = "CONF_STATUS"
STATUS_COLUMNS = ("OBS_STATUS", CONFIDENTIALITY_COLUMN)
CONFIDENTIAL_FLAG = "c"
YES_OR_NO_DIGITS = ("1", "0")
ONLY_REGION = "00"  # in NUTS, a digit of each level that a country does not divide
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
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
GROUPED_YEAR = re.compile(r"^([12])[.,'’\s]([0-9]{3})$")  # with the sign for thousands
# A year within words. Signs may say more: "<2024", "2024/25".
LONE_YEAR = re.compile(r"(?P<before>(?:[^\W\d_]|[\s.'*()])*)(?P<year>[0-9]{4})(?P<behind>(?:[^\W\d_]|[\s.'*()])*)")
WORD = re.compile(r"[^\W\d_]+")
YEAR = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")
PERIOD = re.compile(r"[0-9]{4}(?:-S[12])?")
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
ONE_PERIOD = phrase(
    "Write one period alone, as in the example. A span such as 2019-2021, or a bound such as before 2020, is none: "
    "send a row for each period."
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
        return Proposal("", WHOLE_COUNTRY, is_certain=is_told and not codes_by_name(column, found, sender))
    for is_plain, propose in WAYS_TO_A_CODE:
        if not is_plain and _says_more(column, found):
            return NOTHING
        if meant := propose(column, found, sender) - refused_codes(column):
            is_certain = is_plain and not (column == REGION_COLUMN and found.casefold() in names_of_older_regions())
            return _only_one(meant, is_certain=is_certain)
    return NOTHING


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
    return found.upper() == country_code or codes_by_name(COUNTRY_COLUMN, found, country_code) == {country_code}


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


def is_mark(column: str, found: str) -> bool:
    """Say whether a text in a column of numbers is a mark of a figure that is not there, or may not be shown."""
    return found.casefold() in NO_FIGURE or _is_hidden(column, found)


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
    """Return the period in the form that is asked for; advice where a year stands in a text that says more."""
    proposal = _half_year(found) if periodicity == "S" else _year(found)
    says_more = not PERIOD.fullmatch(found) and any(int(year) in YEARS for year in YEAR.findall(found))
    return Proposal(advice=ONE_PERIOD) if proposal == NOTHING and says_more else proposal


def _year(found: str) -> Proposal:
    if day := _day_in(found):
        return _year_of_day(day)
    if dated := DAY_FIRST.match(found):
        return Proposal(dated["year"], is_certain={int(dated["day"]), int(dated["month"])} in FIRST_OR_LAST_DAY)
    if decimal := DECIMAL_YEAR.match(found):
        return Proposal(decimal[1], is_certain=True)
    if grouped := GROUPED_YEAR.match(found):
        return Proposal(grouped[1] + grouped[2], is_certain=True)
    alone = LONE_YEAR.fullmatch(found)
    is_year = alone and int(alone["year"]) in YEARS and not found.isdecimal() and _adds_nothing(alone)
    return Proposal(alone["year"]) if alone and is_year else NOTHING


def _adds_nothing(year: re.Match[str]) -> bool:
    """Say whether what stands around a year is a word for a year, or a mark behind it: rok 2024, 2024 (p)."""
    words = WORD.findall(year["before"]) + WORD.findall(year["behind"])
    is_mark = len(words) == 1 and len(words[0]) == 1 and words[0] in year["behind"]
    return not words or is_mark or column_meant(" ".join(words)) == PERIOD_COLUMN


def _half_year(found: str) -> Proposal:
    """2025-1 may be January; only a word or a letter says that halves are meant."""
    period, is_named = half_year_in_words(found) or (None, False)
    return NOTHING if period in (found, None) else Proposal(period, is_certain=is_named)


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
