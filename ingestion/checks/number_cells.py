"""What the texts in columns of numbers mean: each once, by the habit of its whole column."""

import re
from typing import TYPE_CHECKING

import duckdb

from ingestion.catalogue import count_columns, rows
from ingestion.checks.cell_checks import NumberMeaning
from ingestion.checks.raw import holds_numbers
from ingestion.reading import RawTable, cell_text
from ingestion.reading.header import number_columns
from ingestion.reading.numbers import COMMA, POINT, ColumnReading, decide_columns, is_shortened, number_in

if TYPE_CHECKING:
    from ingestion.checks.coded import CodedText

DECIMAL_SIGNS = {"comma": COMMA, "point": POINT}
# Both decimal signs read a short row of digits alike: it is not looked at one by one.
PLAIN_NUMBER = "0|[1-9][0-9]{0,14}"
REST_OF_A_NUMBER = re.compile("0[0-9]+")


def number_meanings(
    connection: duckdb.DuckDBPyConnection, table: RawTable, coded: "CodedText | None", *, country_code: str
) -> dict[str, list[NumberMeaning]]:
    """Return what the texts of each column of numbers mean, all but those that every reader takes alike."""
    texts = _number_texts(connection, table, coded)
    shown = {name: {text: cell_text(text) for text, _ in found} for name, found in texts.items()}
    readings = decide_columns(
        {name: [shown[name][text] for text, is_doubtful in found if not is_doubtful] for name, found in texts.items()},
        home_sign=home_sign_of(country_code),
        groups_by_sign=groups_by_sign(country_code),
        counts=count_columns(),
        doubtful={
            name: [shown[name][text] for text, is_doubtful in found if is_doubtful] for name, found in texts.items()
        },
    )
    return {
        name: [(text, *_number(cell, readings[name], delimiter=table.delimiter)) for text, cell in cells.items()]
        for name, cells in shown.items()
    }


def home_sign_of(country_code: str) -> str:
    """Return the decimal sign of a country, a comma if we do not know it."""
    return DECIMAL_SIGNS[_habit(country_code, "decimal_separator", "comma")]


def groups_by_sign(country_code: str) -> bool:
    """Say whether a country groups thousands by a comma or a point, and not by a blank."""
    return _habit(country_code, "thousands_separator", "point") in DECIMAL_SIGNS


def _habit(country_code: str, name: str, usual: str) -> str:
    return {row["country_code"]: row[name] for row in rows("countries")}.get(country_code, usual)


def _number_texts(
    connection: duckdb.DuckDBPyConnection, table: RawTable, coded: "CodedText | None"
) -> dict[str, list[tuple[str, bool]]]:
    """Return the texts in columns of numbers that need a look, each with whether it stands in doubtful rows only."""
    columns = number_columns(table.header)
    if coded is not None:
        is_plain = re.compile(PLAIN_NUMBER).fullmatch
        return {
            name: [found for found in coded.texts_of(index, table.doubtful_rows) if not is_plain(found[0])]
            for name, index in columns.items()
        }
    texts: dict[str, list[tuple[str, bool]]] = {name: [] for name in columns}
    is_doubtful = "false"
    if table.doubtful_rows:
        connection.execute(
            "create temp table doubtful as select unnest(?::integer[]) as source_row", [sorted(table.doubtful_rows)]
        )
        is_doubtful = "bool_and(source_row in (from doubtful))"
    each = [
        f"select '{name}' as name, c{index} as text, {is_doubtful} from raw "
        f"where {f'n{index} is null' if holds_numbers(table) else 'true'} group by text "
        f"having text <> '' and not regexp_full_match(text, '{PLAIN_NUMBER}')"
        for name, index in columns.items()
    ]
    for name, *found in sorted(connection.execute(" union all ".join(each)).fetchall() if each else ()):
        texts[name].append(tuple(found))
    return texts


def _number(text: str, reading: ColumnReading, *, delimiter: str | None) -> tuple[float | None, str | None]:
    """Return the number that a text means, or the rule that says why there is none."""
    if not text:
        return None, None
    if delimiter == COMMA and REST_OF_A_NUMBER.fullmatch(text):
        return None, "SPLIT_NUMBER"
    if text in reading.ambiguous:
        return None, "AMBIGUOUS_NUMBER"
    if is_shortened(text):
        return None, "SHORTENED_NUMBER"
    number = number_in(text, reading.decimal_sign)
    return number, (None if number is not None else "NOT_A_NUMBER")
