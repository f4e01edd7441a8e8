"""One invented block of figures for each kind of measure: a total, and its parts by every dimension.

Totals are drawn first and parts are split from them, so counts always add up and no numerator passes its denominator.
"""

import math
import random
from collections.abc import Callable

from ingestion.demo.assumptions import background_shares
from ingestion.demo.chance import apportion, binomial_count, expit, logit, poisson_count
from ingestion.demo.country import population_count
from ingestion.demo.crosses import cross
from ingestion.demo.situation import PER_100K, SHARE_SD, TOTAL, Block, Cell, Situation

# No drawn proportion comes nearer to none or all than this: exact 0 and 100 % look like placeholders.
CLOSEST_SHARE = 0.008
# Totals keep this far inside the range that the catalogue calls usual, as a share of its bounds.
USUAL_MARGIN = 0.06
DECIDED_BASES = ("cohort", "regions")
MEDIAN_SD = 0.3
QUARTILE_FACTORS = (0.66, 1.52)
# Medians of dates fall on whole or half days.
HALF_DAYS = 2
# Full-time equivalents are counted in tenths.
TENTHS = 10


def proportion(situation: Situation) -> Block:
    """Return counts of people, or of things, that meet a definition among those that could."""
    people = situation.people_count()
    if people == 0:
        return _empty_block(situation)
    share = _bounded(_usual(situation, 100 * expit(situation.center(logit(_level_share(situation))))) / 100)
    count = _count(situation, people, share)
    block = {TOTAL: Cell(numerator=count, denominator=people)}
    for dimension in situation.dimensions:
        shifts, chance = situation.shifts(dimension), situation.chance("count", dimension)
        parts = situation.people_parts(dimension, people)
        middle = logit(_bounded(count / people))
        weights = [
            _noisy_count(chance, trials=part, share=expit(middle + shift))
            for part, shift in zip(parts, shifts.values(), strict=True)
        ]
        counts = apportion(count, weights, caps=parts)
        for code, numerator, denominator in zip(shifts, counts, parts, strict=True):
            is_anyone = denominator > 0
            block[(dimension, code),] = Cell(numerator=numerator, denominator=denominator) if is_anyone else Cell()
    if situation.is_crossed:
        block |= cross(block, situation.level.crossed_by)
    return block


def rate(situation: Situation) -> Block:
    """Return counts of events in the population; full-time equivalents in tenths."""
    people = population_count(situation.country_code, situation.year)
    expected = _usual(situation, _level(situation)) * people / PER_100K
    unit = TENTHS if situation.indicator["allows_fractional_count"] == "true" else 1
    count = poisson_count(situation.chance("count"), expected * unit)
    block = {TOTAL: Cell(numerator=_in_units(count, unit))}
    for dimension in situation.dimensions:
        chance, shifts = situation.chance("count", dimension), situation.shifts(dimension)
        found = situation.groups(dimension)
        weights = [group.share * math.exp(shifts[group.code] + chance.gauss(0, SHARE_SD)) for group in found]
        for group, numerator in zip(found, apportion(count, weights), strict=True):
            is_anyone = group.share > 0
            block[(dimension, group.code),] = Cell(numerator=_in_units(numerator, unit)) if is_anyone else Cell()
    return block


def median_days(situation: Situation) -> Block:
    """Return medians with their quartiles and the number of observations behind them."""
    people = situation.people_count()
    if people == 0:
        return _empty_block(situation)
    median = _half_days(_usual(situation, _level(situation)))
    block = {TOTAL: _median_cell(median, people)}
    for dimension in situation.dimensions:
        parts = situation.people_parts(dimension, people)
        chance = situation.chance("median", dimension)
        shifts = {
            code: shift + chance.gauss(0, MEDIAN_SD / math.sqrt(part or 1))
            for (code, shift), part in zip(situation.shifts(dimension).items(), parts, strict=True)
        }
        # Centred on the total: a pooled median cannot leave the range of its parts.
        mean = sum(shift * part for shift, part in zip(shifts.values(), parts, strict=True)) / people
        for (code, shift), part in zip(shifts.items(), parts, strict=True):
            value = _half_days(median * math.exp(shift - mean))
            block[(dimension, code),] = _median_cell(value, part) if part else Cell()
    return block


def score(situation: Situation) -> Block:
    """Return a whole number of points within the indicator's bounds."""
    points = round(_level(situation, is_noisy=False))
    lowest, highest = (int(situation.indicator[bound]) for bound in ("hard_min", "hard_max"))
    return {TOTAL: Cell(obs_value=min(highest, max(lowest, points)))}


def yes_no(situation: Situation) -> Block:
    """Return 1 once the country has what the indicator asks for, else 0."""
    return {TOTAL: Cell(obs_value=int(situation.center(logit(_level_share(situation)), is_noisy=False) > 0))}


MAKERS: dict[str, Callable[[Situation], Block]] = {
    maker.__name__: maker for maker in (proportion, rate, median_days, score, yes_no)
}


def make_block(situation: Situation) -> Block:
    """Return the block of figures for a situation, of the kind that its level names."""
    return MAKERS[situation.level.figure_kind](situation)


def _count(situation: Situation, people: int, share: float) -> int:
    """Draw a count of people; what a country decides (regions served, tests reimbursed) is not left to chance."""
    if situation.level.base_kind in DECIDED_BASES:
        return round(people * share)
    return binomial_count(situation.chance("count"), trials=people, share=share)


def _level(situation: Situation, *, is_noisy: bool = True) -> float:
    return math.exp(situation.center(math.log(situation.level.level), is_noisy=is_noisy))


def _usual(situation: Situation, value: float) -> float:
    """Keep a value inside the indicator's usual range; counts have none that does not depend on the country."""
    if situation.measure_type == "COUNT":
        return value
    lower, upper = (float(situation.indicator[bound]) for bound in ("soft_min", "soft_max"))
    return min(upper * (1 - USUAL_MARGIN), max(lower * (1 + USUAL_MARGIN), value))


def _level_share(situation: Situation) -> float:
    share = situation.level.level / 100
    if not (name := situation.level.level_follows):
        return share
    everywhere = [shares[name] for shares in background_shares().values()]
    here = background_shares()[situation.country_code][name]
    return _bounded(share * here / (sum(everywhere) / len(everywhere)))


def _bounded(share: float) -> float:
    return min(1 - CLOSEST_SHARE, max(CLOSEST_SHARE, share))


def _noisy_count(chance: random.Random, *, trials: int, share: float) -> float:
    noise = chance.gauss(0, math.sqrt(trials * share * (1 - share)))
    return max(0.0, trials * share + noise)


def _in_units(count: int, unit: int) -> int | float:
    return count if unit == 1 else count / unit


def _half_days(value: float) -> float:
    return max(1, round(value * HALF_DAYS)) / HALF_DAYS


def _median_cell(median: float, people: int) -> Cell:
    lower, upper = (_half_days(median * factor) for factor in QUARTILE_FACTORS)
    return Cell(denominator=people, obs_value=median, p25=lower, p75=upper)


def _empty_block(situation: Situation) -> Block:
    block = {TOTAL: Cell()}
    for dimension in situation.dimensions:
        block |= {((dimension, group.code),): Cell() for group in situation.groups(dimension)}
    return block
