"""A contact who fills a template: figures that fit each other, written into the cells to fill and nowhere else."""

import csv
import io
from collections import defaultdict

from openpyxl import load_workbook

from ingestion.catalogue import rows
from ingestion.demo.chance import apportion
from ingestion.demo.country import population_count
from ingestion.languages import language_for
from ingestion.templates import Asked
from ingestion.templates.workbook import template_bytes

ROUND = rows("rounds")[-1]["round_id"]
INDICATORS = {row["indicator_code"]: row for row in rows("indicators")}
COUNTRIES = {row["country_code"]: row for row in rows("countries")}
STRATA = [row["dimension_code"] for row in rows("dimensions") if row["is_stratum"] == "true"]
NUMBERS = [row["column_name"] for row in rows("submission_columns") if row["column_kind"] == "number"]
SIGNS = {"comma": ",", "point": ".", "nbsp": "\u00a0", "nnbsp": "\u202f"}
SEPARATORS = {"semicolon": ";", "comma": ","}
# Above a hundred for each of the 38 regions of Germany, no multiple of five, and the thousands show.
PEOPLE = 23_457
# Steps follow each other: nearly all are discussed by a tumour board, half of them get a recommendation.
EARLY_SHARES = {"MTB_02": 0.95}
LATE_STEPS = {"MTB_05", "HTA_02"}


def filled_book(country, *, theme="", language="en"):
    """The workbook of a template with every figure filled in, as numbers."""
    book = load_workbook(io.BytesIO(template_bytes(Asked(country, ROUND, theme), words=language_for(language))))
    sheet = book["data"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, figure in zip(range(2, sheet.max_row + 1), _figures(sheet, columns, country), strict=True):
        for name, value in figure.items():
            sheet.cell(row, columns[name], value)
    return book


def write_as_text(book, country):
    """Turn the figures of a filled workbook into texts in the country's habit."""
    for column in book["data"].iter_cols():
        if column[0].value in NUMBERS:
            for cell in column[1:]:
                cell.value = None if cell.value is None else number_text(cell.value, country)


def as_xlsx(book):
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def as_csv(book, country):
    """The sheet `data` as a spreadsheet program of the country saves it: its separator, its signs, its code page."""
    habit = COUNTRIES[country]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=SEPARATORS[habit["field_separator"]], lineterminator="\r\n")
    for line in book["data"].iter_rows(values_only=True):
        writer.writerow(["" if value is None else value for value in line])
    # No old code page has the narrow blank; a program writes the wide one, and ? for letters of other alphabets.
    return stream.getvalue().replace("\u202f", "\u00a0").encode(habit["legacy_encoding"], errors="replace")


def number_text(value, country):
    """A number as people of the country write it: 12.345,5 or 12 345,5 or 12,345.5."""
    habit = COUNTRIES[country]
    signs = {",": SIGNS[habit["thousands_separator"]], ".": SIGNS[habit["decimal_separator"]]}
    return f"{value:,}".translate(str.maketrans(signs))


def _figures(sheet, columns, country):
    """Yield the values to write into each row; every dimension's parts add up to the total."""
    keys = [
        {name: sheet.cell(row, column).value for name, column in columns.items()} for row in range(2, sheet.max_row + 1)
    ]
    groups = defaultdict(list)
    for key in keys:
        groups[_block(key), _dimension(key)].append(key)
    for key in keys:
        siblings = groups[_block(key), _dimension(key)]
        yield _figure(key, siblings.index(key), len(siblings), country)


def _block(key):
    return key["INDICATOR"], key["SITE"], key["TIME_PERIOD"]


def _dimension(key):
    return next((name for name in STRATA if key[name]), "TOTAL")


def _figure(key, position, part_count, country):
    indicator = INDICATORS[key["INDICATOR"]]
    kind = indicator["measure_type_code"]
    if kind == "PROP":
        everyone = _listed(indicator, country) or _people(key)
        people = apportion(everyone, [1] * part_count)
        counted = apportion(round(everyone * _share(indicator)), people, caps=people)
        return {"NUMERATOR": counted[position], "DENOMINATOR": people[position]}
    if kind == "MEDDAYS":
        middle = _middle(indicator) + 0.5
        quartiles = {"P25": middle - 1.25, "P75": middle + 2.5}
        return {"OBS_VALUE": middle, "DENOMINATOR": apportion(_people(key), [1] * part_count)[position], **quartiles}
    if kind in ("SCORE", "BIN"):
        return {"OBS_VALUE": 1, "REFERENCE": "Law of 1 March 2024, Art. 5"}
    return {"NUMERATOR": apportion(_count(indicator, key, country), [1] * part_count)[position]}


def _people(key):
    """Some more or fewer in each period, as people are, and a third of them where a step before may have taken half."""
    everyone = PEOPLE + int("".join(filter(str.isdigit, str(key["TIME_PERIOD"])))) % 97
    return everyone // 3 if key["INDICATOR"] in LATE_STEPS else everyone


def _listed(indicator, country):
    """How many there are to count by definition: the tests of a list, the regions of the country; 0 without a limit."""
    regions = [row for row in rows("codes_nuts2") if row["country_code"] == country]
    return len(regions) if indicator["denominator_limit"] == "NUTS2" else int(indicator["denominator_limit"] or 0)


def _share(indicator):
    return EARLY_SHARES.get(indicator["indicator_code"], _middle(indicator) / 100)


def _middle(indicator):
    return (float(indicator["soft_min"]) + float(indicator["soft_max"])) // 2


def _count(indicator, key, country):
    if indicator["measure_type_code"] == "COUNT":
        return max(1, round(_middle(indicator)))
    people = population_count(country, int(str(key["TIME_PERIOD"])[:4]))
    return max(1, round(float(indicator["soft_max"]) * 0.9 * people / 100_000))
