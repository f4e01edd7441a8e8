"""The figures of a country that are in force: what it last had accepted, read from its landed files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ingestion.catalogue import columns_of_kind, rows
from ingestion.settings import Settings
from ingestion.sql_text import CALLS_NOBODY
from ingestion.store.landed import verified_landing
from ingestion.store.ledger_place import has_ledger
from ingestion.templates.grid import ExpectedFigure, figure_of

NUMBERS = columns_of_kind("number")
TOTAL_CODES = {row["dimension_code"]: row["total_code"] for row in rows("dimensions")}

# Rows of a workbook that somebody still fills by hand, and that is made while they wait.
MOST_BESIDES = 20_000

# {column of the submission format: value}, blanks left out
Row = dict[str, Any]
# The codes of a row by dimension, totals left out, with its indicator and without its period.
SeriesKey = frozenset[tuple[str, str]]


def last_accepted(settings: Settings, country_code: str) -> list[Row]:
    """Return the accepted rows of a country that are in force, none if there is no observatory at home.

    A later file replaces whole blocks (country, indicator, period), as in `int_blocks_in_force.sql`.
    Errors: `PcmError` when a landed file no longer has the hash that the ledger recorded.
    """
    blocks: dict[tuple[str, str], list[Row]] = {}
    for submission in _landed(settings, country_code):
        blocks |= _blocks_of(_read(settings, submission))
    return [row for block in blocks.values() for row in block]


def references(accepted: Sequence[Row], figures: Sequence[ExpectedFigure]) -> dict[ExpectedFigure, Row]:
    """Return {figure: the accepted row of the same series} of the figure's own period, or else of the latest before.

    Beside the figures that are asked for these are all that were sent last time: a file replaces an indicator and a
    period as a whole, so that a template without their rows would make them vanish. Figures of several groups at once
    are left out where there are too many: who sends these has a program, and a check tells of rows that a file lost.
    """
    series: dict[SeriesKey, dict[str, Row]] = {}
    for row in accepted:
        if any(name in row for name in NUMBERS):
            series.setdefault(_series_key(row), {})[row["TIME_PERIOD"]] = row
    besides = list(_sent_besides(series, figures))
    if len(besides) > MOST_BESIDES:
        besides = [figure for figure in besides if len(figure.groups) < 2]
    found = {}
    for figure in [*figures, *besides]:
        known = series.get(_series_key(figure.codes), {})
        if earlier := [period for period in known if period <= figure.period]:
            found[figure] = known[max(earlier)]
    return found


def _sent_besides(
    series: Mapping[SeriesKey, Mapping[str, Row]], figures: Sequence[ExpectedFigure]
) -> Iterator[ExpectedFigure]:
    """Yield, for each asked period, the figures that were last sent and are not asked."""
    periods: dict[str, set[str]] = {}
    for key, rows_by_period in series.items():
        periods.setdefault(dict(key)["INDICATOR"], set()).update(rows_by_period)
    asked = {figure: None for figure in figures}
    for indicator, period in dict.fromkeys((figure.indicator_code, figure.period) for figure in asked):
        last = max((each for each in periods.get(indicator, ()) if each <= period), default=None)
        for key in (key for key, rows_by_period in series.items() if last in rows_by_period):
            figure = figure_of(dict(key), period)
            if figure.indicator_code == indicator and figure not in asked:
                yield figure


def _landed(settings: Settings, country_code: str) -> list[dict[str, Any]]:
    """Return the submissions of a country of which rows were accepted, in the order of arrival."""
    # To ask the ledger makes one; where there is none, nothing was accepted.
    if not has_ledger(settings):
        return []
    from ingestion import ledger

    return ledger.landed_submissions(settings, country_code)


def _read(settings: Settings, submission: dict[str, Any]) -> list[Row]:
    import duckdb

    path = verified_landing(settings, submission)
    with duckdb.connect(config=CALLS_NOBODY) as connection:
        cursor = connection.execute("from read_parquet(?) order by source_row", [str(path)])
        names = [column[0].upper() for column in cursor.description or ()]
        records = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    return [{name: value for name, value in record.items() if value is not None} for record in records]


def _blocks_of(landed: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    blocks: dict[tuple[str, str], list[Row]] = {}
    for row in landed:
        blocks.setdefault((row["INDICATOR"], row["TIME_PERIOD"]), []).append(row)
    return blocks


def _series_key(codes: Row) -> SeriesKey:
    parts = {(name, codes[name]) for name, total in TOTAL_CODES.items() if codes.get(name) not in (None, "", total)}
    return frozenset(parts | {("INDICATOR", codes["INDICATOR"])})
