"""The audit: what an attacker can learn of each hidden count. It shares no code with the choice of what is hidden.

The attacker knows every published count, every equation, and that counts are not negative. Two linear programs for each
hidden count, solved by HiGHS, give the least and the greatest value that fit all of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import numpy as np
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog

from ingestion.disclosure.errors import AuditUnfinishedError, WrongTotalsError

TOLERANCE = 1e-6
MIXTURES = 6
SECONDS = 120.0


@dataclass(frozen=True)
class Published:
    """What everybody can see.

    `matrix @ counts == 0` for the true counts (equations x counts); `counts`: NaN where hidden. `equations` names them.
    """

    matrix: sparse.csr_matrix
    counts: np.ndarray
    equations: Sequence[str]


def attacker_bounds(published: Published, *, seconds: float = SECONDS) -> tuple[np.ndarray, np.ndarray]:
    """Return the least and the greatest possible value of each count; of a published one, itself.

    Errors: `WrongTotalsError` when nothing fits what is published; `AuditUnfinishedError` when the solver does not end.
    """
    lower, upper = published.counts.copy(), published.counts.copy()
    for part in _puzzle(published, monotonic() + seconds).parts():
        lower[part.places], upper[part.places] = part.bounds()
    return lower, upper


def exposed(
    published: Published,
    truth: np.ndarray,
    lower_levels: np.ndarray,
    upper_levels: np.ndarray,
    *,
    protected: np.ndarray,
    seconds: float = SECONDS,
) -> np.ndarray:
    """Return the positions of protected counts whose interval does not contain [truth - lower, truth + upper].

    A protected count that is published is exposed. Errors: as for `attacker_bounds`.
    """
    low, high = truth - lower_levels, truth + upper_levels
    found = list(np.flatnonzero(protected & ~np.isnan(published.counts)))
    puzzle = _puzzle(published, monotonic() + seconds)
    places = puzzle.places
    found += list(places[puzzle.misses(low[places], high[places], protected[places])])
    return np.array(sorted(found), dtype=int)


class _Puzzle:
    """Hidden counts, and what the equations leave for them: `matrix @ hidden == sums`."""

    def __init__(
        self, places: np.ndarray, matrix: sparse.csr_matrix, sums: np.ndarray, names: Sequence[str], end: float
    ) -> None:
        self.places, self.matrix, self.sums, self.names, self.end = places, matrix, sums, names, end
        # The least and the greatest seen in any answer: both are possible.
        self.least = np.full(len(places), np.inf)
        self.greatest = np.full(len(places), -np.inf)
        self.groups = sparse.csgraph.connected_components(matrix.T @ matrix, directed=False)[1]

    def parts(self) -> "list[_Puzzle]":
        """Return the puzzle in parts that know nothing of each other, each found to have an answer."""
        found = [self.part(group) for group in range(max(self.groups, default=-1) + 1)]
        for part in found:
            part.require_consistent()
        return found

    def part(self, group: int) -> "_Puzzle":
        """Return one of the parts."""
        members = np.flatnonzero(self.groups == group)
        matrix = self.matrix[:, members]
        rows = np.flatnonzero(np.diff(matrix.indptr))
        names = [self.names[int(row)] for row in rows]
        return _Puzzle(self.places[members], matrix[rows], self.sums[rows], names, self.end)

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the greatest value of each count; infinite where nothing ends it."""
        size = len(self.places)
        for place in range(size):
            if self.least[place] > TOLERANCE:  # it was seen at zero, which nothing goes below
                self._look(_only(place, size))
            self._look(-_only(place, size))
        return np.maximum(self.least, 0.0), self.greatest

    def misses(self, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> np.ndarray:
        """Say of each count whether it is protected and cannot be both as low and as high as it must."""
        if not len(self.places):
            return np.zeros(0, dtype=bool)
        self.require_consistent()
        for mixture in range(MIXTURES):
            too_high, too_low = self._unseen(low, high, protected)
            prefers_low = too_high & (_striped(len(low), mixture) | ~too_low)
            costs = np.where(prefers_low, 1.0, np.where(too_low, -1.0, 0.0))
            if costs.any():
                self._look(costs, low, high)
        too_high, too_low = self._unseen(low, high, protected)
        for group in np.unique(self.groups[too_high | too_low]):
            self._look_alone(int(group), low, high, protected)
        too_high, too_low = self._unseen(low, high, protected)
        return np.asarray(too_high | too_low)

    def _look_alone(self, group: int, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> None:
        """Look for each count of one part by itself, where it was not seen as low and as high as it must."""
        part, members = self.part(group), np.flatnonzero(self.groups == group)
        part.least, part.greatest = self.least[members], self.greatest[members]
        for place in np.flatnonzero(protected[members]):
            for side, sign in enumerate((1.0, -1.0)):
                if part._unseen(low[members], high[members], protected[members])[side][place]:
                    part._look(sign * _only(int(place), len(members)), low[members], high[members])
        self.least[members], self.greatest[members] = part.least, part.greatest

    def _unseen(self, low: np.ndarray, high: np.ndarray, protected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which protected counts were not seen as low, and which not as high, as they must."""
        return protected & (self.least > low + TOLERANCE), protected & (self.greatest < high - TOLERANCE)

    def require_consistent(self) -> None:
        """Find any answer. Errors: `WrongTotalsError` when there is none."""
        answer = self._solve(np.zeros(len(self.places)), [(0, None)] * len(self.places))
        if answer.status == 2:
            raise WrongTotalsError(f"The published counts contradict each other: {'; '.join(self._culprits())}.")
        self._remember(answer)

    def _culprits(self) -> list[str]:
        """Return the equations that would have to bend, and as little as possible, for anything to fit."""
        rows, size = self.matrix.shape
        bend = sparse.hstack([self.matrix, sparse.eye(rows), -sparse.eye(rows)]).tocsr()
        answer = linprog(np.repeat([0.0, 1.0], [size, 2 * rows]), A_eq=bend, b_eq=self.sums, method="highs")
        bent = answer.x[size : size + rows] + answer.x[size + rows :]
        return [self.names[int(row)] for row in np.flatnonzero(bent > TOLERANCE)]

    def _look(self, costs: np.ndarray, low: np.ndarray | None = None, high: np.ndarray | None = None) -> None:
        """Find the values that fit and cost least, looking no further than asked for, and remember them."""
        lower = np.zeros(len(costs)) if low is None else np.where(costs > 0, np.maximum(low, 0.0), 0.0)
        upper = np.full(len(costs), np.inf) if high is None else np.where(costs < 0, high, np.inf)
        answer = self._solve(costs, np.column_stack([lower, upper]))
        if answer.status == 2 and low is not None:
            # Not all of them at once, or not even one as far as asked for: ask for the furthest instead.
            answer = self._solve(costs, [(0, None)] * len(costs))
        if answer.status in (3, 4):
            self._remember_endless(costs)
        else:
            self._remember(answer)

    def _solve(self, costs: np.ndarray, bounds: object) -> OptimizeResult:
        left = self.end - monotonic()
        if left <= 0:
            raise AuditUnfinishedError("The audit ran out of time; what was not audited is not published.")
        answer = linprog(
            costs, A_eq=self.matrix, b_eq=self.sums, bounds=bounds, method="highs", options={"time_limit": left}
        )
        if answer.status == 1:
            raise AuditUnfinishedError(f"The audit did not end: {answer.message}")
        return answer

    def _remember(self, answer: OptimizeResult) -> None:
        if answer.status != 0:
            raise AuditUnfinishedError(f"The solver failed in the audit: {answer.message}")
        self.least = np.minimum(self.least, answer.x)
        self.greatest = np.maximum(self.greatest, answer.x)

    def _remember_endless(self, costs: np.ndarray) -> None:
        if np.count_nonzero(costs) != 1 or costs.min() == 0:
            raise AuditUnfinishedError("The solver failed in the audit: a count without end where there is none.")
        self.greatest[np.argmin(costs)] = np.inf


def _puzzle(published: Published, end: float) -> _Puzzle:
    """Return what is hidden, after checking the equations in which nothing is."""
    is_hidden = np.isnan(published.counts)
    hidden = np.flatnonzero(is_hidden)
    sums = -(published.matrix @ np.where(is_hidden, 0.0, published.counts))
    matrix = published.matrix[:, hidden]
    has_hidden = np.diff(matrix.indptr) > 0
    wrong = np.flatnonzero(~has_hidden & (np.abs(sums) > TOLERANCE))
    if len(wrong):
        raise WrongTotalsError(f"The published counts contradict each other: {published.equations[int(wrong[0])]}.")
    rows = np.flatnonzero(has_hidden)
    return _Puzzle(hidden, matrix[rows], sums[rows], [published.equations[int(row)] for row in rows], end)


def _striped(size: int, mixture: int) -> np.ndarray:
    return np.asarray((np.arange(size) >> (mixture // 2)) % 2 == mixture % 2)


def _only(place: int, size: int) -> np.ndarray:
    costs = np.zeros(size)
    costs[place] = 1.0
    return costs
