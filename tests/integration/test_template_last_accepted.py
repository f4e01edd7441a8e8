"""What a country last had accepted stands beside the cells of its next template."""

import io

import pytest
from openpyxl import load_workbook

from ingestion.checks.examination import examine_here
from ingestion.errors import PcmError
from ingestion.intake import process_submission, receive
from ingestion.languages import language_for
from ingestion.settings import Settings
from ingestion.store.home import Home
from ingestion.templates import Asked, expected_figures
from ingestion.templates.last_accepted import MOST_BESIDES, last_accepted, references
from ingestion.templates.workbook import template_bytes
from tests.files import MEDIAN, PROPORTION, as_lines, csv_text, figures, write
from tests.filled_template import ROUND

pytestmark = pytest.mark.integration

ASKED = Asked("LU", ROUND, "RSM")
EARLIER = {**PROPORTION, "TIME_PERIOD": "2023", "NUMERATOR": "0", "DENOMINATOR": "390"}
CORRECTED = {**PROPORTION, "SEX": "T", "NUMERATOR": "101", "DENOMINATOR": "400"}


def send(settings, folder, lines):
    path = write(folder, "figures.csv", csv_text(as_lines(lines)))
    submission_id = receive(settings, path, country_code="LU", arrived_via="command line")
    assert process_submission(settings, submission_id)["rows"]["accepted"] == len(lines)
    return submission_id


def counts(row):
    return row["TIME_PERIOD"], row["NUMERATOR"], row["DENOMINATOR"]


def known(settings, asked=ASKED):
    found = references(last_accepted(settings, asked.country_code), expected_figures(asked))
    return {
        (figure.indicator_code, figure.period, "".join(dict(figure.groups).values())): row
        for figure, row in found.items()
    }


def test_a_figure_is_followed_from_its_own_period_or_the_latest_before(settings, tmp_path):
    send(settings, tmp_path, [*figures(), EARLIER])
    assert {key: counts(row) for key, row in known(settings).items()} == {
        ("RSM_02", "2023", ""): ("2023", 0, 390),
        ("RSM_02", "2024", ""): ("2023", 0, 390),
        ("RSM_02", "2025", ""): ("2025", 100, 400),
        # Not asked for, and sent.
        ("RSM_02", "2025", "F"): ("2025", 60, 200),
        ("RSM_02", "2025", "M"): ("2025", 40, 200),
    }
    median = known(settings, Asked("LU", ROUND, "HTA"))["HTA_02", "2025", ""]
    assert (median["OBS_VALUE"], median["P25"], median["DENOMINATOR"]) == (120.5, 60, float(MEDIAN["DENOMINATOR"]))


def test_groups_that_were_sent_besides_what_is_asked_have_rows_that_the_template_fills_in_again(settings, tmp_path):
    living_places = [
        {**PROPORTION, "DEGURBA": f"DEG{place}", "NUMERATOR": str(count), "DENOMINATOR": str(4 * count)}
        for place, count in ((1, 50), (2, 30), (3, 20))
    ]
    women = {**living_places[0], "SEX": "F", "NUMERATOR": "30", "DENOMINATOR": "110"}
    send(settings, tmp_path, [*figures(), EARLIER, *living_places, women])
    found = references(last_accepted(settings, "LU"), expected_figures(ASKED))
    content = template_bytes(ASKED, words=language_for("en"), references=found)
    sheet = load_workbook(io.BytesIO(content))["data"]
    header = [cell.value for cell in sheet[1]]
    lines = [dict(zip(header, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True)]
    besides = [line for line in lines if line["DEGURBA"]]
    assert [(line["TIME_PERIOD"], line["DEGURBA"], line["SEX"], line["LAST_NUMERATOR"]) for line in besides] == [
        (2025, "DEG1", None, 50),
        (2025, "DEG2", None, 30),
        (2025, "DEG3", None, 20),
        (2025, "DEG1", "F", 30),
    ]
    assert besides[0]["ROW_MEANING"].startswith("Cities · ")
    assert besides[3]["ROW_MEANING"].startswith("Females · Cities · ")
    # They are no rows that a country must fill.
    result = examine_here(write(tmp_path, "template", content), country_code="LU", work_folder=tmp_path)
    assert {found["rule"] for found in result["findings"]} == {"NOT_FILLED", "NO_ROWS"}


def test_figures_of_several_groups_are_left_to_programs_where_there_are_too_many_to_type():
    regions = [{**PROPORTION, "NUTS2": "LU00", "NUMERATOR": 1, "DENOMINATOR": 2}]
    ages = [{**regions[0], "AGE": f"Y{age}"} for age in range(MOST_BESIDES)]
    found = references([*regions, *ages], expected_figures(ASKED))
    assert [figure.groups for figure in found] == [(("NUTS2", "LU00"),)]


def test_a_correction_replaces_its_block_and_leaves_the_others(settings, tmp_path):
    send(settings, tmp_path, [*figures(), EARLIER])
    send(settings, tmp_path, [CORRECTED])
    assert counts(known(settings)["RSM_02", "2025", ""]) == ("2025", 101, 400)
    assert counts(known(settings)["RSM_02", "2023", ""]) == ("2023", 0, 390)
    accepted = [row for row in last_accepted(settings, "LU") if row["INDICATOR"] == "RSM_02"]
    assert [row.get("SEX") for row in accepted if row["TIME_PERIOD"] == "2025"] == ["T"]


def test_figures_of_a_country_are_shown_to_nobody_else(settings, tmp_path):
    send(settings, tmp_path, figures())
    assert last_accepted(settings, "BE") == []


def test_a_damaged_landed_file_is_not_read(settings, tmp_path):
    submission_id = send(settings, tmp_path, figures())
    landed = Home(settings.home).landing / "LU" / f"{submission_id}.parquet"
    landed.write_bytes(landed.read_bytes().replace(b"RSM_02", b"RSM_03"))
    with pytest.raises(PcmError, match=f"The landed rows of {submission_id} are damaged or gone"):
        last_accepted(settings, "LU")


def test_without_an_observatory_nothing_is_known_and_none_is_made(tmp_path):
    assert last_accepted(Settings(home=tmp_path / "nowhere"), "LU") == []
    assert not (tmp_path / "nowhere").exists()


def test_the_workbook_shows_the_last_figures_and_no_column_without_any(settings, tmp_path):
    send(settings, tmp_path, [*figures(), EARLIER])
    found = references(last_accepted(settings, "LU"), expected_figures(ASKED))
    sheet = load_workbook(io.BytesIO(template_bytes(ASKED, words=language_for("en"), references=found)))["data"]
    header = [cell.value for cell in sheet[1]]
    assert [name for name in header if name.startswith("LAST_")] == [
        "LAST_PERIOD",
        "LAST_NUMERATOR",
        "LAST_DENOMINATOR",
    ]
    lines = [dict(zip(header, line, strict=True)) for line in sheet.iter_rows(min_row=2, values_only=True)]
    shown = {line["TIME_PERIOD"]: line for line in lines if line["LAST_PERIOD"] and not line["SEX"]}
    assert {period: line["LAST_PERIOD"] for period, line in shown.items()} == {2023: 2023, 2024: 2023, 2025: 2025}
    assert {period: line["LAST_NUMERATOR"] for period, line in shown.items()} == {2023: 0, 2024: 0, 2025: 100}
    assert all(line["NUMERATOR"] is None for line in lines)
