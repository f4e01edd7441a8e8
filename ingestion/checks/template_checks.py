"""Checks of a file that was filled in on one of our templates: is it the template of this country and of today?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import duckdb

from ingestion.catalogue import rows
from ingestion.checks.findings import Finding
from ingestion.checks.vocabulary import code_lists, code_spellings, stratum_columns
from ingestion.languages import Language, language_for, translated_languages
from ingestion.reading import RawTable, cell_address, cell_text
from ingestion.templates import ExpectedFigure, judge_fingerprint
from ingestion.templates.contents import MEANING_SIGN, indicator_names, meaning_of
from ingestion.templates.grid import figure_of

MEANING_COLUMN = "ROW_MEANING"
COMMAND = "pcm template --country {country_code} --round {round_id} --out FILE"


def is_template(table: RawTable) -> bool:
    """Say whether the file is one of our templates; its own columns are left where one was saved as CSV."""
    ours = {row["column_name"] for row in rows("template_columns")}
    return table.fingerprint is not None or not ours.isdisjoint(table.header.texts)


def check_fingerprint(table: RawTable, *, country_code: str) -> list[Finding]:
    """Return what the fingerprint of the template says; nothing for other files and for the template of today."""
    judged = judge_fingerprint(table.fingerprint, country_code=country_code) if table.fingerprint else None
    if judged is None or judged["rule"] is None:
        return []
    made_for = " ".join(part for part in (judged["country_code"], judged["round_id"], judged["theme_code"]) if part)
    command = COMMAND.format(country_code=country_code, round_id=rows("rounds")[-1]["round_id"])
    return [Finding(judged["rule"], expected=country_code, given={"made_for": made_for, "command": command})]


@dataclass(frozen=True)
class _Described:
    """A row of a template: what its codes say, and the description beside them."""

    row: int
    figure: ExpectedFigure
    text: str


def check_row_meanings(connection: duckdb.DuckDBPyConnection, table: RawTable) -> list[Finding]:
    """Refuse the rows of a template whose description is that of another row: a column was sorted or pasted by itself.

    A description that stands beside its own codes, too, was copied with its row.
    """
    every_row = list(_described(connection, table)) if MEANING_COLUMN in table.header.texts else []
    language = _language_of(every_row)
    if language is None:
        return []
    index, names = table.header.texts.index(MEANING_COLUMN), _indicator_names(language)
    meanings = {each.row: meaning_of(each.figure, language) for each in every_row}
    moved_rows = {each.row for each in every_row if not _is_alike(each.text, meanings[each.row])}
    at_home = {(each.text, each.figure.period) for each in every_row if each.row not in moved_rows}
    filled = {row for (row,) in connection.execute("select source_row from raw").fetchall()} if moved_rows else set()
    return [
        Finding(
            "MOVED_CODES",
            row=each.row,
            cell=cell_address(each.row, index),
            found=each.text,
            given={"meaning": meanings[each.row]},
            indicator=each.figure.indicator_code,
        )
        for each in every_row
        if each.row in moved_rows
        and each.row in filled
        and (each.text, each.figure.period) not in at_home
        and each.text.rpartition(MEANING_SIGN)[2] in names
    ]


def _is_alike(text: str, meaning: str) -> bool:
    """A code page has not every letter: programs write a question mark in its place."""
    return len(text) == len(meaning) and all(one in (other, "?") for one, other in zip(text, meaning, strict=True))


def _described(connection: duckdb.DuckDBPyConnection, table: RawTable) -> Iterator[_Described]:
    """Yield the rows that have a description, and right codes."""
    positions = table.header.positions
    names = [name for name in ("INDICATOR", "TIME_PERIOD", "SITE", *stratum_columns()) if name in positions]
    columns = [*(positions[name] for name in names), table.header.texts.index(MEANING_COLUMN)]
    selected = ", ".join(f"c{index}" for index in columns)
    for row, *texts in connection.execute(f"select source_row, {selected} from line order by source_row").fetchall():
        *codes, described = map(cell_text, texts)
        figure = _figure(dict(zip(names, codes, strict=True)))
        if figure and described:
            yield _Described(row, figure, described)


def _figure(texts: Mapping[str, str]) -> ExpectedFigure | None:
    """Return the figure that codes stand for, or None if one is unknown."""
    known = {name: code_spellings(name).get(text.casefold()) for name, text in texts.items() if name in code_lists()}
    if not known.get("INDICATOR") or any(texts[name] and code is None for name, code in known.items()):
        return None
    return figure_of({name: code or "" for name, code in known.items()}, texts.get("TIME_PERIOD", ""))


def _language_of(described: Iterable[_Described]) -> Language | None:
    """Return the language in which a template was written: one whose names of indicators it uses."""
    used = {each.text.rpartition(MEANING_SIGN)[2] for each in described}
    languages = map(language_for, [None, *translated_languages()] if used else ())
    return next((language for language in languages if not used.isdisjoint(_indicator_names(language))), None)


def _indicator_names(language: Language) -> set[str]:
    return {language.word(name) for name in indicator_names().values()}
