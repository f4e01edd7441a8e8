"""The findings as CSV, for people who open it in Excel and for programs."""

import csv
import io
from typing import Any

from ingestion.catalogue import rows
from ingestion.formulas import FORMULA_STARTS
from ingestion.reading.numbers import is_number

COLUMNS = (
    "severity",
    "rule",
    "sheet",
    "row",
    "column",
    "cell",
    "found",
    "expected",
    "message",
    "what_to_do",
    "proposal",
    "is_certain",
    "group",
)
BYTE_ORDER_MARK = "\ufeff"
DELIMITERS = {"comma": ";", "point": ","}


def findings_csv(result: dict[str, Any]) -> str:
    """Return a localised result's findings as CSV, to be written in UTF-8. Grain: one row per finding.

    Excel splits a CSV at the list separator of its user's country, a semicolon where decimals have a comma (27 of 29
    countries) and a comma elsewhere, and takes it for UTF-8 only if it begins with a byte-order mark. A first line
    `sep=;` would settle the separator but makes Excel forget the mark, and accents break. So: the mark, and the
    separator of the sender's country.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=_delimiter(result["submission"].get("country_code")))
    writer.writerow(COLUMNS)
    writer.writerows([_shown(finding.get(name)) for name in COLUMNS] for finding in result["findings"])
    return BYTE_ORDER_MARK + stream.getvalue()


def _delimiter(country_code: str | None) -> str:
    signs = {row["country_code"]: row["decimal_separator"] for row in rows("countries")}
    return DELIMITERS[signs.get(country_code or "", "comma")]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not is_number(text) else text
