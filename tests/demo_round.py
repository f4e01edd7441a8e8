"""The demonstration round, read back with other tools than those that wrote it; made once per test process."""

import csv
import io
from collections import defaultdict
from functools import cache

import pytest
from python_calamine import CalamineWorkbook

from ingestion.catalogue import rows
from ingestion.demo import national_files

ROSTER = sorted(row["country_code"] for row in rows("roster"))
INDICATORS = {row["indicator_code"]: row for row in rows("indicators")}
COLUMNS = [row["column_name"] for row in rows("submission_columns")]
NUMBERS = [row["column_name"] for row in rows("submission_columns") if row["column_kind"] == "number"]
TOTALS = {row["dimension_code"]: row["total_code"] for row in rows("dimensions") if row["is_stratum"] == "true"}
COUNTRIES = {row["country_code"]: row for row in rows("countries")}
SIGNS = {"comma": ",", "point": ".", "nbsp": "\u00a0", "nnbsp": "\u202f"}


@cache
def files():
    """{(wave, country): NationalFile}"""
    return {(found.wave, found.sender.country_code): found for found in national_files()}


@cache
def tables():
    """{(wave, country): rows as {column: text or number}} of every file that can be opened."""
    found = {key: read_back(national) for key, national in files().items() if key != ("wave1", "LV")}
    last = found["wave1", "EL"][-1]["INDICATOR"]  # the indicator in which the file ends: its figures are not whole
    found["wave1", "EL"] = [row for row in found["wave1", "EL"] if row["INDICATOR"] != last]
    return found


@cache
def blocks():
    """{country: {(indicator, site, period): {stratum: row}}} of the invented figures that count."""
    return {code: blocks_of(table) for code, table in final().items()}


@cache
def final():
    """{country: rows} of the file that counts; Luxembourg's first one, before its correction."""
    return {code: tables()["wave2" if code in ("SI", "LV") else "wave1", code] for code in ROSTER}


def given(name):
    """The fixture that gives a test what the function of this name returns."""
    return pytest.fixture(name=name)(lambda: globals()[name]())


def read_back(national):
    lines = sheet_lines(national) if national.sender.file_format == "xlsx" else text_lines(national)
    header = next(index for index, line in enumerate(lines) if column_name(line[0]) in COLUMNS)
    names = [column_name(text) for text in lines[header]]
    found = [dict(zip(names, line, strict=False)) for line in lines[header + 1 :]]
    table = [{name: row.get(name) or None for name in COLUMNS} for row in found if row.get("TIME_PERIOD")]
    for row in table:
        for name in NUMBERS:
            row[name] = number(row[name], national.sender.country_code)
        for name, total in TOTALS.items():
            row[name] = None if row[name] == total else row[name]
    return table


def sheet_lines(national):
    book = CalamineWorkbook.from_filelike(io.BytesIO(national.data))
    lines = book.get_sheet_by_index(len(book.sheet_names) - 1).to_python(skip_empty_area=False)
    return [["0" if cell == 0 and cell != "" else cell or "" for cell in line] for line in lines]


def text_lines(national):
    text = national.data.decode(national.sender.encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=national.sender.delimiter))


def column_name(text):
    return str(text).upper().replace(" ", "_")


def number(value, country_code):
    if value is None or isinstance(value, float):
        return value
    country = COUNTRIES[country_code]
    plain = value.replace(SIGNS[country["thousands_separator"]], "")
    return float(plain.replace(SIGNS[country["decimal_separator"]], "."))


def stratum_of(row):
    return tuple((name, row[name]) for name in TOTALS if row[name])


def blocks_of(table):
    """{(indicator, site, period): {stratum: row}} of the invented figures."""
    found = defaultdict(dict)
    for row in table:
        if not row["INDICATOR"].startswith("CTX"):
            found[row["INDICATOR"], row["SITE"], row["TIME_PERIOD"]][stratum_of(row)] = row
    return found


def has_numbers(row):
    return any(row[name] is not None for name in NUMBERS)
