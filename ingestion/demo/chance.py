"""Chance that is the same on every machine: each thing has its own stream, named by what it is for."""

import math
import random
from collections.abc import Sequence


def stream(*names: object) -> random.Random:
    """Return the random stream of one thing: equal names, equal numbers, whatever else is drawn."""
    return random.Random("/".join(str(name) for name in names))


def logit(share: float) -> float:
    """Return the log odds of a share strictly between 0 and 1."""
    return math.log(share / (1 - share))


def expit(log_odds: float) -> float:
    """Return the share that has these log odds."""
    return 1 / (1 + math.exp(-log_odds))


def binomial_count(chance: random.Random, *, trials: int, share: float) -> int:
    """Draw a count of successes by the normal approximation, within 0 and `trials`."""
    drawn = chance.gauss(trials * share, math.sqrt(trials * share * (1 - share)))
    return min(trials, max(0, round(drawn)))


def poisson_count(chance: random.Random, expected: float) -> int:
    """Draw a count of events by the normal approximation, not below 0."""
    return max(0, round(chance.gauss(expected, math.sqrt(expected))))


def apportion(total: int, weights: Sequence[float], *, caps: Sequence[int] | None = None) -> list[int]:
    """Split a whole number into whole parts by weights, none above its cap; the parts always add up.

    Parts without weight get nothing while any other part has room. Errors: `ValueError` if the caps leave no room.
    """
    room = list(caps) if caps is not None else [total] * len(weights)
    if sum(room) < total:
        raise ValueError(f"the caps {room} leave no room for {total}")
    weight_sum = sum(weights)
    quotas = [total * weight / weight_sum if weight_sum else 0.0 for weight in weights]
    parts = [min(int(quota), limit) for quota, limit in zip(quotas, room, strict=True)]
    while (rest := total - sum(parts)) > 0:
        unfilled = [index for index, part in enumerate(parts) if part < room[index]]
        weighted = [index for index in unfilled if weights[index] > 0] or unfilled
        weighted.sort(key=lambda index: (parts[index] - quotas[index], index))
        step = max(1, rest // len(weighted))
        for index in weighted[:rest]:
            parts[index] += min(step, room[index] - parts[index])
    return parts
