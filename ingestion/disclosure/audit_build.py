"""The audit of a whole build: what its marts show against what was landed, country by country.

Written apart from the choice of what is hidden: it reads the landed rows and the published vintages, makes its own
equations, and takes a figure that did not change from one version to the next for one and the same unknown.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy import sparse

from ingestion.catalogue import rows
from ingestion.disclosure.audit import SECONDS, Published, exposed
from ingestion.disclosure.errors import WrongTotalsError

QUERY = (Path(__file__).parent / "audit_build.sql").read_text(encoding="utf-8")
ALL = "*"
TOLERANCE = 1e-6
CENTURIES = 999
AGE_BOUNDS = re.compile(r"Y_(LT|GE)(\d+)$|Y(\d+)-(\d+)$")

Line = tuple[str, ...]
# One landed observation, as `audit_build.sql` names its columns.
Row = dict[str, Any]
Blocks = Mapping[tuple[str, str], Sequence[Sequence[Row]]]


@dataclass(frozen=True)
class Audited:
    """What the audit of one country looked at, and the blocks (indicator, period) with an exposed count."""

    country_code: str
    protected_count: int
    exposed_blocks: tuple[tuple[str, str], ...]


def audit_build(warehouse: Path, *, seconds: float = SECONDS) -> list[Audited]:
    """Audit every country of a build. `seconds`: the most that one country may take.

    Errors: `WrongTotalsError`, `AuditUnfinishedError`. No message holds a count.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        countries = [
            code for (code,) in connection.execute("select distinct ref_area from landing.observations").fetchall()
        ]
        return [audit_blocks(code, landed_blocks(connection, code), seconds=seconds) for code in sorted(countries)]


@dataclass
class _Attacker:
    """The unknowns of a country: true values, what is published of them, how safe they must be, their equations."""

    truth: list[float] = field(default_factory=list)
    known: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    blocks: list[tuple[str, str]] = field(default_factory=list)
    equations: list[list[tuple[int, float]]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def unknown(self, truth: float, published: float, *, threshold: float, marked: bool, block: tuple[str, str]) -> int:
        """Add a count. It must be safe if it is small or marked; `upper` is then how far its interval must reach."""
        is_small = 0 < truth < threshold
        self.truth.append(truth)
        self.known.append(published)
        self.upper.append(max(1.0, threshold - truth) if is_small or marked else np.nan)
        self.blocks.append(block)
        return len(self.truth) - 1

    def learn(self, place: int, published: float) -> None:
        """Take note of what another version publishes of the same count."""
        if not np.isnan(published):
            self.known[place] = published

    def equate(self, terms: list[tuple[int, float]], name: str) -> None:
        """Add that the terms (place, sign) add up to nothing."""
        self.equations.append(terms)
        self.names.append(name)

    def exposed_blocks(self, seconds: float) -> tuple[tuple[str, str], ...]:
        """Return the blocks with a count that an attacker comes too near to."""
        truth, upper = np.array(self.truth), np.array(self.upper)
        terms = [(row, place, sign) for row, equation in enumerate(self.equations) for place, sign in equation]
        row, place, sign = (np.array(column) for column in zip(*terms, strict=True)) if terms else ([], [], [])
        matrix = sparse.coo_matrix((sign, (row, place)), shape=(len(self.equations), len(truth))).tocsr()
        found = exposed(
            Published(matrix, np.array(self.known), self.names),
            truth,
            np.minimum(truth, 1.0),
            np.nan_to_num(upper),
            protected=~np.isnan(upper),
            seconds=seconds,
        )
        return tuple(sorted({self.blocks[position] for position in found}))


def landed_blocks(connection: duckdb.DuckDBPyConnection, country_code: str) -> Blocks:
    """Return what is true and what is shown of every figure of a country: the rows of `audit_build.sql`.

    {(indicator, period): versions, in the order of their releases}
    """
    read = connection.execute(QUERY, {"country_code": country_code})
    columns = [column[0] for column in read.description or []]
    versions: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for values in read.fetchall():
        row = dict(zip(columns, values, strict=True))
        versions[row["indicator"], row["time_period"]][row["submission_id"]].append(row)
    return {block: list(submissions.values()) for block, submissions in versions.items()}


def audit_blocks(country_code: str, blocks: Blocks, *, seconds: float = SECONDS) -> Audited:
    """Audit blocks of a country; nothing ties one to another. Errors: as for `audit_build`."""
    attacker = _Attacker()
    for block, versions in blocks.items():
        _add_block(attacker, f"{country_code} {' '.join(block)}", block, versions)
    protected = int(np.count_nonzero(~np.isnan(attacker.upper)))
    return Audited(country_code, protected, attacker.exposed_blocks(seconds))


def _add_block(attacker: _Attacker, name: str, block: tuple[str, str], versions: Sequence[Sequence[Row]]) -> None:
    columns = [dimension.lower() for dimension in _dimensions()]
    earlier: dict[Line, tuple[Row, dict[str, int]]] = {}
    for version in versions:
        now = {}
        for row in version:
            cell = tuple(row[column] or ALL for column in columns)
            before = earlier.get(cell)
            is_same = before is not None and all(before[0][kind] == row[kind] for kind in ("numerator", "denominator"))
            now[cell] = (
                row,
                _known_again(attacker, before[1], row) if before and is_same else _figure(attacker, row, block),
            )
        if all(row["count_treatment"] == "exact" for row in version):
            for kind in ("numerator", "denominator"):
                _add_sums(
                    attacker,
                    name,
                    block,
                    {cell: places[kind] for cell, (_, places) in now.items() if kind in places},
                    version,
                )
        earlier = now


def _figure(attacker: _Attacker, row: Mapping[str, Any], block: tuple[str, str]) -> dict[str, int]:
    """Add the counts of one observation: numerator, denominator, and what is left of the denominator."""
    places = {}
    safety = {"threshold": row["threshold_count"] or 0.0, "marked": row["is_marked"], "block": block}
    for kind in ("numerator", "denominator"):
        if row[kind] is not None:
            places[kind] = attacker.unknown(row[kind], _or_nan(row[f"shown_{kind}"]), **safety)
    if row["is_proportion"] and len(places) == 2:
        left = attacker.unknown(row["denominator"] - row["numerator"], np.nan, **safety)
        attacker.equate([(places["denominator"], -1.0), (places["numerator"], 1.0), (left, 1.0)], "a proportion")
    return places


def _known_again(attacker: _Attacker, places: dict[str, int], row: Mapping[str, Any]) -> dict[str, int]:
    for kind, place in places.items():
        attacker.learn(place, _or_nan(row[f"shown_{kind}"]))
    return places


def _add_sums(
    attacker: _Attacker,
    name: str,
    block: tuple[str, str],
    cells: Mapping[Line, int],
    version: Sequence[Mapping[str, Any]],
) -> None:
    """Add, along each dimension, that a whole is the sum of its smallest parts and of a rest that nobody sent."""
    threshold = max((row["threshold_count"] or 0.0 for row in version), default=0.0)
    for axis, dimension in enumerate(_dimensions()):
        lines: dict[Line, dict[str, int]] = defaultdict(dict)
        for cell, place in cells.items():
            lines[cell[:axis] + cell[axis + 1 :]][cell[axis]] = place
        for line in lines.values():
            for whole, parts in _sums(dimension, tuple(line)) if len(line) > 1 else ():
                rest = attacker.truth[line[whole]] - sum(attacker.truth[line[part]] for part in parts)
                if rest < -TOLERANCE:
                    raise WrongTotalsError(f"{name}: the parts by {dimension} are more than their total.")
                terms = [(line[whole], -1.0), *((line[part], 1.0) for part in parts)]
                if rest > TOLERANCE:
                    terms.append((attacker.unknown(rest, np.nan, threshold=threshold, marked=False, block=block), 1.0))
                attacker.equate(terms, f"{name} by {dimension}")


@cache
def _sums(dimension: str, codes: Line) -> list[tuple[str, list[str]]]:
    """Return the wholes among the codes of a dimension, each with the smallest parts of it that do not overlap."""
    beneath = _is_in_age if dimension == "AGE" else lambda part, whole: whole in _ancestors(dimension)[part]
    parts = [code for code in codes if code != ALL]
    smallest = [code for code in parts if not any(beneath(other, code) for other in parts if other != code)]
    if dimension == "AGE":
        smallest = _apart(smallest)
    wholes = [code for code in codes if code not in smallest]
    found = [(whole, [part for part in smallest if whole == ALL or beneath(part, whole)]) for whole in wholes]
    return [(whole, inside) for whole, inside in found if inside]


def _apart(codes: list[str]) -> list[str]:
    kept: list[str] = []
    end = 0
    for code in sorted(codes, key=_age_bounds):
        start, stop = _age_bounds(code)
        if start >= end or start < 0:
            kept.append(code)
            end = max(end, stop)
    return kept


def _is_in_age(part: str, whole: str) -> bool:
    (start, end), (first, last) = _age_bounds(part), _age_bounds(whole)
    return start >= 0 and first <= start and end <= last


def _age_bounds(code: str) -> tuple[int, int]:
    """Return the first year of a class and the one after its last; (-1, 0) for the class of unknown age."""
    found = AGE_BOUNDS.match(code)
    if found is None:
        return -1, 0
    side, bound, first, last = found.groups()
    if side:
        return (0, int(bound)) if side == "LT" else (int(bound), CENTURIES)
    return int(first), int(last) + 1


@cache
def _dimensions() -> tuple[str, ...]:
    return tuple(row["dimension_code"] for row in rows("dimensions"))


@cache
def _ancestors(dimension: str) -> Mapping[str, set[str]]:
    [code_list] = [row["code_list"] for row in rows("dimensions") if row["dimension_code"] == dimension]
    parents = {row["code"]: row["parent_code"] for row in rows(code_list)}

    def above(code: str) -> set[str]:
        parent = parents.get(code)
        return {parent, *above(parent)} if parent else set()

    return {code: above(code) for code in parents}


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else float(value)
