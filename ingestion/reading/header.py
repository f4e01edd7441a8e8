"""Find the row of column names: by its overlap with the names that we expect, wherever titles stand above it."""

import unicodedata
from collections.abc import Iterable, Sequence

from ingestion.catalogue import rows
from ingestion.reading.table import Cell, Header, cell_text

# A header may stand this far down; titles and notes above it are skipped.
HEADER_SEARCH_ROWS = 60
# One shared word may be chance (a title that says "Sex"); two column names in one row are a header.
FEWEST_NAMES = 2


def name_key(text: str) -> str:
    """Return a column name without case, accents, blanks and marks: "Time period" and TIME_PERIOD are one name."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in plain if letter.isalnum()).casefold()


def expected_names() -> dict[str, str]:
    """Return {name without case and marks: column of the submission format}."""
    return {name_key(row["column_name"]): row["column_name"] for row in rows("submission_columns")}


def count_names(cells: Sequence[Cell]) -> int:
    """Return how many different columns of the format a row names."""
    names = expected_names()
    return len({names[key] for cell in cells if (key := name_key(cell_text(cell))) in names})


def find_header(numbered_rows: Iterable[tuple[int, Sequence[Cell]]]) -> Header | None:
    """Return the header among the first rows, or None if no row names at least two of our columns."""
    best: tuple[int, Sequence[Cell]] | None = None
    best_count = FEWEST_NAMES - 1
    for number, cells in numbered_rows:
        if number > HEADER_SEARCH_ROWS:
            break
        if (found := count_names(cells)) > best_count:
            best, best_count = (number, cells), found
    return _header_of(*best) if best else None


def _header_of(number: int, cells: Sequence[Cell]) -> Header:
    names = expected_names()
    texts = [cell_text(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    positions: dict[str, int] = {}
    for index, text in enumerate(texts):
        if (name := names.get(name_key(text))) is not None:
            positions.setdefault(name, index)
    return Header(row=number, texts=tuple(texts), positions=positions)
