"""Faults planted in a right file: which row is wrong, which rule says so, and which sums it spoils."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Groups = dict[str, str]  # {dimension: code}
Cells = dict[str, str]  # {column: text}

SPOILT_CODES = {
    "SEX": "X",  # a code of other standards
    "AGE": "40-64",
    "NUTS2": "DEA6",
    "DEGURBA": "Stadt",
    "ISCED11": "ED3-4",
    "QUANTILE": "Q1",
    "C_BIRTH": "DEU",
}


@dataclass(frozen=True)
class Line:
    """One figure of the file: which groups it is about, and its cells."""

    groups: Groups
    cells: Cells


@dataclass(frozen=True)
class Fault:
    """A row that is wrong, the rule that finds it, and the rows of the totals that its counts no longer make up."""

    row: int
    rule: str
    spoilt_totals: tuple[int, ...] = ()


def faults_file(path: Path) -> Path:
    """Return where the faults of a large file are listed."""
    return path.with_name(path.name + ".faults.json")


def _unknown_code(cells: Cells) -> None:
    name = next(name for name in SPOILT_CODES if cells.get(name))
    cells[name] = SPOILT_CODES[name]


def _misformed_period(cells: Cells) -> None:
    cells["TIME_PERIOD"] = f"Jahr {cells['TIME_PERIOD']}"


def _text_for_number(cells: Cells) -> None:
    cells["NUMERATOR"] = f"ca. {cells['NUMERATOR']}"


def _swapped_counts(cells: Cells) -> None:
    cells["NUMERATOR"], cells["DENOMINATOR"] = cells["DENOMINATOR"], cells["NUMERATOR"]


def _broken_count(cells: Cells) -> None:
    cells["DENOMINATOR"] += ",5"


# Each spoils one row of a breakdown by two dimensions; the rule that answers it.
SLIPS: dict[str, Callable[[Cells], None]] = {
    "P01": _unknown_code,
    "P26": _misformed_period,
    "NOT_A_NUMBER": _text_for_number,
    "P06": _swapped_counts,
    "P09": _broken_count,
}
TWICE = "P02"
WRONG_SUM = "P10"
TOO_MANY = 7


def plant(
    lines: list[Line], fault_count: int, *, first_row: int, chance: np.random.Generator
) -> tuple[list[Cells], list[Fault]]:
    """Return the cells of one block with some faults in them, and these faults.

    One fault is the block's total, which no longer is the sum of its parts; the others lie in breakdowns by two
    dimensions, so that no two faults meet in one row. A row that stands twice follows itself.
    """
    if fault_count == 0:
        return [line.cells for line in lines], []
    crossed = [index for index, line in enumerate(lines) if len(line.groups) == 2 and _can_be_spoilt(line.cells)]
    chosen = sorted(chance.choice(crossed, size=fault_count - 1, replace=False).tolist())
    rules = itertools.islice(itertools.cycle([*SLIPS, TWICE]), int(chance.integers(len(SLIPS) + 1)), None)
    lines[0].cells["DENOMINATOR"] = str(int(lines[0].cells["DENOMINATOR"]) + TOO_MANY)
    return _spoil(lines, dict(zip(chosen, rules, strict=False)), first_row)


def _spoil(lines: list[Line], rules: dict[int, str], first_row: int) -> tuple[list[Cells], list[Fault]]:
    written: list[Cells] = []
    faults = [Fault(first_row, WRONG_SUM)]
    rows_of_groups: dict[tuple[tuple[str, str], ...], int] = {}
    for index, line in enumerate(lines):
        row = first_row + len(written)
        rows_of_groups[tuple(line.groups.items())] = row
        written.append(line.cells)
        rule = rules.get(index)
        if rule == TWICE:
            written.append(dict(line.cells))
            faults.append(Fault(row + 1, TWICE))
        elif rule:
            SLIPS[rule](line.cells)
            faults.append(Fault(row, rule, tuple(rows_of_groups[(group,)] for group in line.groups.items())))
    return written, faults


def _can_be_spoilt(cells: Cells) -> bool:
    """A row needs different counts for a swap to show."""
    return "NUMERATOR" in cells and cells["NUMERATOR"] != cells["DENOMINATOR"]
