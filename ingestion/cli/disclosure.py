"""`pcm protect` and `pcm audit`: an analyst's own additive table."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingestion.errors import PcmError, UsageError
from ingestion.store.atomic import write_bytes

if TYPE_CHECKING:
    import numpy as np

    from ingestion.disclosure.own_table import OwnFile, OwnTable
    from ingestion.disclosure.primary import Levels

LEVELS = click.option(
    "--levels",
    type=click.Choice(["production", "reference"]),
    default="production",
    show_default=True,
    help="How far an attacker's interval must reach: beyond the threshold, or one person up and down.",
)
FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
THRESHOLD = click.IntRange(min=2)
OUT = click.option("--out", type=click.Path(path_type=Path), help="Write the table here instead of to the terminal.")


@click.command()
@FILE
@click.option("--threshold", type=THRESHOLD, required=True, help="Counts from 1 to THRESHOLD - 1 are hidden.")
@LEVELS
@OUT
@click.option(
    "--published", type=click.Path(path_type=Path), help="Also write the copy to give away: hidden counts left empty."
)
def protect(file: Path, threshold: int, levels: str, out: Path | None, published: Path | None) -> None:
    """Say which cells of the additive table in FILE must be hidden, so that no small count can be computed.

    The result is the same rows with a column status, published or hidden; it still holds every count.
    """
    from ingestion.disclosure.own_table import read_own_file

    own = read_own_file(file, has_status=False)
    statuses, counts = [""] * len(own.records), [0.0] * len(own.records)
    for table in own.tables:
        hidden = _protected(table, threshold, levels)
        for row, count, is_hidden in zip(table.rows, table.counts, hidden, strict=True):
            statuses[row], counts[row] = "hidden" if is_hidden else "published", float(count)
    _write(own, counts, statuses, out)
    if published:
        shown = [float("nan") if status == "hidden" else count for count, status in zip(counts, statuses, strict=True)]
        _write(own.keys(), shown, statuses, published)
    else:
        click.echo("The result holds the hidden counts; --published FILE writes a copy without them.", err=True)


@click.command()
@FILE
@click.option("--threshold", type=THRESHOLD, help="Also require that each hidden count below THRESHOLD is protected.")
@LEVELS
@OUT
def audit(file: Path, threshold: int | None, levels: str, out: Path | None) -> None:
    """Say what an attacker can learn of each hidden cell of FILE, a table as `pcm protect` writes it.

    The result is one row per hidden cell with the least and the greatest value that fits all published counts.
    Exit code 1: a hidden count can be computed, or with --threshold one is not protected; or the totals are wrong.
    """
    from ingestion.disclosure.own_table import as_csv, bounds_of, read_own_file

    own = read_own_file(file, has_status=True).keys()
    lines: list[list[object]] = []
    failed = 0
    for table in own.tables:
        lower, upper = bounds_of(table)
        failed += _say_audit(table, lower, upper, threshold, levels)
        lines += [
            [*own.records[row], float(low), float(high)]
            for row, low, high, is_hidden in zip(table.rows, lower, upper, table.is_hidden, strict=True)
            if is_hidden
        ]
    _answer(as_csv([*own.columns, "attacker_lo", "attacker_hi"], lines), out)
    raise click.exceptions.Exit(1 if failed else 0)


def _protected(table: "OwnTable", threshold: int, levels: str) -> "np.ndarray":
    """Return what is hidden, audited, after saying what it costs, and what the levels cost beyond the reference."""
    from ingestion.disclosure.own_table import exposed_cells, protect_table
    from ingestion.disclosure.primary import is_small, reference_levels

    hidden = protect_table(table, threshold, _levels(levels, threshold))
    small = is_small(table.counts, threshold)
    asked = _levels(levels, threshold)(table.counts)
    if len(exposed_cells(table, hidden, small, asked)):
        raise PcmError("The audit does not accept what was chosen, so nothing is written. This is our own fault.")
    added = hidden & ~small
    line = f"{_title(table)}{len(table.cells)} cells: {small.sum()} small, {added.sum()} more hidden to protect them"
    line += f" ({table.counts[added].sum():g} people)"
    if levels == "production":
        compared = protect_table(table, threshold, reference_levels) & ~small
        cells, people = added.sum() - compared.sum(), table.counts[added].sum() - table.counts[compared].sum()
        line += f"; reaching beyond the threshold costs {cells:+d} cells and {people:+g} people"
    click.echo(line + ". The audit accepts it.", err=True)
    return hidden


def _say_audit(table: "OwnTable", lower: "np.ndarray", upper: "np.ndarray", threshold: int | None, levels: str) -> bool:
    """Say what the audit found in one table, and return whether it failed."""
    import numpy as np

    from ingestion.disclosure.audit import TOLERANCE
    from ingestion.disclosure.primary import is_small

    computed = table.is_hidden & (upper - lower < TOLERANCE)
    words = f"{_title(table)}{table.is_hidden.sum()} hidden cells; {computed.sum()} can be computed exactly"
    unprotected = np.zeros(len(computed), dtype=bool)
    if threshold is not None:
        _require_counts(table)
        asked = _levels(levels, threshold)(table.counts)
        near = (lower > table.counts - asked.lower + TOLERANCE) | (upper < table.counts + asked.upper - TOLERANCE)
        unprotected = is_small(table.counts, threshold) & (near | ~table.is_hidden)
        words += f"; {unprotected.sum()} of the counts below {threshold} are not protected"
    click.echo(words + ".", err=True)
    return bool(computed.any() or unprotected.any())


def _require_counts(table: "OwnTable") -> None:
    import numpy as np

    if np.isnan(table.counts).any():
        raise UsageError("To judge by --threshold the file must hold the hidden counts: take what `pcm protect` wrote.")


def _levels(name: str, threshold: int) -> "Callable[[np.ndarray], Levels]":
    from ingestion.disclosure.primary import beyond_threshold, reference_levels

    return reference_levels if name == "reference" else lambda counts: beyond_threshold(counts, threshold)


def _write(own: "OwnFile", counts: list[float], statuses: list[str], out: Path | None) -> None:
    from ingestion.disclosure.own_table import as_csv

    lines = [[*record, count, status] for record, count, status in zip(own.records, counts, statuses, strict=True)]
    _answer(as_csv([*own.columns, "freq", "status"], lines), out)


def _answer(text: str, out: Path | None) -> None:
    if out:
        write_bytes(out, text.encode())
    else:
        click.echo(text, nl=False)


def _title(table: "OwnTable") -> str:
    return f"{table.case}: " if table.case else ""
