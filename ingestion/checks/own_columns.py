"""Columns that are not of the format: the sender's own, or some of ours under a name that we do not know."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.vocabulary import (
    code_names,
    code_spellings,
    multiplier_words,
    number_names,
    stratum_columns,
    total_codes,
)
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.header import column_meant, column_named, expected_names, name_key

# "NUMERATER" and "SEXE" are near to one of our names, "Checked by" is not.
NEAR = 0.8
ROWS_LOOKED_INTO = 10_000
# One word of a column of remarks may be a code by chance.
LEAST_SHARE_OF_CODES = 0.8
# SDMX: the power of ten by which figures are to be multiplied, https://registry.sdmx.org/ CL_UNIT_MULT.
MULTIPLIER_COLUMN, NOT_MULTIPLIED = "UNIT_MULT", "0"
# A column of units has few texts; a remark may tell of thousands, too.
MOST_UNITS = 3
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
NAME_PARTS = re.compile(r"[\s_.\-/()]+")
FEWEST_BESIDE_EACH_OTHER = 2


@dataclass(frozen=True)
class _OwnColumn:
    """A column that we do not use, and the first of its texts, each once."""

    index: int
    name: str
    texts: tuple[str, ...]


def check_own_columns(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Return what is to say of each column that we do not use; an error among it refuses the file."""
    columns = _own_columns(connection, table)
    wide = _beside_each_other(columns, table)
    findings = [_finding(table, column, _judge(column, table)) for column in columns if column not in wide]
    if wide:
        names = ", ".join(column.name for column in wide)
        cell = cell_address(table.header.row, wide[0].index)
        findings.append(Finding("WIDE_TABLE", row=table.header.row, cell=cell, found=names))
    return findings


@dataclass(frozen=True)
class _Judgement:
    """What a column is: the rule that says so, the column that may be meant, and a text that shows it."""

    rule: str
    meant: str = ""
    example: str = ""


def _own_columns(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[_OwnColumn]:
    header = table.header
    used = set(header.positions.values()) | header.passed_over
    # A template brings along what was last accepted: those columns are ours, and not read.
    ours = {row["column_name"] for row in rows("template_columns")}
    return [
        _OwnColumn(index, text, _texts(connection, index))
        for index, text in enumerate(header.texts)
        if text and index not in used and text not in ours
    ]


def _texts(connection: duckdb.DuckDBPyConnection, index: int) -> tuple[str, ...]:
    query = f"select distinct c{index} from (select c{index} from raw limit {ROWS_LOOKED_INTO})"
    texts = {cell_text(text) for (text,) in connection.execute(query).fetchall()}
    return tuple(sorted(texts - {""}))


def _finding(table: RawTable, column: _OwnColumn, judged: _Judgement) -> Finding:
    return Finding(
        judged.rule,
        row=table.header.row,
        column=column.name,
        cell=cell_address(table.header.row, column.index),
        found=column.name,
        expected=judged.meant,
        given={"example": judged.example},
        proposal=judged.meant if judged.rule in ("MISSPELT_COLUMN", "BREAKDOWN_COLUMN") else None,
    )


def _judge(column: _OwnColumn, table: RawTable) -> _Judgement:
    if name := column_named(column.name):
        return _Judgement("DUPLICATE_COLUMN", name)
    absent = {key: name for key, name in expected_names().items() if name not in table.header.positions}
    if near := difflib.get_close_matches(name_key(column.name), list(absent), n=1, cutoff=NEAR):
        return _Judgement("MISSPELT_COLUMN", absent[near[0]])
    if multiplier := _multiplier(column):
        return _Judgement("MULTIPLIED", example=multiplier)
    for dimension in (*stratum_columns(), "SITE"):
        if dimension in absent.values() and (code := _group_named(column.texts, dimension)):
            return _Judgement("BREAKDOWN_COLUMN", dimension, code)
    return _Judgement("UNKNOWN_COLUMN")


def _multiplier(column: _OwnColumn) -> str | None:
    """Return the text that says that figures are in thousands or the like."""
    if column.name == MULTIPLIER_COLUMN:
        return next((text for text in column.texts if text != NOT_MULTIPLIED), None)
    if len(column.texts) > MOST_UNITS:
        return None
    words = set(multiplier_words())
    return next((text for text in column.texts if words & set(NAME_PARTS.split(text.casefold()))), None)


def _group_named(texts: Sequence[str], dimension: str) -> str | None:
    """Return a text that names a group of a dimension, if nearly all of them name one or the total."""
    names = {spelling: {code} for spelling, code in code_spellings(dimension).items()} | code_names(dimension)
    meant = {text: codes for text in texts if (codes := names.get(text.casefold()))}
    groups = [text for text, codes in meant.items() if total_codes()[dimension] not in codes]
    return groups[0] if groups and len(meant) >= LEAST_SHARE_OF_CODES * len(texts) else None


def _beside_each_other(columns: Iterable[_OwnColumn], table: RawTable) -> list[_OwnColumn]:
    """Return the columns that are one each for a year or a group, where the format has one row for each."""
    has_numbers = not set(number_names()).isdisjoint(table.header.positions)
    if has_numbers and "TIME_PERIOD" in table.header.positions:
        return []
    wide = [column for column in columns if YEAR.search(column.name) or _is_number_of_a_group(column.name)]
    return wide if len(wide) >= FEWEST_BESIDE_EACH_OTHER else []


def _is_number_of_a_group(name: str) -> bool:
    """`NUMERATOR_F` and `Zähler Frauen` are numbers of one group."""
    first, *rest = NAME_PARTS.split(name)
    return bool(rest) and any(
        column_meant(part) in number_names() for part in (" ".join([first, *rest[:-1]]), " ".join(rest))
    )
