"""SDMX-CSV 1.0 and 2.0: the leading columns, labels and actions of statistical offices."""

import pytest

from ingestion.catalogue import rows
from ingestion.checks.examination import examine_here
from ingestion.reading.delimited import read_delimited
from tests.files import COLUMNS, as_lines, csv_text, figures, write

CODED = {row["column_name"] for row in rows("submission_columns") if row["column_kind"] not in ("number", "text")}
LEADING = {
    "sdmx-csv 1.0": {"DATAFLOW": "PCM:PCM_DATA(1.0)"},
    "sdmx-csv 2.0": {"STRUCTURE": "dataflow", "STRUCTURE_ID": "PCM:PCM_DATA(1.0)", "ACTION": "I"},
}


def message(version: str, *, labels: str = "id", actions: tuple[str, ...] = ()) -> str:
    """The figures as a message of SDMX-CSV, with labels as the field guide describes them."""
    header, *lines = as_lines(figures())
    leading = LEADING[version]
    table = [[*leading, *header]]
    for index, line in enumerate(lines):
        values = dict(leading)
        if actions:
            values["ACTION"] = actions[index % len(actions)]
        table.append([*values.values(), *line])
    if labels == "both":
        width = len(leading)
        table[0] = [*leading, *(f"{name}: The {name.title()}" for name in header)]
        for line in table[1:]:
            line[width:] = [
                f"{cell}: Label: of it" if cell and name in CODED else cell
                for name, cell in zip(header, line[width:], strict=True)
            ]
    return csv_text(table, ",")


def answer(folder, text):
    return examine_here(write(folder, "figures.csv", text), country_code="LU", work_folder=folder)


@pytest.mark.parametrize("version", LEADING)
@pytest.mark.parametrize("labels", ["id", "both"])
def test_a_message_is_read_as_the_same_figures(tmp_path, version, labels):
    result = answer(tmp_path, message(version, labels=labels))
    assert result["submission"]["file_format"] == version
    assert (result["verdict"], result["findings"]) == ("accepted", [])
    assert result["rows"]["accepted"] == len(figures())


def test_labels_are_taken_off_the_codes_and_off_nothing_else():
    lines = as_lines([{**figures()[1], "OBS_COMMENT": "Note: by hand"}])
    lines[0] = [f"{name}: {name.title()}" for name in lines[0]]
    lines[1][COLUMNS.index("SEX")] = "F: Female"
    table = read_delimited(csv_text(lines).encode(), legacy_encoding="cp1252")
    [(_, cells)] = table.rows
    assert (cells[COLUMNS.index("SEX")], cells[COLUMNS.index("OBS_COMMENT")]) == ("F", "Note: by hand")


def test_a_column_of_names_beside_each_column_of_codes_is_passed_over(tmp_path):
    header, *lines = as_lines(figures())
    doubled = [[cell for name in header for cell in (name, name.title())]]
    doubled += [[cell for value in line for cell in (value, "a name" if value else "")] for line in lines]
    leading = [["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION"], *[["dataflow", "A:B", "B", "I"]] * len(lines)]
    text = csv_text([[*first, *second] for first, second in zip(leading, doubled, strict=True)], ",")
    assert answer(tmp_path, text)["findings"] == []


def test_an_attribute_beside_a_column_of_codes_is_no_label(tmp_path):
    header, *lines = as_lines(figures())
    header.insert(1, "UNIT_MULT")
    text = csv_text(
        [
            ["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", *header],
            *(["dataflow", "A:B", "B", "I", line[0], "3", *line[1:]] for line in lines),
        ],
        ",",
    )
    assert [finding["rule"] for finding in answer(tmp_path, text)["findings"]] == ["MULTIPLIED"]


@pytest.mark.parametrize("action", ["I", "A", "M", "R", "R: Replace", ""])
def test_rows_of_figures_are_taken_in_whatever_their_action(tmp_path, action):
    assert answer(tmp_path, message("sdmx-csv 2.0", actions=(action,)))["verdict"] == "accepted"


def test_a_row_to_delete_is_refused_by_its_own_rule(tmp_path):
    result = answer(tmp_path, message("sdmx-csv 2.0", actions=("I", "D", "I", "I")))
    assert [(finding["rule"], finding["cell"], finding["found"]) for finding in result["findings"]] == [
        ("SDMX_ACTION", "C3", "D")
    ]
    assert result["rows"] == {"read": 4, "accepted": 1, "held": 2, "refused": 1}


def test_a_message_that_deletes_everything_deletes_nothing(tmp_path):
    header, line, *_ = message("sdmx-csv 2.0").splitlines()
    row = line.split(",")[:2] + ["D"] + [""] * len(COLUMNS)
    result = answer(tmp_path, "\r\n".join([header, ",".join(row), ""]))
    assert result["rows"]["refused"] == 1
    assert "SDMX_ACTION" in {finding["rule"] for finding in result["findings"]}


def test_names_with_brackets_are_those_of_several_languages_or_values():
    text = (
        "STRUCTURE[;],STRUCTURE_ID,INDICATOR,REF_AREA,TIME_PERIOD,OBS_COMMENT[en;fr]\nd,A:B,RSM_02,LU,2025,en:x;fr:y\n"
    )
    table = read_delimited(text.encode(), legacy_encoding="cp1252")
    assert (table.file_format, table.header.positions["OBS_COMMENT"]) == ("sdmx-csv 2.0", 5)
