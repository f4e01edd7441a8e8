"""Numbers as twenty-nine countries write them: the decimal sign is decided for a whole column, never per cell.

`1.234` is 1234 in Germany and 1.234 in Ireland. The country's convention holds unless the column itself proves the
other one; what stays ambiguous is refused.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

COMMA, POINT = ",", "."
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-"})
GROUPING_MARKS = "[ \u00a0\u202f\u2009'’]"
GROUPED_BY_MARKS = re.compile(rf"^([+-]?[0-9]{{1,3}}(?:{GROUPING_MARKS}[0-9]{{3}})+)([.,][0-9]+)?$")
SHORTENED = re.compile(r"[+-]?[0-9]+(?:[.,](?P<decimals>[0-9]*))?E\+?(?P<exponent>[0-9]{1,3})")


@dataclass(frozen=True)
class ColumnReading:
    """How one column is read: its decimal sign, and the texts that stay ambiguous under it."""

    decimal_sign: str
    ambiguous: frozenset[str]


@cache
def number_in(text: str, decimal_sign: str) -> float | None:
    """Return the number that a text means under a decimal sign, or None if it is not a number under it."""
    plain = text.strip().translate(MINUS_SIGNS)
    if grouped := GROUPED_BY_MARKS.match(plain):
        whole, fraction = grouped.groups()
        plain = re.sub(GROUPING_MARKS, "", whole) + (fraction or "")
    ungrouped_pattern, grouped_pattern = _patterns(decimal_sign)
    if not ungrouped_pattern.match(plain) and (grouped or not grouped_pattern.match(plain)):
        return None
    grouping_sign = POINT if decimal_sign == COMMA else COMMA
    number = float(plain.replace(grouping_sign, "").replace(decimal_sign, "."))
    return number if abs(number) < float("inf") else None


@cache
def _patterns(decimal_sign: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a number without and with groups of thousands."""
    point = re.escape(decimal_sign)
    comma = re.escape(POINT if decimal_sign == COMMA else COMMA)
    ungrouped = rf"^[+-]?(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?$"
    grouped = rf"^[+-]?[1-9][0-9]{{0,2}}(?:{comma}[0-9]{{3}})+(?:{point}[0-9]+)?$"
    return re.compile(ungrouped), re.compile(grouped)


def is_shortened(text: str) -> bool:
    """Say whether a spreadsheet program wrote a large number without its last digits: 3,20E+06.

    Statistical programs write a small e, and every digit that there is.
    """
    shown = SHORTENED.fullmatch(text)
    return shown is not None and len(shown["decimals"] or "") < int(shown["exponent"])


def is_number(text: str) -> bool:
    """Say whether a text is a number under either decimal sign."""
    return number_in(text, COMMA) is not None or number_in(text, POINT) is not None


def both_readings(text: str) -> tuple[float, ...]:
    """Return the numbers that a text can mean: under the comma and under the point as decimal sign, each once."""
    readings = (number_in(text, COMMA), number_in(text, POINT))
    return tuple(dict.fromkeys(number for number in readings if number is not None))


def bare(number: float) -> str:
    """Return a number in no country's convention: without signs for thousands."""
    return f"{number:.10g}"


def decide_columns(
    columns: Mapping[str, Iterable[str]],
    *,
    home_sign: str,
    groups_by_sign: bool = True,
    counts: Collection[str] = (),
    doubtful: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> dict[str, ColumnReading]:
    """Return how each column of one file is read; `columns` holds the distinct texts of each.

    `home_sign` is the country's decimal sign, `,` or `.`; `groups_by_sign` says whether it groups thousands by the
    other one: where a blank does so, 1.234 may be either. `counts` are the columns of counts: a text that may be one
    under one sign only proves that sign. `doubtful` are the texts of rows that are damaged or perhaps cut: `1.0` may be
    what is left of `1.000`, so they prove nothing, but where nothing else does they leave a doubt.
    """
    other_sign = POINT if home_sign == COMMA else COMMA

    def evidence_of(name: str, texts: Iterable[str]) -> tuple[set[str], set[str], set[str]]:
        return _evidence(texts, home_sign, other_sign, is_count=name in counts)

    evidence = {name: evidence_of(name, texts) for name, texts in columns.items()}
    doubts = {name: evidence_of(name, doubtful.get(name, ())) for name in columns}
    is_other_proven = any(only_other and not only_home for only_home, only_other, _ in evidence.values())
    is_home_proven = any(only_home and not only_other for only_home, only_other, _ in evidence.values())
    readings = {}
    for name, (only_home, only_other, either) in evidence.items():
        _, only_other_in_doubt, either_in_doubt = doubts[name]
        if only_home and only_other:
            readings[name] = ColumnReading(home_sign, frozenset(only_home | only_other | either))
        elif only_other:
            readings[name] = ColumnReading(other_sign, frozenset())
        elif only_other_in_doubt and not only_home:
            readings[name] = ColumnReading(other_sign, frozenset(either | either_in_doubt))
        elif only_home:
            readings[name] = ColumnReading(home_sign, frozenset())
        else:
            # Nobody writes counts with three decimals: 1,000 may be a thousand, and 12,500 is not 12.5 for sure.
            doubted_signs = {home_sign} if name in counts else set()
            doubted_signs |= set() if groups_by_sign or is_home_proven else {other_sign}
            doubted = {text for text in either if is_other_proven or not doubted_signs.isdisjoint(text)}
            readings[name] = ColumnReading(home_sign, frozenset(doubted))
    return readings


def _evidence(
    texts: Iterable[str], home_sign: str, other_sign: str, *, is_count: bool
) -> tuple[set[str], set[str], set[str]]:
    """Sort the texts into numbers only under the home sign, only under the other one, and different under both."""
    only_home: set[str] = set()
    only_other: set[str] = set()
    either: set[str] = set()
    for text in texts:
        home, other = number_in(text, home_sign), number_in(text, other_sign)
        if is_count and home is not None and other is not None and _may_be_count(home) != _may_be_count(other):
            (only_home if _may_be_count(home) else only_other).add(text)
        elif home is not None and other is None:
            only_home.add(text)
        elif other is not None and home is None:
            only_other.add(text)
        elif home != other:
            either.add(text)
    return only_home, only_other, either


def _may_be_count(number: float) -> bool:
    """Say whether a number may be a count: full-time equivalents carry one decimal, none carries more."""
    return math.isclose(number * 10, round(number * 10), rel_tol=1e-12)
