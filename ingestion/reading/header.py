"""Find the row of column names: by its overlap with the names that we expect, wherever titles stand above it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import zip_longest

from ingestion.catalogue import columns_of_kind, count_columns, rows
from ingestion.reading.cell import Cell, cell_text
from ingestion.reading.table import Header, Note, Unreadable

KEY_COLUMNS = ("INDICATOR", "REF_AREA", "TIME_PERIOD")
FEWEST_KEYS = 2  # a figure of which one is empty, or misspelt in the header, is a figure, too
# A header may stand this far down; titles and notes above it are skipped.
HEADER_SEARCH_ROWS = 60
# More columns than a spreadsheet has: not a row that names columns.
MOST_COLUMNS = 16_384
# One shared word may be chance (a title that says "Sex"); two column names in one row are a header.
FEWEST_NAMES = 2
# Words of a language are shared more easily than names: a title may hold two of them.
FEWEST_NAMES_WITH_SYNONYMS = 3
# A list of questions may have two of our names below each other.
FEWEST_NAMES_BELOW = 3
MOST_COLUMNS_OF_NAMES = 20
LONGEST_NAME = 80  # characters
LONGEST_HEADER = 2000
LONGEST_SHOWN = 80
# SDMX-CSV: languages or a mark for several values stand behind a name, OBS_COMMENT[en;fr].
BRACKETED = re.compile(r"\[[^\]]*\]$")
# "Geschlecht (m/w)", "Zähler (Anzahl)".
WITH_REMARK = re.compile(r"(?P<name>[^()]+)\((?P<remark>[^()]*)\)")
# A year or an age: "Zähler (2024)" is one of several columns.
TWO_DIGITS = re.compile(r"\d\d")
DECIMAL = re.compile(r"\d[.,]\d")
WORDS = re.compile(r"[^\W\d_]+")

COMMA = ","
DELIMITERS = (";", COMMA, "\t", "|")
SELDOM_DELIMITERS = re.compile(r"[\s^~:&|│┃]+")

NumberedRow = tuple[int, Sequence[Cell]]


@cache
def name_key(text: str) -> str:
    """Return a column name without case, accents, blanks and marks: "Time period" and TIME_PERIOD are one name."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST_NAME])
    return "".join(letter for letter in plain if letter.isalnum()).casefold()


@cache
def expected_names() -> dict[str, str]:
    """Return {name without case and marks: column of the submission format}."""
    return {name_key(row["column_name"]): row["column_name"] for row in rows("submission_columns")}


@cache
def synonyms() -> dict[str, str]:
    """Return {other name without case and marks: column}; a word that could mean two columns is none."""
    meanings: dict[str, set[str]] = {}
    for row in rows("header_synonyms"):
        meanings.setdefault(name_key(row["synonym"]), set()).add(row["column_name"])
    return {
        key: columns.pop() for key, columns in meanings.items() if len(columns) == 1 and key not in expected_names()
    }


def column_named(text: str) -> str | None:
    """Return the column that a header names: `SEX`, `Sex`, or `SEX: Sex` as SDMX-CSV writes it with labels."""
    return _unless_of_others(text, expected_names().get(name_key(text)) or labelled_column(text))


def synonym_of(text: str) -> str | None:
    """Return the column that a header names by another word."""
    return _unless_of_others(text, synonyms().get(name_key(text)))


def column_meant(text: str) -> str | None:
    """Return the column that a header names, by its name or in other words."""
    return column_named(text) or synonym_of(text) or remarked_column(text)


def labelled_column(text: str) -> str | None:
    """Return the column of a name with its label, `SEX: Sex`, or with its languages, `OBS_COMMENT[en;fr]`."""
    name = BRACKETED.sub("", text.partition(":")[0].strip())
    return name if name != text and name in expected_names().values() else None


@cache
def remarked_column(text: str) -> str | None:
    """Return the column whose name or synonym stands before a remark in brackets: `Geschlecht (m/w)`.

    A number's remark may say of whom or of how many it is, `Zähler (Frauen)`, so that only plain ones are passed over.
    """
    found = WITH_REMARK.fullmatch(text)
    if found is None or TWO_DIGITS.search(found["remark"]):
        return None
    key = name_key(found["name"])
    column = expected_names().get(key) or synonyms().get(key)
    is_plain = column not in columns_of_kind("number") or name_key(found["remark"]) in _plain_remarks()
    return _unless_of_others(text, column) if is_plain else None


def column_of_others(text: str) -> str | None:
    """Return the column that a header seems to name while it says that its numbers are not those that we ask for.

    P2.5 does not even seem to be P25.
    """
    if DECIMAL.search(text):
        return None
    found = WITH_REMARK.fullmatch(text)
    for name in (text, found["name"] if found else "", text.partition(":")[0], BRACKETED.sub("", text)):
        column = expected_names().get(name_key(name)) or synonyms().get(name_key(name))
        if column and _unless_of_others(text, column) is None:
            return column
    return None


def _unless_of_others(text: str, column: str | None) -> str | None:
    """Return a column, unless its name says that its numbers are not those that we ask for.

    `Value (‰)`, `P2.5`, `NUMERATOR: women` and `NUMERATOR (%)` are other numbers; a value may be in percent.
    """
    if column not in columns_of_kind("number"):
        return column
    is_other = "‰" in text or DECIMAL.search(text) or ("%" in text and column in count_columns())
    return None if is_other or not _words_of_others().isdisjoint(WORDS.findall(text.casefold())) else column


@cache
def _words_of_others() -> set[str]:
    """Return the words for thousands, for other units and for a sex, in small letters."""
    sexes = {row["synonym"] for row in rows("code_synonyms") if row["column_name"] == "SEX"}
    units = {row["word"] for table in ("multiplier_words", "other_units") for row in rows(table)}
    return {word.casefold() for word in sexes | units}


@cache
def _plain_remarks() -> set[str]:
    return {name_key(row["remark"]) for row in rows("header_remarks")}


def find_header(numbered_rows: Iterable[NumberedRow]) -> Header | None:
    """Return the header among the first rows, or None if no row names enough of our columns."""
    best: Header | None = None
    best_weight = 0
    for number, cells in numbered_rows:
        if number > HEADER_SEARCH_ROWS:
            break
        if (weight := weight_of(cells)) > best_weight:
            best, best_weight = header_of(number, cells), weight
        elif best and not weight and _may_head_figures(best) and _is_headed_by(best, cells):
            break  # figures begin: a header below them is that of another table
    return best


def refusal_without_header(numbered_rows: Iterable[NumberedRow]) -> Unreadable | None:
    """Return what is to say of rows of which none is a header, where more is to say than that."""
    rows = [(number, cells) for number, cells in numbered_rows if number <= HEADER_SEARCH_ROWS]
    for _, cells in rows:
        texts = [text for cell in cells if (text := cell_text(cell))]
        if len(texts) == 1 and len(texts[0]) <= LONGEST_HEADER and _is_header(texts[0]):
            return Unreadable("ONE_CELL", found=texts[0][:LONGEST_SHOWN])
    names = _names_in_a_column(rows)
    return Unreadable("NAMES_BELOW", found=", ".join(names)[:LONGEST_SHOWN]) if names else None


def _is_header(text: str) -> bool:
    """Say whether a text is a whole header; what seldom separates cells also stands in sentences."""
    names = {name.upper() for name in SELDOM_DELIMITERS.split(text)}
    return names >= set(KEY_COLUMNS) or any(weight_of(text.split(delimiter)) for delimiter in DELIMITERS)


def _names_in_a_column(numbered_rows: Iterable[NumberedRow]) -> list[str]:
    """Return the names of the format that stand below each other in one of the first columns, if they do."""
    columns = zip_longest(*(cells[:MOST_COLUMNS_OF_NAMES] for _, cells in numbered_rows), fillvalue="")
    named = ([text for cell in column if name_key(text := cell_text(cell)) in expected_names()] for column in columns)
    return next((list(dict.fromkeys(names)) for names in named if len(set(names)) >= FEWEST_NAMES_BELOW), [])


def _may_head_figures(header: Header) -> bool:
    """Say whether a table under a header may hold figures: one of codes or definitions names columns, too."""
    numbers = columns_of_kind("number")
    return header.positions.keys() >= set(KEY_COLUMNS) and any(name in header.positions for name in numbers)


def _is_headed_by(header: Header, cells: Sequence[Cell]) -> bool:
    """Say whether a row looks like one of figures: all its keys are filled."""
    keys = [header.positions[name] for name in KEY_COLUMNS]
    return len(cells) > max(keys) and all(cell_text(cells[index]) for index in keys)


def weight_of(cells: Sequence[Cell]) -> int:
    """Return how much a row looks like a header, 0 for not at all; a name of the format outweighs a synonym."""
    if len(cells) > MOST_COLUMNS:
        return 0
    meanings = [_meanings(cell) for cell in cells if isinstance(cell, str)]
    named = {name for name, _ in meanings if name}
    count = len(named | {name for _, name in meanings if name})
    if len(named) < FEWEST_NAMES and count < FEWEST_NAMES_WITH_SYNONYMS:
        return 0
    return len(named) + count


def header_notes(header: Header, neighbours: Iterable[NumberedRow]) -> list[Note]:
    """Return what is to say about a header: names read through a synonym, and names that stand in a second row."""
    return [*_synonym_notes(header), *_split_notes(header, neighbours)]


@lru_cache(maxsize=10_000)  # a row is weighed under each separator
def _meanings(cell: str) -> tuple[str | None, str | None]:
    """Return the column that a cell names, and the one that it names in other words."""
    text = cell_text(cell)
    return column_named(text), synonym_of(text) or remarked_column(text)


def header_of(number: int, cells: Sequence[Cell]) -> Header:
    """Return a row as a header: which of its cells names which column of the format."""
    texts = [cell_text(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    positions: dict[str, int] = {}
    # A name of the format goes before a word that means the same: beside SEX, Sexe is a column of labels.
    for meaning in (column_named, synonym_of, remarked_column):
        known = set(positions)
        names = [meaning(text) for text in texts]
        for index, name in enumerate(names):
            # Remarks tell columns apart: of two, neither is the one that is meant.
            is_told = meaning is not remarked_column or names.count(name) == 1
            if name is not None and name not in known and is_told:
                positions.setdefault(name, index)
    return Header(row=number, texts=tuple(texts), positions=positions)


def number_columns(header: Header) -> dict[str, int]:
    """Return {column of the format that holds numbers: its position in the file}."""
    numbers = columns_of_kind("number")
    return {name: index for name, index in header.positions.items() if name in numbers}


def _synonym_notes(header: Header) -> list[Note]:
    return [
        Note("HEADER_SYNONYM", header.row, index, found=header.texts[index], expected=name)
        for name, index in sorted(header.positions.items(), key=lambda item: item[1])
        if column_named(header.texts[index]) != name
    ]


def _split_notes(header: Header, neighbours: Iterable[NumberedRow]) -> list[Note]:
    """Column names in the row above or below, over or under columns that the header leaves without one of ours."""
    taken = set(header.positions.values())
    for number, cells in neighbours:
        texts = [cell_text(cell) for cell in cells[:MOST_COLUMNS]]
        for index, text in enumerate(texts):
            name = column_named(text)
            if index not in taken and name is not None and name not in header.positions:
                given = {"first_row": min(number, header.row), "last_row": max(number, header.row)}
                return [Note("SPLIT_HEADER", number, index, found=text, given=given)]
    return []
