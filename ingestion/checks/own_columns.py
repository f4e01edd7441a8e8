"""Columns that are not of the format: the sender's own, or some of ours under a name that we do not know."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

from ingestion.catalogue import columns_of_kind, count_columns, rows
from ingestion.checks.findings import Finding
from ingestion.checks.groups import GROUPED_COLUMNS, codes_named, is_group
from ingestion.checks.raw import is_filled
from ingestion.checks.vocabulary import (
    code_lists,
    code_names,
    code_spellings,
    number_names,
)
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.header import column_meant, column_named, column_of_others, expected_names, name_key
from ingestion.reading.numbers import is_number
from ingestion.reading.unit_words import is_multiplier, other_unit

# "NUMERATER" and "SEXE" are near to one of our names, "Checked by" is not.
NEAR = 0.8
VERY_NEAR = 0.9  # where any text may stand, the name alone decides: a Referent is no REFERENCE
ROWS_LOOKED_INTO = 10_000
# One word of a column of remarks may be a code by chance.
LEAST_SHARE = 0.8
SHORTEST_NAME_OF_A_GROUP = 3  # F and Q1 may be anything
# SDMX: the power of ten by which figures are to be multiplied, CL_UNIT_MULT of https://registry.sdmx.org/.
MULTIPLIER_COLUMNS = ("unitmult", "unitmultiplier")
ONE = "1"  # as it is
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
NAME_PARTS = re.compile(r"[\s_.\-/()]+")
WORD = re.compile(r"\w+")
NO_NUMBER = re.compile(r"[^0-9.,]+")
FEWEST_BESIDE_EACH_OTHER = 2
VALUE_COLUMN = "OBS_VALUE"
FEWEST_NAMES, MOST_SHOWN = 2, 3
FEWEST_LABELS = 2  # a column that says the same in every row says nothing of the codes beside it
MOST_GROUPS = 100  # a country has fewer regions


@dataclass(frozen=True)
class _OwnColumn:
    """A column that we do not use, and the first of its texts, each once."""

    index: int
    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class _Judgement:
    """What a column is: the rule that says so, the column that may be meant, and a text that shows it."""

    rule: str
    meant: str = ""
    example: str = ""


def check_own_columns(connection: duckdb.DuckDBPyConnection, table: RawTable, *, country_code: str) -> list[Finding]:
    """Return what is to say of each column that we do not use; an error among it refuses the file."""
    file = _File(connection, table, country_code)
    columns = file.own_columns()
    wide = _beside_each_other(columns, table)
    findings = [_finding(table, column, file.judge(column)) for column in columns if column not in wide]
    if wide:
        names = ", ".join(column.name for column in wide)
        cell = cell_address(table.header.row, wide[0].index)
        findings.append(Finding("WIDE_TABLE", row=table.header.row, cell=cell, found=names))
    return findings


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


@dataclass(frozen=True)
class _File:
    """The cells of a file, and where its columns are."""

    connection: duckdb.DuckDBPyConnection
    table: RawTable
    sender: str

    def own_columns(self) -> list[_OwnColumn]:
        header = self.table.header
        used = set(header.positions.values()) | header.passed_over
        # A template brings along what was last accepted: those columns are ours, and not read.
        ours = {row["column_name"] for row in rows("template_columns")}
        return [
            _OwnColumn(index, text, self._texts(index))
            for index, text in enumerate(header.texts)
            if text and index not in used and text not in ours
        ]

    def judge(self, column: _OwnColumn) -> _Judgement:
        """Say what a column is that we do not use; the first way that finds anything decides."""
        ways = (
            *(self._as_duplicate, self._as_names_of_numbers, self._as_misnamed, self._as_unit),
            *(_as_part_of_year, self._as_breakdown, self._as_label),
        )
        return next(filter(None, (way(column) for way in ways)), _Judgement("UNKNOWN_COLUMN"))

    def _as_duplicate(self, column: _OwnColumn) -> _Judgement | None:
        name = column_named(column.name) or self._second_of(column)
        return _Judgement("DUPLICATE_COLUMN", name) if name else None

    def _as_names_of_numbers(self, column: _OwnColumn) -> _Judgement | None:
        """Find a column that says of each row which number it holds, where a figure has a row for each of them."""
        meant = {column_meant(text) for text in column.texts}
        numbers = [name for name in number_names() if name in meant and name != VALUE_COLUMN]
        may_be_long = len(meant) >= FEWEST_NAMES and None not in meant and numbers
        if may_be_long and all(map(self._is_blank, numbers)) and self._tells_rows_apart(column):
            return _Judgement("LONG_TABLE", example=", ".join(column.texts[:MOST_SHOWN]))
        return None

    def _as_misnamed(self, column: _OwnColumn) -> _Judgement | None:
        if (name := column_of_others(column.name)) and self._is_blank(name):
            return _Judgement("OTHER_NUMBERS", name)
        name = self._misspelt(column) or self._named_last(column)
        return _Judgement("MISSPELT_COLUMN", name) if name else None

    def _as_unit(self, column: _OwnColumn) -> _Judgement | None:
        if multiplier := _multiplier(column):
            return _Judgement("MULTIPLIED", example=multiplier)
        unit = self._other_unit(column)
        return _Judgement("OTHER_UNIT", example=unit) if unit else None

    def _as_breakdown(self, column: _OwnColumn) -> _Judgement | None:
        for dimension in filter(self._is_blank, GROUPED_COLUMNS):
            named = self._named(column, dimension)
            group = max((text for text, codes in named.items() if is_group(dimension, codes)), key=len, default=None)
            if group and self._tells_rows_apart(column):
                return _Judgement("BREAKDOWN_COLUMN", dimension, group)
            if group and len(group) >= SHORTEST_NAME_OF_A_GROUP:
                return _Judgement("POSSIBLE_BREAKDOWN", dimension, group)
        return None

    def _as_label(self, column: _OwnColumn) -> _Judgement | None:
        """Find a row whose code means something else than the name beside it; the letters of a status mean much."""
        for dimension in filter(code_lists().get, columns_of_kind("dimension")):
            index = self.table.header.positions.get(dimension)
            if index is not None and len(named := self._named(column, dimension)) >= FEWEST_LABELS:
                query = f"select distinct c{index}, c{column.index} from raw limit {ROWS_LOOKED_INTO}"
                spelt = code_spellings(dimension)
                for code, label in sorted(self.connection.execute(query).fetchall()):
                    meant, text = spelt.get(cell_text(code).casefold()), cell_text(label)
                    if meant and text in named and meant not in named[text]:
                        return _Judgement("OTHER_LABEL", dimension, f"{text} ({cell_text(code)})")
        return None

    def _named(self, column: _OwnColumn, dimension: str) -> dict[str, set[str]]:
        """Return {text: codes of a dimension that it means}, if nearly all texts of a column name some."""
        in_all_ways = len(column.texts) <= MOST_GROUPS
        meanings = {text: codes_named(dimension, text, self.sender, in_all_ways=in_all_ways) for text in column.texts}
        named = {text: codes for text, codes in meanings.items() if codes}
        return named if len(named) >= LEAST_SHARE * len(column.texts) else {}

    def _texts(self, index: int, where: str = "true") -> tuple[str, ...]:
        query = f"select distinct c{index} from (select c{index} from raw where {where} limit {ROWS_LOOKED_INTO})"
        texts = {cell_text(text) for (text,) in self.connection.execute(query).fetchall()}
        return tuple(sorted(texts - {""}))

    def _is_blank(self, name: str) -> bool:
        """Say whether a column of the format is not there, or holds nothing."""
        positions = self.table.header.positions
        return name not in positions or not self._texts(positions[name])

    def _second_of(self, column: _OwnColumn) -> str | None:
        """Return the column of which this is another one in other words, if they disagree on a number or a period.

        Of two columns for a code, one often holds its label.
        """
        name = column_meant(column.name)
        if name is None or name in code_lists() or name in columns_of_kind("text") or not column.texts:
            return None
        query = f"select exists (from raw where trim(c{column.index}) <> trim(c{self.table.header.positions[name]}))"
        return name if self.connection.execute(query).fetchone() == (True,) else None

    def _other_unit(self, column: _OwnColumn) -> str | None:
        """Return the text beside a value that says that it is in a unit of no indicator; counts have none."""
        positions = self.table.header.positions
        values = [positions[name] for name in number_names() if name in positions and name not in count_columns()]
        if not values or not any(map(other_unit, column.texts)):
            return None
        beside_values = self._texts(column.index, " or ".join(map(is_filled, values)))
        return next(filter(other_unit, beside_values), None)

    def _misspelt(self, column: _OwnColumn) -> str | None:
        """Return the column of the format whose name is nearly this one, if what stands under it may be its own."""
        absent = {key: name for key, name in expected_names().items() if name not in self.table.header.positions}
        near = difflib.get_close_matches(name_key(column.name), list(absent), n=1, cutoff=NEAR)
        name = absent[near[0]] if near else None
        if name is None or _number_in(column.name) != _number_in(name) or not _may_be_of(name, column.texts):
            return None
        is_very_near = difflib.get_close_matches(name_key(column.name), near, cutoff=VERY_NEAR)
        return name if is_very_near or name not in columns_of_kind("text") else None

    def _named_last(self, column: _OwnColumn) -> str | None:
        """Return the column of the format that a pivot table sums up: Som van NUMERATOR, SUM(NUMERATOR)."""
        names = set(expected_names().values())
        *before, last = WORD.findall(column.name) or [""]
        if last not in names.difference(self.table.header.positions) or not names.isdisjoint(before):
            return None
        # Numbers of one year, of women or in another unit are not those of all.
        is_of_others = column_of_others(f"{last}: {column.name}")
        is_same = _number_in(column.name) == _number_in(last) and not is_of_others
        return last if is_same and _may_be_of(last, column.texts) else None

    def _tells_rows_apart(self, column: _OwnColumn) -> bool:
        """Say whether rows that describe the same figure differ in this column."""
        coded = columns_of_kind("dimension", "attribute")
        keys = [index for name, index in self.table.header.positions.items() if name in coded]
        grouped = ", ".join(f"c{index}" for index in keys) or "true"
        query = f"select 1 from raw group by {grouped} having count(distinct c{column.index}) > 1 limit 1"
        return self.connection.execute(query).fetchone() is not None


def _as_part_of_year(column: _OwnColumn) -> _Judgement | None:
    names = {name_key(row["word"]) for row in rows("part_of_year_words")}
    is_filled = name_key(column.name) in names and column.texts
    return _Judgement("PART_OF_YEAR", example=column.texts[0]) if is_filled else None


def _number_in(text: str) -> str:
    return NO_NUMBER.sub("", text)


def _may_be_of(name: str, texts: Sequence[str]) -> bool:
    """Say whether nearly all of some texts may stand in a column of codes or of numbers."""
    if name in number_names():
        fitting = [text for text in texts if is_number(text)]
    elif name in code_lists():
        fitting = [text for text in texts if text.casefold() in _names(name)]
    else:
        return True
    return len(fitting) >= LEAST_SHARE * len(texts)


def _names(column: str) -> dict[str, set[str]]:
    """Return {code or name in small letters: the codes that it may mean}."""
    return {spelling: {code} for spelling, code in code_spellings(column).items()} | code_names(column)


def _multiplier(column: _OwnColumn) -> str | None:
    """Return the text that says that figures are in thousands or the like."""
    if name_key(column.name.partition(":")[0]) in MULTIPLIER_COLUMNS:
        return next((text for text in column.texts if text.partition(":")[0].strip("0.,")), None)
    numbers = {text for text in column.texts if is_number(text)}
    # Among other numbers a thousand is one of them: of a row, or of people.
    passed_over = numbers if any(not is_multiplier(text) for text in numbers - {ONE}) else set()
    return next((text for text in column.texts if text not in passed_over and is_multiplier(text)), None)


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
