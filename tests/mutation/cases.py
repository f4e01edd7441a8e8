"""Worked cases of the rules that are queries: small files, and what the rule must find in them, written row by row.

`cases/<RULE>.txt` holds the cases of a rule as paragraphs. The lines of a paragraph are, in this order:
- `# ...`: what the case is about.
- `country ES`: the sender, if it is not Luxembourg.
- the names of the columns, then the rows. A lone point is an empty cell; numbers have a decimal point; REF_AREA may be
  left out, and is the sender's then. `12x` before a row stands for twelve such rows.
  After `|` stand the columns in which the rule must find something in that row: `SEX`, or `SEX=F` with the value that
  it proposes; `!` marks a certain proposal, `?` advice of its own, with its first words: `?Delete_this`.
- `before` or `published`: a table alike, of figures that are in force already, or published too.
- `changes`: indicator, `retired` or `redefined`, the first period, the indicator to send instead.
- `peers`: country, indicator, period, site, stratum, value, numerator and denominator of figures in a release.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ingestion.checks.number_cells import home_sign_of

FOLDER = Path(__file__).with_name("cases")
FIRST_ROW = 2
DECIMAL_POINT = re.compile(r"(?<=^\d)\.(?=\d+$)|(?<=\d)\.(?=\d+$)")
MARK = re.compile(r"(?P<column>\w+?)(?:=(?P<proposal>[^!?]+))?(?P<certain>!)?(?:\?(?P<advice>\w+))?")
# Row, column, the value proposed, whether that is certain, the advice; of a case its first words alone.
Found = tuple[int, str, str | None, bool, str]


@dataclass(frozen=True)
class Case:
    """One small file, what it is compared with, and what a rule must find in it."""

    title: str
    country: str
    lines: list[list[str]]
    found: list[Found]
    before: list[dict[str, str]]
    is_published: bool
    peers: list[list[str | float | None]]
    changes: list[list[str | None]]


def cases(rule: str) -> list[Case]:
    """The cases of one rule."""
    paragraphs = re.split(r"\n\s*\n", (FOLDER / f"{rule}.txt").read_text(encoding="utf-8").strip())
    return [_case(paragraph.splitlines()) for paragraph in paragraphs]


def are_as_told(found: list[Found], told: list[Found]) -> bool:
    """Say whether what a query finds is what a case says."""
    pairs = zip(found, told, strict=False)
    return len(found) == len(told) and all(
        one[:-1] == other[:-1] and _begins(one[-1], other[-1]) for one, other in pairs
    )


def _begins(advice: str, words: str) -> bool:
    return advice.split()[: words.count("_") + 1] == words.split("_") if words else not advice


def _case(lines: list[str]) -> Case:
    title = " ".join(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    country = next((line.split()[1] for line in lines if line.startswith("country ")), "LU")
    parts: dict[str, list[str]] = {"file": []}
    for line in lines:
        if line in ("before", "published", "changes", "peers"):
            parts[line] = []
        elif not line.startswith(("#", "country ")):
            parts[list(parts)[-1]].append(line)
    table, found = _table(parts["file"], country)
    before, _ = _table(parts.get("before") or parts.get("published") or ["INDICATOR"], country)
    return Case(
        title,
        country,
        table,
        found,
        [dict(zip(before[0], row, strict=True)) for row in before[1:]],
        "published" in parts,
        [_peer(line.split()) for line in parts.get("peers", [])],
        [[None if text == "." else text for text in line.split()] for line in parts.get("changes", [])],
    )


def _table(lines: list[str], country: str) -> tuple[list[list[str]], list[Found]]:
    header = lines[0].split()
    table, found = [header if "REF_AREA" in header else [*header, "REF_AREA"]], []
    for line in lines[1:]:
        cells, _, marks = line.partition("|")
        for _ in range(_times(cells)):
            row = _cells(cells, country)
            table.append(row if "REF_AREA" in header else [*row, country])
            found += [_found(len(table) - 2 + FIRST_ROW, mark) for mark in marks.split()]
    assert {len(row) for row in table} == {len(table[0])}, lines
    return table, sorted(found, key=str)


def _times(cells: str) -> int:
    times = re.match(r"\s*(\d+)x ", cells)
    return int(times[1]) if times else 1


def _cells(cells: str, country: str) -> list[str]:
    texts = re.sub(r"^\s*\d+x ", "", cells).split()
    return ["" if text == "." else DECIMAL_POINT.sub(home_sign_of(country), text) for text in texts]


def _found(row: int, mark: str) -> Found:
    parts = MARK.fullmatch(mark)
    assert parts, mark
    return row, parts["column"], parts["proposal"], bool(parts["certain"]), parts["advice"] or ""


def _peer(texts: Iterable[str]) -> list[str | float | None]:
    *names, value, numerator, denominator = texts
    return [*names, *(None if text == "." else float(text) for text in (value, numerator, denominator))]
