"""Drop-downs, limits and the notes that appear beside a cell while it is being filled."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.catalogue import rows
from ingestion.templates.code_sheet import list_name
from ingestion.templates.contents import COLUMNS, NUMBERS, Contents, entry_kind
from ingestion.templates.data_sheet import Block, blocks_of

# Rows that a contact may add below, for instance for breakdowns that are welcome but not asked for.
ADDED_ROWS = 2_000
# The longest texts that spreadsheet programs show beside a cell.
MOST_TITLE, MOST_TEXT = 32, 255


def add_choices(sheet: Worksheet, contents: Contents, listed: list[str]) -> None:
    """Add the drop-downs of the columns `listed`, the limits of the numbers, and the notes of both to the sheet."""
    last_row = sheet.max_row + ADDED_ROWS
    for column in listed:
        _add(sheet, _choice(column, contents), f"{_letter(column)}2:{_letter(column)}{last_row}")
    for letter, description in _heads(contents):
        note = DataValidation(allow_blank=True)
        _tell(note, sheet[f"{letter}1"].value, contents.words.word(description))
        _add(sheet, note, f"{letter}1")
    for block in blocks_of(contents.figures):
        for column in NUMBERS:
            limit = _limit(block, column, contents)
            _add(sheet, limit, f"{_letter(column)}{block.first}:{_letter(column)}{block.last}")


def _heads(contents: Contents) -> Iterator[tuple[str, str]]:
    """Yield the letter of each column and what the column is."""
    for index, row in enumerate([*rows("submission_columns"), *contents.reference_columns], start=1):
        yield get_column_letter(index), row["description"]


def _letter(column: str) -> str:
    return get_column_letter(COLUMNS.index(column) + 1)


def _add(sheet: Worksheet, rule: DataValidation, place: str) -> None:
    rule.add(place)
    sheet.add_data_validation(rule)


def _tell(rule: DataValidation, title: str, text: str) -> None:
    rule.promptTitle, rule.prompt = title[:MOST_TITLE], _shortened(text)


def _refuse_with(rule: DataValidation, title: str, text: str) -> None:
    rule.errorTitle, rule.error = title[:MOST_TITLE], _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_TEXT else text[: MOST_TEXT - 1] + "…"


def _choice(column: str, contents: Contents) -> DataValidation:
    rule = DataValidation(type="list", formula1=list_name(column), allow_blank=True, showErrorMessage=True)
    say = contents.words.say
    _refuse_with(rule, column, say("This code is not in the list. Choose one of the list, or leave the cell empty."))
    return rule


def _limit(block: Block, column: str, contents: Contents) -> DataValidation:
    """Return the limits of one number of one indicator, with what the number is."""
    indicator = contents.indicators[block.indicator_code]
    if entry_kind(block.indicator_code, column) == "closed":
        rule = DataValidation(allow_blank=True)
        _tell(rule, f"{block.indicator_code} {column}", contents.words.say("Not used for this indicator."))
        return rule
    rule = _count_limit(indicator, column) if _is_count(indicator, column) else _value_limit(indicator)
    _tell(rule, f"{block.indicator_code} {column}", _what_it_is(indicator, column, contents))
    _refuse_with(rule, f"{block.indicator_code} {column}", _what_is_allowed(rule, contents))
    return rule


def _is_count(indicator: dict[str, str], column: str) -> bool:
    used = (indicator["measure_type_code"], column, "true")
    return used in {(row["measure_type_code"], row["column_name"], row["is_count"]) for row in rows("measure_columns")}


def _count_limit(indicator: dict[str, str], column: str) -> DataValidation:
    may_be_fraction = column == "NUMERATOR" and indicator["allows_fractional_count"] == "true"
    kind = "decimal" if may_be_fraction else "whole"
    return DataValidation(
        type=kind, operator="greaterThanOrEqual", formula1="0", allow_blank=True, showErrorMessage=True
    )


def _value_limit(indicator: dict[str, str]) -> DataValidation:
    lowest, highest = indicator["hard_min"], indicator["hard_max"]
    kind = "whole" if indicator["measure_type_code"] in ("BIN", "SCORE") else "decimal"
    limits = {"operator": "between", "formula2": highest} if highest else {"operator": "greaterThanOrEqual"}
    return DataValidation(type=kind, formula1=lowest, allow_blank=True, showErrorMessage=True, **limits)


def _what_it_is(indicator: dict[str, str], column: str, contents: Contents) -> str:
    say, word = contents.words.say, contents.words.word
    descriptions = {row["column_name"]: row["description"] for row in rows("submission_columns")}
    told = {
        "NUMERATOR": indicator["numerator_definition"],
        "DENOMINATOR": indicator["denominator_definition"],
        "OBS_VALUE": indicator["definition"],
    }
    text = word(told.get(column) or descriptions[column])
    if column == "OBS_VALUE" and indicator["allows_published_value"] == "true":
        return say("Only where the counts are not published: {definition}", definition=text)
    if column == "OBS_VALUE" and entry_kind(indicator["indicator_code"], column) == "open":
        return say("May stay empty: we compute it from the counts.")
    return text


def _what_is_allowed(rule: DataValidation, contents: Contents) -> str:
    say, number = contents.words.say, contents.words.number
    if rule.operator == "greaterThanOrEqual" and rule.type == "whole":
        return say("A count is a whole number, 0 or more. If there is none, leave the cell empty and set OBS_STATUS.")
    if rule.operator == "greaterThanOrEqual":
        return say("A number, 0 or more. If there is none, leave the cell empty and set OBS_STATUS.")
    lowest, highest = (number(float(bound)) for bound in (rule.formula1, rule.formula2))
    return say(
        "A number from {lowest} to {highest}. If there is none, leave the cell empty and set OBS_STATUS.",
        lowest=lowest,
        highest=highest,
    )
