"""Cross-classified counts, such as age within sex, whose margins are the breakdowns that stand already."""

from collections.abc import Sequence

from ingestion.demo.chance import apportion
from ingestion.demo.situation import Block, Cell, Stratum


def cross(block: Block, dimensions: tuple[str, ...]) -> Block:
    """Return the cells of two dimensions, the first of two groups; none where no whole numbers fit both breakdowns.

    Cells add up to both breakdowns, and no numerator passes its denominator.
    """
    rows, columns = (_parts(block, name) for name in dimensions)
    if len(rows) != 2 or not columns or any(block[row].is_empty for row in rows):
        return {}
    everyone, counted = _numbers(block, columns)
    [first_total, _], [first_count, _] = _numbers(block, rows)
    first = apportion(first_total, everyone, caps=everyone)
    second = [people - part for people, part in zip(everyone, first, strict=True)]
    first_counted = _split_between(
        first_count,
        weights=[count * part / (people or 1) for count, part, people in zip(counted, first, everyone, strict=True)],
        least=[max(0, count - part) for count, part in zip(counted, second, strict=True)],
        most=[min(count, part) for count, part in zip(counted, first, strict=True)],
    )
    if first_counted is None:
        return {}
    second_counted = [count - part for count, part in zip(counted, first_counted, strict=True)]
    return _cells(rows[0], columns, first_counted, first) | _cells(rows[1], columns, second_counted, second)


def _parts(block: Block, dimension: str) -> list[Stratum]:
    return [stratum for stratum in block if stratum and stratum[0][0] == dimension]


def _numbers(block: Block, strata: Sequence[Stratum]) -> tuple[list[int], list[int]]:
    """Return the denominators and the numerators of some parts, 0 where nobody can be counted."""
    cells = [block[stratum] for stratum in strata]
    return [int(cell.denominator or 0) for cell in cells], [int(cell.numerator or 0) for cell in cells]


def _split_between(
    total: int, *, weights: Sequence[float], least: Sequence[int], most: Sequence[int]
) -> list[int] | None:
    rest = total - sum(least)
    room = [high - low for low, high in zip(least, most, strict=True)]
    if not 0 <= rest <= sum(room):
        return None
    above = [max(0.0, weight - low) for weight, low in zip(weights, least, strict=True)]
    return [low + part for low, part in zip(least, apportion(rest, above, caps=room), strict=True)]


def _cells(row: Stratum, columns: Sequence[Stratum], counted: Sequence[int], people: Sequence[int]) -> Block:
    return {
        row + column: Cell(numerator=numerator, denominator=denominator) if denominator else Cell()
        for column, numerator, denominator in zip(columns, counted, people, strict=True)
    }
