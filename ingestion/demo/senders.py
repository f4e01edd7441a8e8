"""Who sends and how: the national contacts' habits, from `senders.csv`; number signs come from the catalogue."""

from dataclasses import dataclass
from functools import cache

from ingestion.catalogue import rows
from ingestion.demo.assumptions import read_rows

SIGNS = {"comma": ",", "point": ".", "nbsp": "\u00a0", "nnbsp": "\u202f", "semicolon": ";", "tab": "\t", "": ""}
LINE_ENDS = {"crlf": "\r\n", "lf": "\n", "": ""}


@dataclass(frozen=True)
class Sender:
    """How one contact makes a file.

    `number_style`: typed (real numbers of a workbook), plain (text with the national decimal sign) or grouped (with
    the sign for thousands too). `total_style`: blank, or the codes of the totals written out.
    """

    country_code: str
    file_name: str
    file_format: str
    encoding: str
    delimiter: str
    line_end: str
    number_style: str
    header_style: str
    column_order: str
    sorted_by: str
    total_style: str
    sends_value: bool
    sheet: str
    has_cover: bool
    title: str
    own_column: str
    footnote: str
    suppression_code: str
    provisional_comment: str
    decimal_sign: str
    thousands_sign: str

    @property
    def full_name(self) -> str:
        """The file's name with its ending."""
        return f"{self.file_name}.{self.file_format}"


@cache
def senders() -> dict[str, Sender]:
    """Return {country: Sender}."""
    return {row["country_code"]: _sender(row) for row in read_rows("senders.csv")}


def _sender(row: dict[str, str]) -> Sender:
    country = next(found for found in rows("countries") if found["country_code"] == row["country_code"])
    texts = {name: row[name] for name in row if name not in ("delimiter", "line_end", "sends_value", "has_cover")}
    return Sender(
        **texts,
        delimiter=SIGNS[row["delimiter"]],
        line_end=LINE_ENDS[row["line_end"]],
        sends_value=row["sends_value"] == "true",
        has_cover=row["has_cover"] == "true",
        decimal_sign=SIGNS[country["decimal_separator"]],
        thousands_sign=SIGNS[country["thousands_separator"]],
    )
