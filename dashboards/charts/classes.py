"""The classes of a map: five, with about as many countries each; dark is better, whichever way that is."""

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.charts.palette import NEUTRAL_RAMP, RAMP
from dashboards.speech import say
from dashboards.words import number

CLASS_COUNT = 5


@dataclass(frozen=True)
class Classes:
    """`limits` divide the values, from low to high; each class has its words and its fill."""

    limits: tuple[float, ...]
    words: tuple[str, ...]
    fills: tuple[str, ...]

    def fill(self, value: float) -> str:
        """Return the fill of a value."""
        return self.fills[sum(value >= limit for limit in self.limits)]


def classes_of(values: Sequence[float], *, decimals: int, is_higher_better: bool | None) -> Classes:
    """Return the classes of these values; fewer than five where there are fewer different values."""
    limits = sorted({round(limit, decimals) for limit in _limits(values) if limit > min(values)})
    ramp = NEUTRAL_RAMP if is_higher_better is None else RAMP
    fills = _spread(ramp, len(limits) + 1)
    if is_higher_better is False:
        fills = fills[::-1]
    return Classes(tuple(limits), _words(limits, decimals), fills)


def yes_or_no(yes: str, no: str, *, is_higher_better: bool | None) -> Classes:
    """Return the two classes of an indicator that says yes or no."""
    ramp = NEUTRAL_RAMP if is_higher_better is None else RAMP
    fills = (ramp[0], ramp[-1]) if is_higher_better is not False else (ramp[-1], ramp[0])
    return Classes((0.5,), (no, yes), fills)


def _limits(values: Sequence[float]) -> list[float]:
    return statistics.quantiles(values, n=CLASS_COUNT, method="inclusive") if len(set(values)) > 1 else []


def _spread(ramp: Sequence[str], count: int) -> tuple[str, ...]:
    if count == 1:
        return (ramp[len(ramp) // 2],)
    return tuple(ramp[round(place * (len(ramp) - 1) / (count - 1))] for place in range(count))


def _words(limits: Sequence[float], decimals: int) -> tuple[str, ...]:
    texts = [number(limit, decimals) for limit in limits]
    if not texts:
        return (say("all values"),)
    inner = [say("{low} to below {high}", low=low, high=high) for low, high in itertools.pairwise(texts)]
    return (say("below {limit}", limit=texts[0]), *inner, say("{limit} and above", limit=texts[-1]))
