"""What is written above a table, on the tab of its sheet or between its rows, and says what its figures are."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.groups import GROUPED_COLUMNS, SEX_COLUMN, codes_named, is_group, sexes_in
from ingestion.checks.raw import is_filled
from ingestion.checks.vocabulary import code_spellings
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.header import column_meant
from ingestion.reading.unit_words import TIME_UNITS, is_multiplier, other_unit, units_within

Indicator = dict[str, str]  # its row of the catalogue
SHORTEST_NAME = 3  # F and Q1 may be anything
LONGEST_TITLE = 200  # characters; more is an explanation
MOST_HEADINGS = 1000  # a table with headings has shown one by then
# The units of indicators that a share or a rate in another unit may be mistaken for.
SHARES = ("percent", "per 100 000 population")


def check_words_around(
    connection: duckdb.DuckDBPyConnection, table: RawTable, passed_over: Sequence[Finding], *, country_code: str
) -> list[Finding]:
    """Return what is to say of titles, of the name of a sheet, and of rows without figures, which are `passed_over`."""
    titles, headings = list(_titles(table)), passed_over[:MOST_HEADINGS]
    if not titles and not headings:
        return []
    indicators = _indicators(connection, table)
    return [
        *_check_units([*titles, *headings], indicators),
        *_check_titles(connection, table, titles, indicators, country_code),
        *_check_headings(connection, table, headings, country_code),
    ]


def _check_units(words: Iterable[Finding], indicators: Sequence[Indicator]) -> Iterator[Finding]:
    """Ask about words that may say in which unit figures are."""
    for each in words:
        if any(is_multiplier(part) or _is_other_unit(part, indicators) for part in units_within(each.found)):
            yield replace(each, rule="UNIT_IN_TITLE")


def _check_titles(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    titles: Iterable[Finding],
    indicators: Sequence[Indicator],
    country_code: str,
) -> Iterator[Finding]:
    """Ask about a title that may say whose figures these are, where no row does."""
    for title, dimension in product(titles, GROUPED_COLUMNS):
        meant = _meant(dimension, title.found, country_code)
        may_be_meant = is_group(dimension, meant) and not _goes_without_saying(dimension, meant, indicators)
        if may_be_meant and _is_blank(connection, table, dimension):
            yield replace(title, rule="GROUP_IN_TITLE", expected=dimension)


def _check_headings(
    connection: duckdb.DuckDBPyConnection, table: RawTable, passed_over: Sequence[Finding], country_code: str
) -> Iterator[Finding]:
    """Refuse a file whose rows stand under a heading that alone says whose figures they are."""
    for dimension in GROUPED_COLUMNS:
        meanings = [(row, _meant(dimension, row.found, country_code, in_all_ways=True)) for row in passed_over]
        named = [(row, meant) for row, meant in meanings if meant]
        ends = [*(row.row for row, _ in named[1:]), None]
        for (row, meant), end in zip(named, ends, strict=False):
            if (
                is_group(dimension, meant)
                and _is_blank(connection, table, dimension, after=row.row, before=end)
                and not _goes_without_saying(dimension, meant, _indicators(connection, table, below=row.row))
            ):
                yield replace(row, rule="GROUP_HEADING", expected=dimension)


def _titles(table: RawTable) -> Iterator[Finding]:
    """Yield the texts above the header and the name of the sheet, as findings that have no rule yet."""
    for row, cells in table.titles:
        texts = ((index, cell_text(cell)) for index, cell in enumerate(cells) if isinstance(cell, str))
        yield from (
            Finding("", row=row, cell=cell_address(row, index), found=text)
            for index, text in texts
            if 0 < len(text) <= LONGEST_TITLE
        )
    if table.sheet:
        yield Finding("", found=table.sheet)


def _indicators(connection: duckdb.DuckDBPyConnection, table: RawTable, *, below: int | None = None) -> list[Indicator]:
    """Return the rows of the catalogue for the indicators of a file, or for that of the first row below another."""
    if (index := table.header.positions.get("INDICATOR")) is None:
        return []
    first = f"where source_row = (select min(source_row) from raw where source_row > {below})" if below else ""
    texts = connection.execute(f"select distinct c{index} from raw {first}").fetchall()
    known = code_spellings("INDICATOR")
    used = {known.get(cell_text(text).casefold()) for (text,) in texts}
    return [row for row in rows("indicators") if row["indicator_code"] in used]


def _is_other_unit(text: str, indicators: Iterable[Indicator]) -> bool:
    """Say whether a text names a unit in which some of the indicators might be, and are not."""
    unit = other_unit(text)
    mistaken_for = ("days",) if unit in TIME_UNITS else SHARES
    return unit is not None and any(row["unit"] in mistaken_for for row in indicators)


def _meant(dimension: str, text: str, country_code: str, *, in_all_ways: bool = False) -> set[str]:
    """Return the codes of a dimension that a text may mean, with or without the name of the dimension before it."""
    before, colon, behind = text.partition(":")
    name = behind.strip() if colon and column_meant(before.strip()) == dimension else text
    return codes_named(dimension, name, country_code, in_all_ways=in_all_ways) if len(name) >= SHORTEST_NAME else set()


def _goes_without_saying(dimension: str, meant: set[str], indicators: Sequence[Indicator]) -> bool:
    """Say whether all of some indicators are about one sex by their definition."""
    return dimension == SEX_COLUMN and all(sexes_in(row["definition"], "") == meant for row in indicators)


def _is_blank(
    connection: duckdb.DuckDBPyConnection,
    table: RawTable,
    dimension: str,
    *,
    after: int | None = None,
    before: int | None = None,
) -> bool:
    """Say whether there are rows, of some stretch or of all, and none of them names a group or the total."""
    index = table.header.positions.get(dimension)
    none_named = "true" if index is None else f"not bool_or({is_filled(index)})"
    within = f"source_row > {after or 0}" + (f" and source_row < {before}" if before else "")
    query = f"select count(*) > 0 and {none_named} from raw where {within}"
    return connection.execute(query).fetchone() == (True,)
