"""What goes wrong in the round: each fault as it happens to a contact, in rows or in bytes."""

from collections.abc import Callable, Sequence

from ingestion.demo.assumptions import read_rows
from ingestion.demo.figures import periods
from ingestion.demo.rows import Row

SEXES = {"F": "M", "M": "F"}
# How much of a torn workbook and of a cut-off text file arrived, and how much of the text file's last row.
WORKBOOK_SHARE = 0.7
TEXT_SHARE = 0.996
LAST_ROW_SHARE = 0.2
PRELIMINARY_FACTOR = 0.9


def faults() -> dict[str, dict[str, str]]:
    """Return {country: its row of `faults.csv`}."""
    return {row["country_code"]: row for row in read_rows("faults.csv")}


def corrections() -> dict[str, dict[str, str]]:
    """Return {country: its row of `corrections.csv`}."""
    return {row["country_code"]: row for row in read_rows("corrections.csv")}


def subjects(fault: dict[str, str]) -> frozenset[str]:
    """Return the indicators that a fault or correction is about, none if it is about the file."""
    return frozenset(fault["subject"].split("|")) - {""}


def swapped_sex(found: Sequence[Row], indicators: frozenset[str]) -> list[Row]:
    """Return the rows with the codes of women and men swapped in some indicators."""
    return [
        {**row, "SEX": SEXES[str(row["SEX"])]} if row["INDICATOR"] in indicators and row.get("SEX") in SEXES else row
        for row in found
    ]


def fractions(found: Sequence[Row], indicators: frozenset[str]) -> list[Row]:
    """Return the rows with the value of some proportions written as a fraction beside the counts."""
    return [_with_fraction(row) if row["INDICATOR"] in indicators else row for row in found]


def _with_fraction(row: Row) -> Row:
    numerator, denominator = row.get("NUMERATOR"), row.get("DENOMINATOR")
    if not isinstance(numerator, int) or not isinstance(denominator, int):
        return row
    return {**row, "OBS_VALUE": round(numerator / denominator, 3)}


def repeated_rows(found: Sequence[Row], indicators: frozenset[str]) -> list[Row]:
    """Return the rows, and behind them once more those of the latest period, with preliminary numbers."""
    again = [_preliminary(row) for row in found if row["INDICATOR"] in indicators and _is_latest(row)]
    return [*found, *again]


def _is_latest(row: Row) -> bool:
    return row["TIME_PERIOD"] == periods(str(row["INDICATOR"]))[-1]


def _preliminary(row: Row) -> Row:
    denominator = row.get("DENOMINATOR")
    if not isinstance(denominator, int):
        return row
    return {**row, "DENOMINATOR": round(denominator * PRELIMINARY_FACTOR), "OBS_STATUS": "P"}


def truncated_workbook(data: bytes) -> bytes:
    """Return the part of a file that arrived."""
    return data[: int(len(data) * WORKBOOK_SHARE)]


def cut_off_lines(data: bytes) -> bytes:
    """Return a text file that ends in the middle of a row, shortly before its end."""
    start = data.rindex(b"\n", 0, int(len(data) * TEXT_SHARE)) + 1
    end = data.index(b"\n", start)
    return data[: start + int((end - start) * LAST_ROW_SHARE)]


ROW_FAULTS: dict[str, Callable[[Sequence[Row], frozenset[str]], list[Row]]] = {
    "swapped_sex": swapped_sex,
    "fractions": fractions,
    "repeated_rows": repeated_rows,
}
BYTE_FAULTS: dict[str, Callable[[bytes], bytes]] = {
    "truncated_workbook": truncated_workbook,
    "cut_off_lines": cut_off_lines,
}
