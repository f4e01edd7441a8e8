"""The demonstration round, read back with other tools than those that wrote it."""

import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict

import pytest
from python_calamine import CalamineWorkbook

from ingestion.catalogue import rows
from ingestion.demo import national_files, prepare
from ingestion.demo.assumptions import read_rows
from ingestion.demo.senders import senders

pytestmark = pytest.mark.xdist_group("demo round")

ROSTER = sorted(row["country_code"] for row in rows("roster"))
INDICATORS = {row["indicator_code"]: row for row in rows("indicators")}
COLUMNS = [row["column_name"] for row in rows("submission_columns")]
NUMBERS = [row["column_name"] for row in rows("submission_columns") if row["column_kind"] == "number"]
TOTALS = {row["dimension_code"]: row["total_code"] for row in rows("dimensions") if row["is_stratum"] == "true"}
COUNTRIES = {row["country_code"]: row for row in rows("countries")}
SIGNS = {"comma": ",", "point": ".", "nbsp": "\u00a0", "nnbsp": "\u202f"}


@pytest.fixture(scope="module")
def files():
    """{(wave, country): NationalFile}"""
    return {(found.wave, found.sender.country_code): found for found in national_files()}


@pytest.fixture(scope="module")
def tables(files):
    """{(wave, country): rows as {column: text or number}} of every file that can be opened."""
    found = {key: read_back(national) for key, national in files.items() if key != ("wave1", "LV")}
    last = found["wave1", "EL"][-1]["INDICATOR"]  # the indicator in which the file ends: its figures are not whole
    found["wave1", "EL"] = [row for row in found["wave1", "EL"] if row["INDICATOR"] != last]
    return found


@pytest.fixture(scope="module")
def blocks(final):
    """{country: {(indicator, site, period): {stratum: row}}} of the invented figures that count."""
    return {code: blocks_of(table) for code, table in final.items()}


@pytest.fixture(scope="module")
def final(tables):
    """{country: rows} of the file that counts; Luxembourg's first one, before its correction."""
    return {code: tables["wave2" if code in ("SI", "LV") else "wave1", code] for code in ROSTER}


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


# --- what the round is made of


def test_one_file_per_country_and_three_corrections(files):
    assert sorted(code for wave, code in files if wave == "wave1") == ROSTER
    assert sorted(code for wave, code in files if wave == "wave2") == ["LU", "LV", "SI"]


def test_same_seed_same_bytes_on_any_run(tmp_path):
    """Another process with another hash seed writes the same bytes as this one, twice over."""
    program = (
        "import sys; from pathlib import Path; from ingestion.demo import prepare; "
        "prepare(Path(sys.argv[1]), countries=['DK', 'IE'])"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", program, tmp_path / "other"], check=True, env=environment)
    prepare(tmp_path / "here", countries=["DK", "IE"])
    first = tree(tmp_path / "here")
    prepare(tmp_path / "here", countries=["DK", "IE"])
    assert first == tree(tmp_path / "here") == tree(tmp_path / "other")


def test_another_seed_gives_other_figures_and_the_same_real_ones():
    one, other = (read_back(next(national_files(seed=seed, countries=["MT"]))) for seed in (1, 2))
    assert [row for row in one if row["INDICATOR"][:3] == "CTX"] == [r for r in other if r["INDICATOR"][:3] == "CTX"]
    assert blocks_of(one) != blocks_of(other)


def test_a_smaller_round_replaces_a_larger_one(tmp_path):
    prepare(tmp_path, countries=["MT", "LU"])
    prepare(tmp_path, countries=["MT"])
    found = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    assert found == ["README.txt", "wave1/MT/pcm_indicators_malta_2026.csv"]


def test_readme_says_what_is_invented_and_what_went_wrong(tmp_path):
    prepare(tmp_path, countries=["LU", "SI"])
    text = (tmp_path / "README.txt").read_text(encoding="utf-8")
    assert "INVENTED" in text
    assert "the wrong file was attached" in text


def test_every_indicator_of_every_theme_is_sent_and_no_country_misses_a_theme(final):
    filled = {code: {row["INDICATOR"] for row in table if has_numbers(row)} for code, table in final.items()}
    assert set().union(*filled.values()) == set(INDICATORS)
    for code, sent in filled.items():
        assert {INDICATORS[name]["theme_code"] for name in sent} == {row["theme_code"] for row in rows("themes")}, code


def test_some_countries_leave_out_some_indicators_and_say_so_or_not(final):
    silent = sum(len(set(INDICATORS) - {row["INDICATOR"] for row in table}) for table in final.values())
    told = {row["INDICATOR"] for table in final.values() for row in table if row["OBS_STATUS"] == "L"}
    assert silent > 10
    assert len(told) > 10


def test_pilot_figures_cover_the_four_periods_of_the_round(blocks):
    expected = defaultdict(set)
    for row in rows("round_periods"):
        expected[row["periodicity_code"]].add(row["period"])
    sent = defaultdict(set)
    for indicator, site, period in blocks["DE"]:
        sent[indicator, site].add(period)
    for (indicator, _), found in sent.items():
        assert found == expected[INDICATORS[indicator]["periodicity_code"]]


def test_every_dimension_is_broken_down_by_and_some_are_crossed(blocks):
    sent = {
        tuple(name for name, _ in stratum) for code in blocks for block in blocks[code].values() for stratum in block
    }
    assert {(name,) for name in TOTALS} <= sent
    assert ("SEX", "AGE") in sent


def test_sites_and_breakdowns_are_those_of_the_catalogue(final):
    sites, dimensions = defaultdict(set), defaultdict(set)
    for row in rows("indicator_sites"):
        sites[row["indicator_code"]].add(row["site_code"])
    for row in rows("indicator_disaggregations"):
        dimensions[row["indicator_code"]].add(row["dimension_code"])
    for table in final.values():
        for row in table:
            assert row["SITE"] in (sites[row["INDICATOR"]] or {None})
            assert {name for name, _ in stratum_of(row)} <= dimensions[row["INDICATOR"]]


# --- the real part


def test_real_figures_arrive_unchanged_with_flag_and_source(final):
    statuses = {row["code"]: row["obs_status"] for row in rows("eurostat_flags")}
    sources = {row["source_id"]: row for row in read_rows("context_sources.csv")}
    wanted, found = {}, {}
    for figure in read_rows("context_figures.csv"):
        quantile = None if figure["quantile"] == "TOTAL" else figure["quantile"]
        source = sources[figure["source_id"]]
        wanted[figure["country_code"], figure["indicator_code"], figure["period"], quantile] = (
            float(figure["value"]),
            statuses.get(figure["flag"]) or None,
            f"{source['source_title']}, {source['source_url']}",
        )
    for code, table in final.items():
        for row in table:
            if row["INDICATOR"].startswith("CTX"):
                key = (code, row["INDICATOR"], row["TIME_PERIOD"], row["QUANTILE"])
                found[key] = (row["OBS_VALUE"], row["OBS_STATUS"], row["REFERENCE"])
    assert found == wanted


def test_every_invented_row_and_no_real_one_says_synthetic(tables):
    for table in tables.values():
        for row in table:
            assert row["REFERENCE"].startswith("SYNTHETIC") != row["INDICATOR"].startswith("CTX")


# --- the invented part


def test_parts_add_up_to_their_totals(tables):
    """In all files, also those with faults of other kinds. A part that is hidden makes its breakdown incomplete."""
    checked = Counter()
    for key, table in tables.items():
        for block in blocks_of(table).values() if key != ("wave1", "RO") else ():
            for (total, dimension), parts in breakdowns(block).items():
                if any(row["OBS_STATUS"] == "Q" for row in parts):
                    continue
                for column in ("NUMERATOR", "DENOMINATOR"):
                    if block[total][column] is not None:
                        assert sum(row[column] or 0 for row in parts) == pytest.approx(block[total][column])
                        checked[dimension] += 1
    assert set(checked) == set(TOTALS)
    assert min(checked.values()) > 200


def breakdowns(block):
    """{(stratum of the total, dimension): rows of its parts}"""
    found = defaultdict(list)
    for stratum, row in block.items():
        for item in stratum:
            found[tuple(other for other in stratum if other != item), item[0]].append(row)
    return found


def test_numerators_never_pass_denominators_and_medians_lie_between_quartiles(tables):
    for table in tables.values():
        for row in table:
            if row["NUMERATOR"] is not None and row["DENOMINATOR"] is not None:
                assert 0 <= row["NUMERATOR"] <= row["DENOMINATOR"]
            if row["P25"] is not None:
                assert row["P25"] <= row["OBS_VALUE"] <= row["P75"]


def test_pooled_medians_lie_between_those_of_their_parts(blocks):
    for found in blocks.values():
        for block in found.values():
            for dimension in {stratum[0][0] for stratum in block if stratum}:
                values = [row["OBS_VALUE"] for stratum, row in block.items() if stratum and stratum[0][0] == dimension]
                if None not in values and block[()]["P25"] is not None:
                    assert min(values) <= block[()]["OBS_VALUE"] <= max(values)


def test_steps_of_the_care_pathway_follow_each_other(blocks):
    links = 0
    for link in rows("indicator_chains"):
        for found in blocks.values():
            for (indicator, site, period), block in found.items():
                if indicator != link["downstream_indicator_code"]:
                    continue
                before = found.get((link["upstream_indicator_code"], site, period), {})
                for stratum in block.keys() & before.keys():
                    starts, comes = before[stratum][link["upstream_column"]], block[stratum][link["downstream_column"]]
                    if starts is not None and comes is not None:
                        assert comes == starts if link["relation"] == "equal" else comes <= starts
                        links += 1
    assert links > 1000


def test_rows_without_numbers_say_why_and_rows_with_numbers_do_not(tables):
    for table in tables.values():
        for row in table:
            assert has_numbers(row) != (row["OBS_STATUS"] in ("M", "Q", "L"))


def test_some_senders_hide_small_counts_and_never_one_part_alone(blocks):
    hidden = 0
    for found in blocks.values():
        for block in found.values():
            for dimension in {stratum[0][0] for stratum in block if len(stratum) == 1}:
                parts = [row for stratum, row in block.items() if len(stratum) == 1 and stratum[0][0] == dimension]
                suppressed = [row for row in parts if row["OBS_STATUS"] == "Q"]
                shown = [row for row in parts if has_numbers(row)]
                assert len(suppressed) != 1 or not shown
                assert all(row["CONF_STATUS"] in ("A", "C") for row in suppressed)
                hidden += len(suppressed)
    assert hidden > 100


def test_statuses_of_all_kinds_are_set(final):
    found = Counter(row["OBS_STATUS"] for table in final.values() for row in table)
    assert {"B", "E", "L", "M", "N", "P", "Q", "U"} <= set(found)


def test_small_counts_occur_where_counts_are_small(final):
    small = Counter(
        code
        for code, table in final.items()
        for row in table
        if INDICATORS[row["INDICATOR"]]["is_person_count"] == "true" and 0 < (row["NUMERATOR"] or 0) < 11
    )
    assert small["MT"] > 300
    assert small["MT"] > small["PL"]


@pytest.mark.parametrize(("dimension", "worse", "better"), [("ISCED11", "ED0-2", "ED5-8"), ("QUANTILE", "QU1", "QU5")])
def test_access_rises_with_education_and_income(blocks, dimension, worse, better):
    gaps = []
    for found in blocks.values():
        for (indicator, _, _), block in found.items():
            pair = [block.get(((dimension, code),)) for code in (worse, better)]
            if INDICATORS[indicator]["direction"] == "higher_better" and all(pair):
                shares = [row["NUMERATOR"] / row["DENOMINATOR"] for row in pair if row["NUMERATOR"] is not None]
                gaps += [shares[1] - shares[0]] if len(shares) == 2 else []
    assert len(gaps) > 1000
    assert sum(gap > 0 for gap in gaps) / len(gaps) > 0.8
    assert 0.05 < sum(gaps) / len(gaps) < 0.25


def test_capitals_stand_higher_and_most_trends_rise(blocks):
    rises = regional = 0
    counted = 0
    for found in blocks.values():
        for (indicator, site, period), block in found.items():
            if (
                period == "2025"
                and INDICATORS[indicator]["measure_type_code"] == "PROP"
                and indicator[:3] in ("MTB", "LBX")
            ):
                first, last = found[indicator, site, "2022"][()], block[()]
                if (
                    first["DENOMINATOR"]
                    and last["DENOMINATOR"]
                    and INDICATORS[indicator]["direction"] == "higher_better"
                ):
                    counted += 1
                    rises += first["NUMERATOR"] / first["DENOMINATOR"] < last["NUMERATOR"] / last["DENOMINATOR"]
    for code, capital in (("FR", "FR10"), ("ES", "ES30"), ("CZ", "CZ01"), ("EL", "EL30")):
        for (indicator, site, period), block in blocks[code].items():
            part = block.get((("NUTS2", capital),))
            if indicator == "LBX_01" and part and period == "2025" and site == "C33_C34_NSCLC":
                total = block[()]
                regional += part["NUMERATOR"] / part["DENOMINATOR"] > total["NUMERATOR"] / total["DENOMINATOR"]
    assert rises / counted > 0.75
    assert regional >= 2


# --- the habits


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


# --- the faults


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


def tree(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
