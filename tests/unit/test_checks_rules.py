"""The rules: what they let pass, and what becomes of rows, indicators and files. What they say is in tests/golden."""

from collections import defaultdict

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingestion.catalogue import CATALOGUE_FOLDER, rows
from ingestion.checks import ACCEPTED_FILE, raw
from ingestion.checks.examination import examine_here
from ingestion.checks.proposals import propose_code
from ingestion.checks.registry import CHECKS_FOLDER, SQL_FOLDER, STAGES, checks, judging_files, queries
from ingestion.checks.vocabulary import codes
from ingestion.languages import language_for
from ingestion.receipts.localise import localise
from tests.files import COLUMNS, MEDIAN, PROPORTION, as_lines, csv_text, figures, workbook_bytes, write


def examine(folder, rows_of_file, country="LU"):
    path = write(folder, "figures.csv", csv_text(as_lines(rows_of_file)))
    return examine_here(path, country_code=country, work_folder=folder)


def rules_in(result):
    return {finding["rule"] for finding in result["findings"]}


def test_every_rule_is_found_where_its_stage_says():
    stages = {check.stage for check in checks().values()}
    with_query = {query.rule for stage in stages for query in queries(stage)}
    expected = {rule for rule, check in checks().items() if check.stage in STAGES[STAGES.index("keys") :]}
    assert with_query == expected
    assert len(list(SQL_FOLDER.glob("*.sql"))) == len(expected)


def test_the_version_of_the_rules_covers_all_that_reads_and_judges_a_file():
    code = {path for room in ("checks", "reading") for path in CHECKS_FOLDER.with_name(room).rglob("*.*")}
    tables = set(CATALOGUE_FOLDER.rglob("*.csv"))
    assert set(judging_files()) == {path for path in code | tables if path.suffix in (".py", ".sql", ".csv")}


def test_no_query_spells_out_a_code_that_belongs_to_a_list():
    lists = ["codes_site", "codes_nuts2", "codes_age", "codes_isced11", "codes_degurba", "codes_quantile", "countries"]
    codes = {next(iter(row.values())) for name in lists for row in rows(name)} - {"TOTAL"}
    codes |= {row["indicator_code"] for row in rows("indicators")}
    for path in SQL_FOLDER.glob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert not [code for code in codes if f"'{code}'" in text], path.name


def test_only_rules_about_all_rows_together_are_asked_of_every_file():
    """A rule about single rows is asked where one meets its condition, any other where its file says so."""
    asked_always = {query.rule for stage in STAGES for query in queries(stage) if not query.needs}
    assert asked_always == {"P20", "P26", "P28"}


@pytest.mark.parametrize(
    ("mark", "status", "is_read"),
    [
        ("-", "L", True),
        (":", "m", True),
        ("<5", "Q", True),
        ("-", "", False),
        ("-", "P", False),
        ("12 p", "L", False),
    ],
)
def test_a_mark_beside_a_status_that_says_why_there_is_no_figure_says_it_once_more(tmp_path, mark, status, is_read):
    men = {**PROPORTION, "SEX": "M", "NUMERATOR": mark, "DENOMINATOR": mark, "OBS_STATUS": status, "CONF_STATUS": "A"}
    result = examine(tmp_path, [{**PROPORTION, "NUMERATOR": "100", "DENOMINATOR": "400"}, men])
    assert ("NOT_A_NUMBER" not in rules_in(result)) == is_read


def test_clean_figures_have_no_finding(tmp_path):
    result = examine(tmp_path, figures())
    assert (result["verdict"], result["findings"]) == ("accepted", [])


def test_the_accepted_rows_are_raw_typed_and_numbered(tmp_path):
    examine(tmp_path, figures())
    found = duckdb.sql(f"from '{tmp_path}/accepted.parquet'")
    kinds = {row["column_name"].lower(): row["column_kind"] for row in rows("submission_columns")}
    types = {name: "DOUBLE" if kind == "number" else "VARCHAR" for name, kind in kinds.items()} | {
        "source_row": "INTEGER"
    }
    assert dict(zip(found.columns, map(str, found.types), strict=True)) == types
    assert found.project("indicator, sex, numerator, obs_value, reference, source_row").fetchall() == [
        ("RSM_02", None, 100.0, None, None, 2),
        ("RSM_02", "F", 60.0, None, None, 3),
        ("RSM_02", "M", 40.0, None, None, 4),
        ("HTA_02", None, None, 120.5, "SYNTHETIC figure", 5),
    ]


def test_a_text_gives_the_same_answer_and_bytes_whether_duckdb_types_it_or_arrow(tmp_path, monkeypatch):
    """No number of it is wrong, and it is long enough to be read as a whole."""
    long = [*figures(), *figures()[:3] * 1000]
    outputs = []
    for is_arrow_here in (False, True):
        monkeypatch.setattr(raw, "is_arrow_here", lambda here=is_arrow_here: here)
        folder = tmp_path / str(is_arrow_here)
        folder.mkdir()
        result = examine(folder, long)
        assert result["rows"] == {"read": 3004, "accepted": 1, "held": 3, "refused": 3000}
        outputs.append((result, (folder / "accepted.parquet").read_bytes()))
    assert outputs[0] == outputs[1]


def test_the_same_file_gives_the_same_bytes(tmp_path):
    outputs = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        examine(folder, figures())
        outputs.append((folder / "accepted.parquet").read_bytes())
    assert outputs[0] == outputs[1]


def test_an_error_refuses_its_row_and_holds_only_its_indicator(tmp_path):
    broken = figures()
    broken[1] = {**broken[1], "NUMERATOR": "no idea"}
    result = examine(tmp_path, broken)
    assert result["verdict"] == "held"
    assert result["rows"] == {"read": 4, "accepted": 1, "held": 2, "refused": 1}
    assert {entry["indicator_code"]: entry["counts_already"] for entry in result["indicators"]} == {
        "RSM_02": False,
        "HTA_02": True,
    }


def test_a_wrong_code_does_not_drag_other_findings_behind_it(tmp_path):
    """The total's own code is wrong: its parts are not blamed for having no total."""
    broken = figures()
    broken[0] = {**broken[0], "SEX": "all"}
    assert rules_in(examine(tmp_path, broken)) == {"P01"}


def test_small_letters_and_spaces_around_a_code_do_not_matter(tmp_path):
    spelt = [
        {**row, "SEX": str(row.get("SEX", "")).lower(), "REF_AREA": " lu ", "INDICATOR": "rsm_02"}
        for row in figures()[:3]
    ]
    assert examine(tmp_path, spelt)["verdict"] == "accepted"


@pytest.mark.parametrize("missing", [{"INDICATOR"}, {"REF_AREA"}, {"TIME_PERIOD"}, {*COLUMNS[11:], "REF_AREA"}])
def test_a_template_that_lost_columns_has_an_answer(tmp_path, missing):
    columns = [name for name in COLUMNS if name not in missing]
    described = [{**PROPORTION, "NUMERATOR": "1", "DENOMINATOR": "9", "ROW_MEANING": "Total · Clinical benefit"}]
    path = write(tmp_path, "figures.csv", csv_text(as_lines(described, [*columns, "ROW_MEANING"])))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert "MISSING_COLUMN" in rules_in(result)


def test_a_flag_of_eurostat_is_not_taken_for_another_status(tmp_path):
    figure = {**PROPORTION, "NUMERATOR": "100", "DENOMINATOR": "400"}
    [found] = examine(tmp_path, [{**figure, "OBS_STATUS": "s"}])["findings"]
    assert (found["rule"], found["column"], found["proposal"], found["is_certain"]) == ("P01", "OBS_STATUS", "E", False)
    assert "P01" not in rules_in(examine(tmp_path, [{**figure, "OBS_STATUS": "e"}]))


def test_the_code_of_sdmx_for_the_total_is_ours(tmp_path):
    totals = {"SEX": "_T", "AGE": "_T", "NUTS2": "_t"}
    result = examine(tmp_path, [{**figures()[0], **totals}, *figures()[1:]])
    assert (result["verdict"], rules_in(result)) == ("accepted", set())


@pytest.mark.parametrize(
    ("column", "written", "code", "is_certain"),
    [
        ("SEX", "Frauen", "F", True),
        ("SEX", "МЪЖЕ", "M", True),
        ("SEX", "Gesamt", "T", True),
        ("AGE", "Razem", "TOTAL", True),
        ("AGE", "75+", "Y_GE75", True),
        ("AGE", ">= 75", "Y_GE75", True),
        ("AGE", "<15", "Y_LT15", True),
        ("AGE", "15 – 39", "Y15-39", True),
        ("AGE", "75", "Y_GE75", False),
        ("DEGURBA", "1", "DEG1", False),
        ("ISCED11", "0-2", "ED0-2", False),
        ("NUTS2", "01", None, False),
    ],
)
def test_what_people_write_for_a_code_is_known(column, written, code, is_certain):
    proposal = propose_code(column, written, "LU")
    assert (proposal.value, proposal.is_certain) == (code, is_certain)


def test_a_synonym_means_one_code_of_its_column_and_a_total_has_words_in_every_language():
    synonyms = [(row["column_name"], row["synonym"].casefold(), row["code"]) for row in rows("code_synonyms")]
    assert all(code in codes(column) for column, _, code in synonyms)
    assert len({(column, word) for column, word, _ in synonyms}) == len(synonyms)
    assert len({row["language"] for row in rows("total_words")}) >= 24


@pytest.mark.parametrize("word", ["Total", "Gesamt:", "ΣΎΝΟΛΟ", " I alt ", "TOTAL LUXEMBOURG", "Gesamtergebnis"])
def test_a_sum_below_the_table_is_no_figure_and_no_error(tmp_path, word):
    path = write(tmp_path, "figures.csv", csv_text([*as_lines(figures()), [word, *[""] * 10, "200", "800"]]))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert (result["verdict"], rules_in(result)) == ("accepted", {"TOTAL_LINE"})


def test_a_row_of_a_total_that_names_its_country_and_period_is_one_of_figures(tmp_path):
    assert rules_in(examine(tmp_path, [*figures(), {**figures()[0], "INDICATOR": "Total"}])) == {"P01"}
    lines = [["SEX", "INDICATOR", "REF_AREA", "TIME_PERIOD", "NUMERATOR"], ["Total", "MTB_07", "", "", "9"]]
    path = write(tmp_path, "sex_first.csv", csv_text(lines))
    assert "MISSING_KEY" in rules_in(examine_here(path, country_code="LU", work_folder=tmp_path))


@pytest.mark.parametrize("country", ["LU", "EL"])
def test_a_program_writes_no_code_of_another_country(tmp_path, country):
    findings = examine(tmp_path, [{**figures()[0], "REF_AREA": "GR"}], country)["findings"]
    proposed = {(each["proposal"], each["is_certain"]) for each in findings if each["rule"] == "P01"}
    assert proposed == {("EL", country == "EL")}


def test_a_number_of_a_workbook_is_not_taken_for_the_text_beside_it_that_looks_alike(tmp_path):
    """Beside a text with a decimal comma a text 0.5 may be mistyped; a number 0.5 is one half."""
    shares = [{**row, "OBS_VALUE": value} for row, value in zip(figures()[:3], [0.5, "0.5", "1,0"], strict=True)]
    path = write(tmp_path, "figures.xlsx", workbook_bytes(as_lines(shares)))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert {each["row"] for each in result["findings"] if each["rule"] == "AMBIGUOUS_NUMBER"} == {3, 4}


def test_a_number_that_could_be_read_otherwise_is_shown_as_it_was_read(tmp_path):
    result = examine(
        tmp_path, [{"INDICATOR": "CTX_01", "REF_AREA": "ES", "TIME_PERIOD": "2025", "OBS_VALUE": "1.800"}], "ES"
    )
    [said] = [found["message"] for found in localise(result, language_for("en"))["findings"] if found["rule"] == "P17"]
    assert said == "OBS_VALUE is 1.800 (read as 1800); possible is 0 to 100."


@pytest.mark.parametrize("as_file", [csv_text, workbook_bytes])
def test_all_problems_are_told_at_once_where_a_name_is_misspelt(tmp_path, as_file):
    header, *lines = as_lines([*figures(), {**PROPORTION, "SEX": "X", "NUMERATOR": "29", "DENOMINATOR": "90"}])
    misspelt = {"NUMERATOR": "NUMERATER", "SITE": "SITES"}
    path = write(tmp_path, "figures", as_file([[misspelt.get(name, name) for name in header], *lines]))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    found = [(each["rule"], each["cell"]) for each in result["findings"]]
    assert found == [("MISSPELT_COLUMN", "D1"), ("MISSPELT_COLUMN", "L1"), ("P01", "E6")]
    assert result["rows"] == {"read": 5, "accepted": 0, "held": 0, "refused": 5}
    assert not (tmp_path / ACCEPTED_FILE).exists()


@pytest.mark.parametrize("header", [["SEX", "AGE"], ["SEX", "AGE", "SITE", "NUTS2"]])
def test_a_header_without_keys_and_numbers_has_an_answer(tmp_path, header):
    path = write(tmp_path, "figures.csv", csv_text([header, ["T", "1"]]))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert rules_in(result) == {"MISSING_COLUMN"}


@pytest.mark.parametrize("is_arrow_here", [False, True])
@pytest.mark.parametrize("is_workbook", [False, True])
def test_what_a_computer_leaves_of_nothing_is_nothing(tmp_path, monkeypatch, is_workbook, is_arrow_here):
    monkeypatch.setattr(raw, "is_arrow_here", lambda: is_arrow_here)
    header, rows = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"], []
    for year, value in (("2025", -1e-17), ("2024", -1e-8), ("2023", 1e-8)):
        rows.append(["CTX_01", "LU", year, value if is_workbook else f"{value:.18f}".replace(".", ",")])
    content = workbook_bytes([header, *rows]) if is_workbook else csv_text([header, *rows])
    result = examine_here(write(tmp_path, "figures", content), country_code="LU", work_folder=tmp_path)
    assert [(finding["rule"], finding["row"]) for finding in result["findings"]] == [("P17", 3)]
    assert result["rows"] == {"read": 3, "accepted": 0, "held": 2, "refused": 1}


def test_a_year_may_be_written_as_sdmx_does(tmp_path):
    examine(tmp_path, [{**figures()[0], "TIME_PERIOD": "2025-A1"}])
    assert duckdb.sql(f"select time_period from '{tmp_path}/accepted.parquet'").fetchall() == [("2025",)]


def test_a_footnote_without_separators_is_no_torn_row(tmp_path):
    path = write(tmp_path, "figures.csv", csv_text(as_lines(figures())) + "\r\nSource: trial office")
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert (result["verdict"], rules_in(result)) == ("accepted", {"NOT_DATA"})


LINES = ["-----", ":--:", "=====", "–––", "+---+", "-"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("is_whole", [True, False])
def test_ruled_lines_hold_no_figures_and_are_told_of(tmp_path, line, is_whole):
    header, *rows = csv_text(as_lines(figures())).splitlines()
    ruled = ";".join([line] * len(COLUMNS)) if is_whole else line * 10
    path = write(tmp_path, "figures.csv", "\n".join([header, ruled, *rows, ruled, "Source: trial office", ""]))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert (result["verdict"], result["rows"]["read"], result["rows"]["accepted"]) == ("accepted", 4, 4)
    assert [(each["rule"], each["row"]) for each in result["findings"]] == [("NOT_DATA", row) for row in (2, 7, 8)]


def test_tables_drawn_with_signs_are_read(tmp_path):
    lines = as_lines(figures()[:3], ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SITE", "SEX", "NUMERATOR", "DENOMINATOR"])
    [header, *rows] = [f"| {' | '.join(map(str, line))} |" for line in lines]
    box = f"+{'-' * 20}+{'-' * 20}+"
    for drawn in ([header, "|---|---|---|---|---|---|---|", *rows], [box, header, box, *rows, box]):
        path = write(tmp_path, "figures.txt", "\n".join([*drawn, ""]))
        result = examine_here(path, country_code="LU", work_folder=tmp_path)
        assert (result["verdict"], result["rows"]["accepted"], rules_in(result)) == ("accepted", 3, {"NOT_DATA"})


@pytest.mark.parametrize("cells", [{"NUMERATOR": "12"}, dict.fromkeys(COLUMNS, "..."), dict.fromkeys(COLUMNS, "…")])
def test_a_line_with_a_number_or_with_dots_for_rows_that_were_left_out_is_no_ruled_one(tmp_path, cells):
    result = examine(tmp_path, [*figures(), dict.fromkeys(COLUMNS, "---") | cells])
    assert result["rows"]["refused"] == 1


def test_a_row_that_numbers_the_columns_holds_no_figure(tmp_path):
    letters = [chr(ord("A") + place) for place in range(len(COLUMNS))]
    for counts in (range(1, len(COLUMNS) + 1), letters):
        result = examine(tmp_path, [dict(zip(COLUMNS, map(str, counts), strict=True)), *figures()])
        assert (result["verdict"], rules_in(result)) == ("accepted", {"NOT_DATA"})
    one_off = dict(zip(COLUMNS, map(str, range(2, len(COLUMNS) + 2)), strict=True))
    assert examine(tmp_path, [one_off, *figures()])["rows"]["refused"] == 1


@pytest.mark.parametrize("word", ["RSM_02 Total", "Total RSM_02", "Gesamtergebnis"])
def test_the_sums_that_excel_adds_below_each_group_are_no_figures(tmp_path, word):
    result = examine(tmp_path, [*figures(), {"INDICATOR": word, "NUMERATOR": "200", "DENOMINATOR": "800"}])
    assert (result["verdict"], rules_in(result)) == ("accepted", {"TOTAL_LINE"})


def test_rows_with_another_separator_are_not_taken_for_footnotes(tmp_path):
    lines = as_lines(figures())
    path = write(tmp_path, "figures.csv", csv_text(lines[:4]) + csv_text([lines[0], lines[4]], ","))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert (result["rows"]["refused"], rules_in(result)) == (1, {"NOT_DATA", "TRUNCATED_ROW"})


def test_a_row_torn_in_its_first_code_is_no_footnote(tmp_path):
    path = write(tmp_path, "figures.csv", csv_text(as_lines(figures())) + "RSM_0")
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert (result["verdict"], rules_in(result)) == ("held", {"TRUNCATED_ROW"})


def test_figures_that_stand_twice_do_not_spoil_the_sums_of_others(tmp_path):
    doubled = [*figures(), {**figures()[0], "NUMERATOR": "90"}]
    assert rules_in(examine(tmp_path, doubled)) == {"P02"}


@pytest.mark.parametrize(
    ("jump", "figure", "slip", "next_year"),
    [
        ("P18", PROPORTION | {"NUMERATOR": "100", "DENOMINATOR": "400"}, {"OBS_VALUE": "2.5"}, {"NUMERATOR": "200"}),
        ("P18", PROPORTION | {"NUMERATOR": "40", "DENOMINATOR": "400"}, {"NUMERATOR": "300"}, {"NUMERATOR": "100"}),
        (
            "SIZE_JUMP",
            PROPORTION | {"NUMERATOR": "40", "DENOMINATOR": "400"},
            {"NUMERATOR": "401"},
            {"DENOMINATOR": "4000"},
        ),
        ("P13", MEDIAN | {"OBS_VALUE": "100"}, {"P75": "9"}, {"OBS_VALUE": "2400"}),
    ],
)
def test_a_right_figure_is_not_blamed_beside_a_wrong_one(tmp_path, jump, figure, slip, next_year):
    first, second = figure | {"TIME_PERIOD": "2024"}, figure | next_year
    assert jump in rules_in(examine(tmp_path, [first, second]))
    assert jump not in rules_in(examine(tmp_path, [first | slip, second]))


def test_the_sites_of_an_indicator_are_disjoint():
    """SITES_ABOVE_ALL adds them up."""
    sites = {row["code"]: row for row in rows("codes_site") if row["parent_code"]}
    of_indicators = defaultdict(set)
    for row in rows("indicator_sites"):
        of_indicators[row["indicator_code"]].update({row["site_code"]} & set(sites))
    for codes_here in of_indicators.values():
        icd10 = [code for site in codes_here for code in sites[site]["icd10"].split(", ")]
        assert len(icd10) == len(set(icd10)), codes_here
        assert not {sites[site]["parent_code"] for site in codes_here} & codes_here


@pytest.mark.parametrize(("total", "is_told"), [("", True), ("T", False), ("_T", False)])
def test_who_writes_the_total_below_a_group_means_it(tmp_path, total, is_told):
    header = "INDICATOR;REF_AREA;TIME_PERIOD;SEX;NUMERATOR;DENOMINATOR"
    rows = [header, "MTB_02;LU;2025;;150;300", "MTB_02;LU;2024;F;40;80", f"MTB_02;LU;2023;{total};41;81"]
    result = examine_here(write(tmp_path, "a.csv", "\n".join(rows)), country_code="LU", work_folder=tmp_path)
    assert ("BLANK_BELOW" in rules_in(result)) == is_told


def test_an_indicator_waits_with_the_rows_under_it_that_do_not_name_it(tmp_path):
    rows_of_file = figures()
    result = examine(
        tmp_path, [rows_of_file[3], rows_of_file[0], *({**row, "INDICATOR": ""} for row in rows_of_file[1:3])]
    )
    assert rules_in(result) == {"MISSING_KEY"}
    assert {each["indicator_code"]: each["counts_already"] for each in result["indicators"]} == {
        "HTA_02": True,
        "RSM_02": False,
    }
    assert result["rows"] == {"read": 4, "accepted": 1, "held": 1, "refused": 2}


@pytest.mark.parametrize(("delimiter", "rules"), [(",", {"SPLIT_NUMBER"}), (";", set())])
@pytest.mark.parametrize("rest", [{"NUMERATOR": "041"}, {"OBS_COMMENT": "5"}])
def test_the_rest_of_a_number_is_told_where_commas_separate(tmp_path, delimiter, rules, rest):
    path = write(tmp_path, "figures.csv", csv_text(as_lines([figures()[0] | rest]), delimiter))
    result = examine_here(path, country_code="LU", work_folder=tmp_path)
    assert rules_in(result) - {"P28"} == rules


def test_a_wrong_code_does_not_hide_wrong_counts_in_its_row(tmp_path):
    assert rules_in(examine(tmp_path, [*figures(), {**figures()[0], "SEX": "X", "NUMERATOR": 500}])) == {"P01", "P06"}


def test_all_rows_of_another_country_are_one_answer(tmp_path):
    result = examine(tmp_path, figures(), country="BE")
    assert (result["verdict"], result["rows"]["refused"]) == ("refused", 4)
    assert [finding["rule"] for finding in result["findings"]] == ["P27"]


def test_one_row_of_another_country_is_an_error_of_that_row(tmp_path):
    mixed = [*figures(), {**MEDIAN, "REF_AREA": "BE", "TIME_PERIOD": "2024", "OBS_VALUE": "100"}]
    result = examine(tmp_path, mixed)
    assert [(finding["rule"], finding["cell"]) for finding in result["findings"]] == [("P27", "B6")]
    assert result["rows"] == {"read": 5, "accepted": 3, "held": 1, "refused": 1}


@pytest.mark.parametrize("country", ["LU", "NL", "EL"])
def test_a_region_is_known_in_its_own_country_and_in_no_other(tmp_path, country):
    regions = {row["code"] for row in rows("codes_nuts2") if row["country_code"] == country}
    foreign = next(row["code"] for row in rows("codes_nuts2") if row["country_code"] != country)
    figure = {"INDICATOR": "DRM_03", "REF_AREA": country, "TIME_PERIOD": "2025-S1", "NUMERATOR": 60, "DENOMINATOR": 90}
    parts = [{**figure, "NUTS2": region} for region in sorted(regions)[:1]]
    total = [{**figure, "NUTS2": ""}]
    assert "P01" not in rules_in(examine(tmp_path, total + parts, country))
    assert "P01" in rules_in(examine(tmp_path, [*total, {**figure, "NUTS2": foreign}], country))


def test_a_warning_shows_the_comment_of_its_row_that_may_be_its_answer(tmp_path):
    total, *others = figures()
    reason = "No trial was open."
    commented = {**total, "NUMERATOR": "0", "OBS_COMMENT": reason}
    parts = [{**part, "NUMERATOR": "0"} for part in others[:2]]
    wrong = {**total, "TIME_PERIOD": "2024", "NUMERATOR": "500", "OBS_COMMENT": reason}
    result = localise(examine(tmp_path, [commented, *parts, wrong]), language_for("en"))
    shown = {(each["rule"], each["row"]) for each in result["findings"] if f"You wrote “{reason}”:" in each["message"]}
    assert shown == {("P16", 2), ("P23", 2)}
    assert {("P16", 3), ("P06", 5)} <= {(each["rule"], each["row"]) for each in result["findings"]}


def test_people_of_an_unknown_region_are_a_group_of_any_country(tmp_path):
    figure = {"INDICATOR": "DRM_03", "REF_AREA": "SI", "TIME_PERIOD": "2025-S1", "NUMERATOR": 60, "DENOMINATOR": 90}
    counts = {"": (64, 97), "SI03": (40, 60), "SI04": (20, 30), "UNK": (4, 7)}
    sent = [
        {**figure, "NUTS2": region, "NUMERATOR": numerator, "DENOMINATOR": denominator}
        for region, (numerator, denominator) in counts.items()
    ]
    assert {"P01", "P10"}.isdisjoint(rules_in(examine(tmp_path, sent, "SI")))
    assert "P10" in rules_in(examine(tmp_path, sent[:3], "SI"))


CELL = st.sampled_from(
    [
        "",
        "LU",
        "RSM_02",
        "HTA_02",
        "2025",
        "2024-S1",
        "F",
        "Q",
        "12",
        "12,5",
        "1.234",
        "-4",
        "n/a",
        "C61",
        "C_SOLID_ADV",
    ]
) | st.text(max_size=6)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries({column: CELL for column in COLUMNS}), min_size=1, max_size=6))
def test_any_cells_get_an_answer_that_adds_up(tmp_path, file):
    result = examine(tmp_path, file)
    counts = result["rows"]
    assert counts["read"] == counts["accepted"] + counts["held"] + counts["refused"]
    refused = {finding["row"] for finding in result["findings"] if finding["severity"] == "error" and finding["row"]}
    assert counts["refused"] in (len(refused), counts["read"])
    assert sum(group["count"] for group in result["groups"]) == len(result["findings"])
    assert len({(finding["rule"], finding["cell"]) for finding in result["findings"]}) == len(result["findings"])
    assert all(finding["cell"] or finding["row"] is None or finding["row"] == 1 for finding in result["findings"])


def test_the_registry_is_whole():
    for row in rows("checks"):
        assert row["severity"] in {"error", "warning", "note"}
        assert row["stage"] in STAGES
        assert row["group_by"] in {"file", "column", "value", "indicator"}
        assert all(row[name] for name in ("title", "sentence", "what_to_do", "valid_from")), row["rule"]
        assert row["good_example"] or row["bad_example"], row["rule"]
    assert (CATALOGUE_FOLDER / "checks.csv").exists()
