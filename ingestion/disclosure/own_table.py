"""An analyst's own additive table: read, protected, audited, written.

Columns: `freq`, the count; `status`, published or hidden (needed for the audit; in a table to be protected it says what
was hidden before); `case_id`, if the file holds several tables; every column in which some row says `Total`
is a dimension; other columns are carried along.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np

from ingestion.disclosure.additive import TOTAL, AdditiveTable, Cell, additive_table, nested_codes, wrong_equations
from ingestion.disclosure.attacker_view import view_of_nested
from ingestion.disclosure.audit import attacker_bounds, exposed
from ingestion.disclosure.errors import WrongTotalsError
from ingestion.disclosure.primary import Levels, is_small
from ingestion.disclosure.protection import Problem, protect
from ingestion.errors import UsageError
from ingestion.measures.tidy import Column, Demand, identifier, read_tidy, refuse, refuse_problems

CASE = "case_id"
PUBLISHED, HIDDEN = "published", "hidden"
# A cell that was hidden before weighs a tenth: it is hidden again unless that costs far more than another choice.
HIDDEN_BEFORE = 0.1
SHOWN_EQUATIONS = 5
COUNT_DEMANDS = (
    Demand("freq < 0", "freq", "{found} is negative; a count of people is not"),
    Demand("freq <> floor(freq)", "freq", "{found} is not a whole number"),
)
STATUS_DEMANDS = (
    Demand(f"status not in ('{PUBLISHED}', '{HIDDEN}')", "status", f"'{{found}}' is not {PUBLISHED} or {HIDDEN}"),
    Demand(f"status = '{PUBLISHED}' and freq is null", "freq", "the cell is empty, and its status is published"),
)


@dataclass(frozen=True)
class OwnTable:
    """One table of the file. `rows`: the place of each cell in the file; `counts`: NaN where empty."""

    case: str
    dimensions: tuple[str, ...]
    cells: tuple[Cell, ...]
    counts: np.ndarray
    is_hidden: np.ndarray
    rows: np.ndarray


@dataclass(frozen=True)
class OwnFile:
    """The file: its columns but for `freq` and `status`, the cells of these as text, and its tables."""

    columns: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]
    tables: tuple[OwnTable, ...]

    def keys(self) -> "OwnFile":
        """Return the file without what is only carried along, which may tell why a cell is hidden."""
        kept = [place for place, name in enumerate(self.columns) if name in (CASE, *self.tables[0].dimensions)]
        records = tuple(tuple(record[place] for place in kept) for record in self.records)
        return replace(self, columns=tuple(self.columns[place] for place in kept), records=records)


def read_own_file(path: Path, *, has_status: bool) -> OwnFile:
    """Read the file; `has_status`: it says what is hidden, and a hidden count may be missing.

    Errors: `UsageError` naming rows and columns that cannot be used.
    """
    columns = [
        Column("freq", may_be_blank=has_status),
        Column("status", "text", is_required=has_status, may_be_blank=not has_status),
    ]
    with duckdb.connect() as connection:
        keys = read_tidy(connection, path, columns, table="cells")
        refuse(connection, "cells", path, [*COUNT_DEMANDS, *(STATUS_DEMANDS if has_status else ())])
        names = ", ".join(map(identifier, keys)) or "''"
        records = connection.execute(f"select {names} from cells order by row_number").fetchall()
        read = connection.execute("select row_number, freq, status from cells order by row_number").fetchnumpy()
    return _tables(path, keys, records, read)


def protect_table(table: OwnTable, threshold: int, levels: Callable[[np.ndarray], Levels]) -> np.ndarray:
    """Return for each cell whether it is hidden: counts from 1 to threshold - 1, and what protects them to the levels.

    Errors: `WrongTotalsError` naming the first equations that the counts do not meet.
    """
    additive = _additive(table)
    _require_right_totals(table, additive)
    small = is_small(table.counts, threshold)
    return protect(
        Problem(
            matrix=additive.matrix,
            counts=table.counts,
            figure=np.arange(len(table.cells)),
            is_protected=small,
            levels=levels(table.counts),
            weight=(table.counts + 1) * np.where(table.is_hidden, HIDDEN_BEFORE, 1.0),
            must_hide=small,
            must_show=np.zeros(len(table.cells), dtype=bool),
        )
    )


def _additive(table: OwnTable) -> AdditiveTable:
    nested = [nested_codes(cell[number] for cell in table.cells) for number in range(len(table.dimensions))]

    def breakdowns(number: int, codes: frozenset[str]) -> list[tuple[str, tuple[str, ...]]]:
        present = [(whole, tuple(part for part in parts if part in codes)) for whole, parts in nested[number]]
        return [(whole, parts) for whole, parts in present if parts]

    return additive_table(table.dimensions, table.cells, breakdowns)


def _require_right_totals(table: OwnTable, additive: AdditiveTable) -> None:
    wrong = wrong_equations(additive, table.counts)
    if wrong:
        called = f"Table {table.case}: " if table.case else ""
        shown = "".join(f"\n  {equation}" for equation in wrong[:SHOWN_EQUATIONS])
        raise WrongTotalsError(f"{called}{len(wrong)} of the totals are not the sum of their parts:{shown}")


def exposed_cells(table: OwnTable, hidden: np.ndarray, small: np.ndarray, levels: Levels) -> np.ndarray:
    """Return the positions of the small cells that an attacker comes nearer to than the levels allow."""
    view = view_of_nested(table.dimensions, table.cells, np.where(hidden, np.nan, table.counts))
    return exposed(view, table.counts, levels.lower, levels.upper, protected=small)


def bounds_of(table: OwnTable) -> tuple[np.ndarray, np.ndarray]:
    """Return the attacker's least and greatest value of each cell. Errors: as for `attacker_bounds`."""
    view = view_of_nested(table.dimensions, table.cells, np.where(table.is_hidden, np.nan, table.counts))
    return attacker_bounds(view)


def as_csv(columns: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """Return lines as CSV; a missing number is an empty cell."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_written(value) for value in line] for line in lines)
    return stream.getvalue()


def _written(value: object) -> object:
    if not isinstance(value, float):
        return value
    return "" if np.isnan(value) else f"{round(value, 9):.15g}"


def _tables(path: Path, keys: list[str], records: list[tuple[str, ...]], read: dict[str, np.ndarray]) -> OwnFile:
    counts: np.ndarray = np.ma.filled(np.ma.asarray(read["freq"], dtype=float), np.nan)
    is_hidden = np.ma.filled(np.ma.asarray(read["status"]), "") == HIDDEN
    numbers = read["row_number"]
    cells = [tuple("" if value is None else value.strip() for value in record) for record in records]
    dimensions = _dimensions(path, keys, cells)
    by_case: dict[str, list[int]] = defaultdict(list)
    for place, cell in enumerate(cells):
        by_case[cell[keys.index(CASE)] if CASE in keys else ""].append(place)
    tables = []
    for case, places in by_case.items():
        chosen = [tuple(cells[place][keys.index(name)] for name in dimensions) for place in places]
        _refuse_doubled(path, keys, dimensions, chosen, numbers[places])
        _refuse_missing_totals(path, dimensions, chosen, numbers[places])
        tables.append(
            OwnTable(case, tuple(dimensions), tuple(chosen), counts[places], is_hidden[places], np.array(places))
        )
    return OwnFile(tuple(keys), tuple(cells), tuple(tables))


def _dimensions(path: Path, keys: list[str], cells: list[tuple[str, ...]]) -> list[str]:
    found = [name for place, name in enumerate(keys) if name != CASE and any(cell[place] == TOTAL for cell in cells)]
    if not found:
        raise UsageError(f"{path.name} has no dimension: no column but freq in which a row says {TOTAL}.")
    return found


def _refuse_doubled(path: Path, keys: list[str], dimensions: list[str], cells: list[Cell], numbers: np.ndarray) -> None:
    first: dict[Cell, int] = {}
    problems = []
    for cell, number in zip(cells, numbers, strict=True):
        if cell in first:
            words = f"{' / '.join(cell)} stands in row {first[cell]} too"
            problems.append((int(number), ", ".join(dimensions), words))
        first.setdefault(cell, int(number))
    if problems:
        unknown = [name for name in keys if name not in (*dimensions, CASE)]
        if unknown:
            number, column, words = problems[0]
            hint = f"{words}. No row of {' and '.join(unknown)} says {TOTAL}, so that is no dimension: add its totals, "
            problems[0] = (number, column, f"{hint}or tell the tables apart by {CASE}")
        refuse_problems(path, problems)


def _refuse_missing_totals(path: Path, dimensions: list[str], cells: list[Cell], numbers: np.ndarray) -> None:
    known = set(cells)
    problems = []
    for axis, dimension in enumerate(dimensions):
        wholes = {part: whole for whole, parts in nested_codes(cell[axis] for cell in cells) for part in parts}
        for cell, number in zip(cells, numbers, strict=True):
            whole = wholes.get(cell[axis])
            if whole is not None and (*cell[:axis], whole, *cell[axis + 1 :]) not in known:
                others = " / ".join(cell[:axis] + cell[axis + 1 :])
                where = f" at {others}" if others else ""
                problems.append((int(number), dimension, f"{cell[axis]} is part of {whole}, which has no row{where}"))
    if problems:
        refuse_problems(path, sorted(problems))
