"""The primary rule: which counts may not be shown for their own sake, and how uncertain they must stay."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Levels:
    """How far below and above its true count the attacker's interval of a hidden count must reach, count by count."""

    lower: np.ndarray
    upper: np.ndarray


def is_small(counts: np.ndarray, threshold: float, *, hides_zero: bool = False) -> np.ndarray:
    """Say of each count whether it is too small to be shown: above zero (zero too, if asked) and below the threshold.

    A count that nobody knows (NaN) is not small.
    """
    with np.errstate(invalid="ignore"):
        return np.asarray((counts < threshold) & ((counts >= 0) if hides_zero else (counts > 0)))


def reference_levels(counts: np.ndarray) -> Levels:
    """Return the levels at which methods are compared: one person more or less."""
    return Levels(lower=np.minimum(counts, 1.0), upper=np.ones_like(counts, dtype=float))


def beyond_threshold(counts: np.ndarray, threshold: float) -> Levels:
    """Return the levels of production: the interval passes the threshold, so that knowing the rule tells nothing."""
    return Levels(lower=np.minimum(counts, 1.0), upper=np.maximum(1.0, threshold - counts))
