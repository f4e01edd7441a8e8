"""The audit of a whole build: what its marts show against what was landed.

Written apart from the choice of what is hidden: it reads the landed rows and the published vintages, makes its own
equations, and takes a figure that did not change from one version to the next for one and the same unknown.
All blocks are looked at in columns, and versions that have the same cells share their equations.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from scipy import sparse

from ingestion.disclosure.audit import TOLERANCE, Published, exposed
from ingestion.disclosure.audit_sums import ALL, Line, Sums, dimensions_in_order, sums_of
from ingestion.disclosure.errors import WrongTotalsError

QUERY = (Path(__file__).parent / "audit_build.sql").read_text(encoding="utf-8")
SECONDS = 600.0
BLOCK = ["country_code", "indicator_code", "period"]
FIGURE = ["submission_id", "source_row"]
KINDS = ("numerator", "denominator")
RELEASED = """
    select submission_id, source_row, numerator as shown_numerator, denominator as shown_denominator
    from read_parquet(?)
    where not is_suppressed
"""

NO_DIMENSION = ""


@dataclass(frozen=True)
class Audited:
    """What the audit of one country looked at, and the blocks (indicator, period) with an exposed count."""

    country_code: str
    protected_count: int
    exposed_blocks: tuple[tuple[str, str], ...]


def audit_build(warehouse: Path, released: Iterable[Path] = ()) -> list[Audited]:
    """Audit every country of a build.

    `released`: the observations of each earlier release, as Parquet. What they show is known for ever, even if today's
    code or policy would have hidden it. Errors: `WrongTotalsError`, `AuditUnfinishedError`. No message holds a count.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        figures = landed_figures(connection)
    for observations in released:
        figures = with_what_is_shown(figures, observations)
    return audit_figures(figures)


def with_what_is_shown(figures: pd.DataFrame, observations: Path) -> pd.DataFrame:
    """Return figures with the counts that a release shows of them although the build would hide them."""
    with duckdb.connect() as connection:
        released = connection.execute(RELEASED, [str(observations)]).df().set_index(FIGURE)
    shown = released.reindex(pd.MultiIndex.from_frame(figures[FIGURE]))
    columns = [f"shown_{kind}" for kind in KINDS]
    return figures.assign(
        **{name: figures[name].fillna(pd.Series(shown[name].to_numpy(), figures.index)) for name in columns}
    )


def landed_figures(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return what is true and what is shown of every figure, version by version: the rows of `audit_build.sql`."""
    return connection.execute(QUERY).df()


def audit_figures(figures: pd.DataFrame, *, seconds: float = SECONDS) -> list[Audited]:
    """Audit figures, one row each, as `audit_build.sql` names and orders them. Errors: as for `audit_build`."""
    attacker = _Attacker(figures)
    protected = attacker.figures[~np.isnan(attacker.upper)]
    found = attacker.figures[attacker.exposed(seconds)]
    countries = figures["country_code"].to_numpy()
    exposed_blocks: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for country_code, indicator_code, period in figures[BLOCK].iloc[found].itertuples(index=False):
        exposed_blocks[country_code].add((indicator_code, period))
    counted = dict(zip(*np.unique(countries[protected], return_counts=True), strict=True))
    return [
        Audited(code, int(counted.get(code, 0)), tuple(sorted(exposed_blocks[code])))
        for code in sorted(set(countries.tolist()))
    ]


@dataclass
class _Equations:
    """Equations as they are gathered: terms (equation, place of an unknown, sign), and what each is about.

    `figures`, `dimensions`: one per equation, the figure that is the whole, and by what it is broken down.
    """

    figures: list[np.ndarray] = field(default_factory=list)
    dimensions: list[np.ndarray] = field(default_factory=list)
    rows: list[np.ndarray] = field(default_factory=list)
    places: list[np.ndarray] = field(default_factory=list)
    signs: list[np.ndarray] = field(default_factory=list)
    size: int = 0

    def begin(self, figures: np.ndarray, dimensions: np.ndarray) -> np.ndarray:
        """Begin one equation about each figure and return their numbers."""
        self.figures.append(figures.ravel())
        self.dimensions.append(dimensions.ravel())
        self.size += figures.size
        return np.arange(self.size - figures.size, self.size).reshape(figures.shape)

    def add_terms(self, numbers: np.ndarray, places: np.ndarray, sign: float) -> None:
        """Add unknowns to the equations with these numbers."""
        self.rows.append(numbers.ravel())
        self.places.append(places.ravel())
        self.signs.append(np.full(places.size, sign))

    def matrix(self, unknown_count: int) -> sparse.csr_matrix:
        """Return the equations over so many unknowns."""
        row, place, sign = (np.concatenate(parts) for parts in (self.rows, self.places, self.signs))
        return sparse.coo_matrix((sign, (row, place)), shape=(self.size, unknown_count)).tocsr()

    def subjects(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the figure and the dimension of each equation."""
        return np.concatenate(self.figures), np.concatenate(self.dimensions)


class _Attacker:
    """The unknowns of all countries: true values, what is published of them, how safe they must be, their equations.

    First the numerators of all figures, then their denominators, then what is left of these; then groups that nobody
    sent. `figures`: the figure of each unknown; `upper`: how far its interval must reach, NaN if nothing protects it.
    """

    def __init__(self, figures: pd.DataFrame) -> None:
        self.table, self.size = figures, len(figures)
        self.first = _first_of_the_same(figures)
        self.equations = _Equations()
        self.thresholds = figures["threshold_count"].to_numpy(dtype=float)
        self.counts = [figures[kind].to_numpy(dtype=float) for kind in KINDS]
        self.truth = np.concatenate([*self.counts, self.counts[1] - self.counts[0]])
        self.known = self._published()
        self.figures = np.tile(np.arange(self.size), 3)
        self.upper = self._levels()
        self._forget_what_is_not_there()
        self._add_proportions()
        rests = [self._add_sums(*each) for each in self._versions()]
        if rests:
            self._add_rests(*(np.concatenate(parts) for parts in zip(*rests, strict=True)))

    def exposed(self, seconds: float) -> np.ndarray:
        """Return the unknowns that an attacker comes too near to."""
        return exposed(
            Published(self.equations.matrix(len(self.truth)), self.known, self._name),
            self.truth,
            np.minimum(self.truth, 1.0),
            np.nan_to_num(self.upper),
            protected=~np.isnan(self.upper),
            seconds=seconds,
        )

    def _published(self) -> np.ndarray:
        """Return what all versions together publish: whatever one of them shows of a count is known of it."""
        shown = [self.table[f"shown_{kind}"].to_numpy(dtype=float) for kind in KINDS]
        for counts in shown:
            np.fmax.at(counts, self.first, counts.copy())
        return np.concatenate([*shown, np.full(self.size, np.nan)])

    def _levels(self) -> np.ndarray:
        """Return how far the interval of a count must reach above it if it is small or marked, else NaN."""
        thresholds = np.tile(self.thresholds, 3)
        hides_zero, is_marked = (
            np.tile(self.table[name].to_numpy(dtype=bool), 3) for name in ("hides_zero", "is_marked")
        )
        is_small = (self.truth < thresholds) & ((self.truth > 0) | hides_zero)
        return np.where(is_small | is_marked, np.fmax(1.0, thresholds - self.truth), np.nan)

    def _forget_what_is_not_there(self) -> None:
        """Take counts that were not sent, and figures that are the same as those of the version before, for nothing."""
        is_proportion = self.table["is_proportion"].to_numpy(dtype=bool)
        is_first = self.first == np.arange(self.size)
        is_there = ~np.isnan(self.truth) & np.concatenate([is_first, is_first, is_first & is_proportion])
        self.truth[~is_there] = self.known[~is_there] = 0.0
        self.upper[~is_there] = np.nan
        self.left = np.flatnonzero(is_there[2 * self.size :])

    def _add_proportions(self) -> None:
        """Add that numerator and what is left are the denominator."""
        numbers = self.equations.begin(self.left, np.full(len(self.left), NO_DIMENSION))
        for kind, sign in enumerate((1.0, -1.0, 1.0)):
            self.equations.add_terms(numbers, self.left + kind * self.size, sign)

    def _versions(self) -> Iterator[tuple[int, Sums, np.ndarray]]:
        """Yield the kind of count, the sums, and versions x cells, as places of figures, of all that share cells."""
        for kind, name in enumerate(KINDS):
            is_counted = self.table[name].notna() & (self.table["count_treatment"] == "exact")
            for cells, versions in _same_cells(self.table[is_counted], np.flatnonzero(is_counted)):
                sums = sums_of(cells)
                if len(sums.wholes):
                    yield kind, sums, versions

    def _add_sums(self, kind: int, sums: Sums, versions: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Add that wholes are the sums of their smallest parts; return what is left: equations, counts, figures."""
        wholes, parts = versions[:, sums.wholes], versions[:, sums.parts]
        rests = self.counts[kind][wholes] - np.add.reduceat(self.counts[kind][parts], sums.starts, axis=1)
        for version, number in np.argwhere(rests < -TOLERANCE):
            name = self._block(wholes[version, number])
            raise WrongTotalsError(f"{name}: the parts by {sums.dimensions[number]} are more than their total.")
        numbers = self.equations.begin(wholes, np.tile(sums.dimensions, len(versions)))
        lengths = np.diff([*sums.starts, len(sums.parts)])
        self.equations.add_terms(numbers, self.first[wholes] + kind * self.size, -1.0)
        self.equations.add_terms(np.repeat(numbers, lengths, axis=1), self.first[parts] + kind * self.size, 1.0)
        has_rest = rests > TOLERANCE
        return numbers[has_rest], rests[has_rest], wholes[has_rest]

    def _add_rests(self, equations: np.ndarray, rests: np.ndarray, figures: np.ndarray) -> None:
        """Add the groups that nobody sent, as last terms of equations; small ones must be safe like those sent."""
        self.equations.add_terms(equations, len(self.truth) + np.arange(len(rests)), 1.0)
        thresholds = self.thresholds[figures]
        upper = np.where(rests < thresholds, np.fmax(1.0, thresholds - rests), np.nan)
        self.truth = np.concatenate([self.truth, rests])
        self.known = np.concatenate([self.known, np.full(len(rests), np.nan)])
        self.upper = np.concatenate([self.upper, upper])
        self.figures = np.concatenate([self.figures, figures])

    def _name(self, equation: int) -> str:
        figures, dimensions = self.equations.subjects()
        block, dimension = self._block(figures[equation]), dimensions[equation]
        return f"{block} by {dimension}" if dimension else f"{block}, a proportion"

    def _block(self, figure: int) -> str:
        return " ".join(self.table[BLOCK].iloc[int(figure)])


def _first_of_the_same(figures: pd.DataFrame) -> np.ndarray:
    """Return for each figure the earliest one that it is the same as: same cell, same counts, version after version."""
    places = pd.Series(np.arange(len(figures)), index=figures.index)
    first = places.to_numpy(copy=True)
    later = figures["version_number"] > 1
    if later.any():
        has_versions = figures.set_index(BLOCK).index.isin(figures.loc[later].set_index(BLOCK).index)
        several = figures[has_versions].assign(place=places[has_versions])
        cells = several.fillna(dict.fromkeys(_columns(), ALL)).groupby([*BLOCK, *_columns()], sort=False)
        before = cells[["place", "version_number", *KINDS]].shift()
        is_same = before["version_number"] == several["version_number"] - 1
        for kind in KINDS:
            is_same &= (before[kind] == several[kind]) | (before[kind].isna() & several[kind].isna())
        same = several.assign(before=before["place"])[is_same].sort_values("version_number")
        for place, earlier in zip(same["place"], same["before"].astype(int), strict=True):
            first[place] = first[earlier]
    return first


def _same_cells(figures: pd.DataFrame, places: np.ndarray) -> Iterator[tuple[tuple[Line, ...], np.ndarray]]:
    """Yield the cells that versions have in common, and these versions: versions x cells, as places of figures."""
    numbers, cells = _numbered_cells(figures)
    version = figures.groupby([*BLOCK, "version_number"], sort=False).ngroup().to_numpy()
    starts = np.flatnonzero(np.diff(version, prepend=-1))
    versions: dict[bytes, list[np.ndarray]] = defaultdict(list)
    for start, end in pairwise([*starts, len(version)]):
        versions[numbers[start:end].tobytes()].append(places[start:end])
    for key, found in versions.items():
        yield tuple(cells[number] for number in np.frombuffer(key, dtype=numbers.dtype)), np.array(found)


def _numbered_cells(figures: pd.DataFrame) -> tuple[np.ndarray, list[Line]]:
    """Return the number of each figure's cell, and the cells."""
    numbers = np.zeros(len(figures), dtype=np.int64)
    for column in _columns():
        codes, uniques = pd.factorize(figures[column].fillna(ALL))
        numbers = numbers * len(uniques) + codes
    numbers, firsts = pd.factorize(numbers)[0], np.unique(pd.factorize(numbers)[0], return_index=True)[1]
    cells = figures[_columns()].fillna(ALL).iloc[firsts]
    return numbers, list(cells.itertuples(index=False, name=None))


@cache
def _columns() -> list[str]:
    return [dimension.lower() for dimension in dimensions_in_order()]
