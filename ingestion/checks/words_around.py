"""What is written above a table, on the tab of its sheet or between its rows, and says what its figures are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.raw import is_filled
from ingestion.checks.vocabulary import (
    UNKNOWN_CODE,
    code_names,
    code_spellings,
    stratum_columns,
    total_codes,
    translated_names,
)
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.reading.header import column_meant
from ingestion.reading.unit_words import TIME_UNITS, is_multiplier, other_unit, units_within

WORD = re.compile(r"[^\W\d_]+")
LONGEST_TITLE = 200  # characters; more is an explanation
SHORTEST_NAME = 3  # F and Q1 may be anything
ENGLISH = "en"
DIMENSIONS = (*stratum_columns(), "SITE")
# The units of indicators that a share or a rate in another unit may be mistaken for.
SHARES = ("percent", "per 100 000 population")


def check_titles(connection: duckdb.DuckDBPyConnection, table: RawTable, *, country_code: str) -> list[Finding]:
    """Ask about a title, or the name of a sheet, that may say in which unit figures are, or whose they are."""
    titles = list(_titles(table))
    indicators = _indicators(connection, table) if titles else []
    findings = []
    for cell, text in titles:
        if any(is_multiplier(part) or _is_other_unit(part, indicators) for part in units_within(text)):
            findings.append(Finding("UNIT_IN_TITLE", cell=cell, found=text))
        findings += [
            Finding("GROUP_IN_TITLE", cell=cell, found=text, expected=dimension)
            for dimension in DIMENSIONS
            if _is_group(dimension, meant := _meant(dimension, text, country_code))
            and not _goes_without_saying(dimension, meant, indicators)
            and _is_blank(connection, table, dimension)
        ]
    return findings


def check_headings(
    connection: duckdb.DuckDBPyConnection, table: RawTable, passed_over: Sequence[Finding], *, country_code: str
) -> list[Finding]:
    """Refuse a file whose rows stand under a heading that alone says whose figures they are.

    `passed_over` tells of the rows without figures, from above.
    """
    findings = []
    for dimension in DIMENSIONS if passed_over else ():
        named = [
            (each, meant) for each in passed_over if (meant := _meant_by_heading(dimension, each.found, country_code))
        ]
        ends = [*(each.row for each, _ in named[1:]), None]
        findings += [
            Finding("GROUP_HEADING", row=each.row, cell=each.cell, found=each.found, expected=dimension)
            for (each, meant), end in zip(named, ends, strict=False)
            if _is_group(dimension, meant) and _is_blank(connection, table, dimension, after=each.row, before=end)
        ]
    return findings


def _titles(table: RawTable) -> Iterator[tuple[str | None, str]]:
    """Yield (address, text) of the cells above the header, and of the name of the sheet."""
    for row, cells in table.titles:
        texts = ((index, cell_text(cell)) for index, cell in enumerate(cells) if isinstance(cell, str))
        yield from ((cell_address(row, index), text) for index, text in texts if 0 < len(text) <= LONGEST_TITLE)
    if table.sheet:
        yield None, table.sheet


def _indicators(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[dict[str, str]]:
    """Return the rows of the catalogue for the indicators of a file."""
    if (index := table.header.positions.get("INDICATOR")) is None:
        return []
    texts = connection.execute(f"select distinct c{index} from raw").fetchall()
    known = code_spellings("INDICATOR")
    used = {known.get(cell_text(text).casefold()) for (text,) in texts}
    return [row for row in rows("indicators") if row["indicator_code"] in used]


def _is_other_unit(text: str, indicators: Iterable[dict[str, str]]) -> bool:
    """Say whether a text names a unit in which some of the indicators might be, and are not."""
    unit = other_unit(text)
    mistaken_for = ("days",) if unit in TIME_UNITS else SHARES
    return unit is not None and any(row["unit"] in mistaken_for for row in indicators)


def _is_group(dimension: str, meant: set[str]) -> bool:
    return bool(meant) and meant.isdisjoint({total_codes()[dimension], UNKNOWN_CODE})


def _meant_by_heading(dimension: str, text: str, country_code: str) -> set[str]:
    """Return the codes that a heading may mean, of which translations are names, too."""
    return _meant(dimension, text, country_code) or translated_names(dimension).get(text.casefold(), set())


def _meant(dimension: str, text: str, country_code: str) -> set[str]:
    """Return the codes of a dimension that a text may mean: `Women`, `Sex: women`, and within words a sex alone."""
    before, colon, behind = text.partition(":")
    name = behind.strip() if colon and column_meant(before.strip()) == dimension else text
    # A region may be called like its country, of which it is the whole.
    if len(name) < SHORTEST_NAME or name.casefold() in code_names("REF_AREA"):
        return set()
    meant = code_names(dimension).get(name.casefold(), set())
    return meant or (_sexes_in(name, country_code) if dimension == "SEX" else set())


def _sexes_in(text: str, country_code: str) -> set[str]:
    """Return the sex that a text speaks of in a language of its country or in English; none if it speaks of both."""
    words = _words_for_sexes(country_code)
    sexes = {words[word] for word in WORD.findall(text.casefold()) if word in words}
    return sexes if len(sexes) == 1 else set()


@cache
def _words_for_sexes(country_code: str) -> dict[str, str]:
    """Return {word: code} of the sexes, in small letters; a word of one language may mean something in another."""
    countries = {row["country_code"]: row["languages"].split("|") for row in rows("countries")}
    spoken = {ENGLISH, *countries.get(country_code, ())}
    synonyms = [row for row in rows("code_synonyms") if row["column_name"] == "SEX" and row["language"] in spoken]
    return {row["synonym"].casefold(): row["code"] for row in synonyms if row["code"] != total_codes()["SEX"]}


def _goes_without_saying(dimension: str, meant: set[str], indicators: Sequence[dict[str, str]]) -> bool:
    """Say whether all indicators of a file are about one sex by their definition."""
    return dimension == "SEX" and all(_sexes_in(row["definition"], "") == meant for row in indicators)


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
