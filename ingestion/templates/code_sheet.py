"""The last sheet: the code lists, for people to read and for the drop-downs to take their choices from."""

from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from ingestion.catalogue import rows
from ingestion.templates.contents import CODE_LISTS, Contents, code_name
from ingestion.templates.grid import periods_of, sites_of

# A column of codes, a column of labels, and a narrow one between two lists.
COLUMNS_PER_LIST = 3
CODE_WIDTH, GAP_WIDTH = 16, 3
NARROWEST_LABEL = 20
RECEIVERS = ("receiver_only", "refused")

# What is written in a cell: years as numbers, so that a spreadsheet program does not mark them as odd texts.
Code = str | int


def list_name(column: str) -> str:
    """Return the name by which the drop-downs of a column find its codes."""
    return f"pcm_{column}"


def as_cell(code: str) -> Code:
    """Return a code as it stands in a cell."""
    return int(code) if code.isdigit() else code


def add_code_sheet(book: Workbook, contents: Contents, *, title: str) -> list[str]:
    """Add the sheet of code lists and a defined name for each; return the columns that have a list."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A3"
    say = contents.words.say
    offered = offered_codes(contents)
    for number, (column, codes) in enumerate(offered.items()):
        first = 1 + number * COLUMNS_PER_LIST
        label_width = max(NARROWEST_LABEL, *(len(label) + 2 for label in codes.values()))
        for index, width in enumerate((CODE_WIDTH, label_width, GAP_WIDTH)):
            sheet.column_dimensions[get_column_letter(first + index)].width = width
        sheet.cell(1, first, column).style = "pcm heading"
        for index, text in enumerate((say("Code"), say("Meaning"))):
            sheet.cell(2, first + index, text).style = "pcm key head"
        for row, (code, label) in enumerate(codes.items(), start=3):
            sheet.cell(row, first, as_cell(code)).style = "pcm open"
            sheet.cell(row, first + 1, label).style = "pcm open"
        letter = get_column_letter(first)
        place = f"{quote_sheetname(title)}!${letter}$3:${letter}${2 + len(codes)}"
        book.defined_names[list_name(column)] = DefinedName(list_name(column), attr_text=place)
    return list(offered)


def offered_codes(contents: Contents) -> dict[str, dict[str, str]]:
    """Return {column: {code: label}}: the codes that may stand in a template, and only those."""
    word = contents.words.word
    fixed = {
        "INDICATOR": {code: word(row["indicator_name"]) for code, row in contents.indicators.items()},
        "REF_AREA": {row["country_code"]: word(row["country_name"]) for row in _countries(contents)},
        "TIME_PERIOD": dict.fromkeys(_periods(contents), ""),
    }
    return fixed | {
        column: {row["code"]: code_name(column, row["code"], contents.words) for row in listed}
        for column in CODE_LISTS
        if column not in fixed and (listed := list(_listed(column, contents)))
    }


def _countries(contents: Contents) -> list[dict[str, str]]:
    return [row for row in rows("countries") if row["country_code"] == contents.asked.country_code]


def _periods(contents: Contents) -> list[str]:
    round_id = contents.asked.round_id
    return sorted({period for row in contents.indicators.values() for period in periods_of(row, round_id)})


def _listed(column: str, contents: Contents) -> Iterator[dict[str, str]]:
    sites = {site for indicator in contents.indicators for site in sites_of(indicator)}
    for row in rows(CODE_LISTS[column]):
        is_foreign = (row.get("country_code") or contents.asked.country_code) != contents.asked.country_code
        is_receivers = row.get("sender_rule", "allowed") != "allowed" or row.get("handling") in RECEIVERS
        is_other_site = column == "SITE" and row["code"] not in sites
        if not (is_foreign or is_receivers or is_other_site):
            yield row
