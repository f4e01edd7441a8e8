"""The files of the demonstration round: national habits, and the faults that are meant."""

import io
import zipfile
from collections import Counter

import pytest

from ingestion.catalogue import rows
from ingestion.demo.senders import senders
from tests.demo_round import (
    COLUMNS,
    NUMBERS,
    blocks_of,
    column_name,
    given,
    has_numbers,
    sheet_lines,
    stratum_of,
    text_lines,
)

given_files, given_tables = map(given, ("files", "tables"))


def test_formats_are_mixed_as_in_life(files):
    kinds = Counter(found.sender.file_format for (wave, _), found in files.items() if wave == "wave1")
    assert min(kinds["csv"], kinds["xlsx"]) >= 8
    text = {code: found.data for (wave, code), found in files.items() if found.sender.file_format == "csv"}
    assert sum(data.startswith(b"\xef\xbb\xbf") for data in text.values()) >= 3
    assert sum(data.startswith(b"\xff\xfe") for data in text.values()) >= 2
    for code, encoding in (("DE", "cp1252"), ("CZ", "cp1250"), ("BG", "cp1251"), ("EL", "cp1253"), ("LT", "cp1257")):
        assert senders()[code].encoding == encoding
        with pytest.raises(UnicodeDecodeError):
            text[code].decode("utf-8")
    utf8 = text["FR"].decode("utf-8")
    assert "\u202f" in utf8 and "\u00a0" in text["PT"].decode("utf-8")
    assert {senders()[code].delimiter for code in text} == {",", ";", "\t"}


def test_numbers_are_written_by_national_convention(files):
    cells = {
        code: {cell for line in text_lines(files["wave1", code]) for cell in line} for code in ("DE", "FR", "IE", "CY")
    }
    assert any(cell.replace(".", "").isdigit() and cell.count(".") == 2 for cell in cells["DE"])
    assert any("\u202f" in cell for cell in cells["FR"])
    assert any(cell.replace(",", "").isdigit() and cell.count(",") == 1 for cell in cells["IE"])
    assert any(cell.replace(",", "").isdigit() and cell.count(",") == 1 for cell in cells["CY"])


def test_titles_stand_above_some_headers_and_columns_come_in_another_order(files):
    first_lines = {}
    for (wave, code), found in files.items():
        if wave == "wave1" and code != "LV":
            lines = sheet_lines(found) if found.sender.file_format == "xlsx" else text_lines(found)
            first_lines[code] = [column_name(cell) for cell in lines[0]]
    assert sum(line[0] not in COLUMNS for line in first_lines.values()) >= 8
    assert first_lines["IS"][0] in NUMBERS
    assert sorted(first_lines["IS"]) == sorted(COLUMNS)


def test_workbooks_open_in_a_spreadsheet_library(files):
    openpyxl = pytest.importorskip("openpyxl")
    for code in ("LU", "SE", "FI"):
        book = openpyxl.load_workbook(io.BytesIO(files["wave1", code].data), read_only=True)
        assert book.sheetnames[-1] == senders()[code].sheet
        row = next(book[book.sheetnames[-1]].iter_rows(min_row=40, max_row=40, values_only=True))
        value = row[COLUMNS.index("OBS_VALUE")]
        assert isinstance(value, str if code == "SE" else int | float)


def test_slovenia_sends_its_neighbours_figures_first(tables):
    assert {row["REF_AREA"] for row in tables["wave1", "SI"]} == {"SK"}
    assert {row["REF_AREA"] for row in tables["wave2", "SI"]} == {"SI"}


def test_every_other_file_describes_its_sender(tables):
    for (wave, code), table in tables.items():
        if (wave, code) != ("wave1", "SI"):
            assert {row["REF_AREA"] for row in table} == {code}


def test_latvias_workbook_is_torn_and_then_whole(files):
    assert files["wave1", "LV"].data[:2] == b"PK"
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(files["wave1", "LV"].data))
    assert zipfile.ZipFile(io.BytesIO(files["wave2", "LV"].data)).testzip() is None


def test_hungary_counts_prostate_cancer_in_women(tables):
    impossible = [r for r in tables["wave1", "HU"] if r["SITE"] == "C61" and r["SEX"] == "F" and has_numbers(r)]
    assert {row["INDICATOR"] for row in impossible} == {"RIP_02", "PRS_02"}


def test_no_other_file_counts_a_site_in_a_sex_that_cannot_have_it(tables):
    restrictions = {row["code"]: row["sex_restriction"] for row in rows("codes_site")}
    for key, table in tables.items():
        for row in table:
            restriction = restrictions.get(row["SITE"], "T")
            if key != ("wave1", "HU") and row["SEX"] and restriction != "T" and row["SEX"] != restriction:
                assert not has_numbers(row) and row["OBS_STATUS"] == "M"


def test_portugal_sends_fractions_for_one_indicator(tables):
    wrong = Counter()
    for row in tables["wave1", "PT"]:
        if row["NUMERATOR"] is not None and row["DENOMINATOR"] and row["OBS_VALUE"] is not None:
            wrong[row["INDICATOR"]] += row["OBS_VALUE"] == pytest.approx(
                row["NUMERATOR"] / row["DENOMINATOR"], abs=6e-4
            )
    assert set(wrong) == {"DRM_01"}
    assert wrong["DRM_01"] > 50


def test_values_beside_counts_agree_with_them_everywhere_else(tables):
    for key, table in tables.items():
        for row in table:
            if key != ("wave1", "PT") and None not in (row["NUMERATOR"], row["DENOMINATOR"], row["OBS_VALUE"]):
                assert row["OBS_VALUE"] == pytest.approx(100 * row["NUMERATOR"] / row["DENOMINATOR"], abs=0.051)


def test_romania_repeats_rows_of_one_indicator(tables):
    keys = Counter((r["INDICATOR"], r["SITE"], r["TIME_PERIOD"], stratum_of(r)) for r in tables["wave1", "RO"])
    assert {key[0] for key, count in keys.items() if count > 1} == {"MTB_03"}


def test_no_other_file_repeats_a_row(tables):
    for key, table in tables.items():
        keys = [(r["INDICATOR"], r["SITE"], r["TIME_PERIOD"], stratum_of(r)) for r in table]
        assert key == ("wave1", "RO") or len(keys) == len(set(keys))


def test_greeces_file_ends_in_the_middle_of_a_row(files):
    lines = files["wave1", "EL"].data.decode("cp1253").splitlines(keepends=True)
    assert not lines[-1].endswith("\n")
    assert 0 < lines[-1].count(";") < lines[0].count(";")


def test_luxembourg_corrects_one_indicator_of_one_year(tables):
    first, second = (blocks_of(tables[wave, "LU"]) for wave in ("wave1", "wave2"))
    assert {key[0] for key in second} == {"MTB_01"}
    assert {key for key in first if key[0] == "MTB_01"} == set(second)
    changed = {key[2] for key in second if second[key] != first[key]}
    assert changed == {"2025"}
    whole = ("MTB_01", "C_SOLID_ADV", "2025")
    assert second[whole][()]["NUMERATOR"] > first[whole][()]["NUMERATOR"] > 10
    assert second[whole][()]["DENOMINATOR"] == first[whole][()]["DENOMINATOR"]
