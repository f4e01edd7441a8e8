"""All that an invented block of figures depends on: country, indicator, site, period, and the figures before it."""

import math
import random
from dataclasses import dataclass
from functools import cache

from ingestion.demo.assumptions import Level
from ingestion.demo.chance import apportion, stream
from ingestion.demo.country import Group, groups, population_count, region_codes, standing

PER_100K = 100_000
MIDDLE_YEAR = 2024
PERIOD_SD = 0.05
# How much countries differ in how fast things change, how steep gradients are, and how many people qualify.
PACE_SD, STEEPNESS_SD, VOLUME_SD = 0.30, 0.25, 0.15
NARROWING_PER_YEAR, NARROWING_SD = -0.02, 0.03
GROUP_SD = 0.05
SHARE_SD = 0.02

Stratum = tuple[tuple[str, str], ...]
TOTAL: Stratum = ()


@dataclass
class Cell:
    """The numbers of one row; all empty where nobody can be counted."""

    numerator: int | float | None = None
    denominator: int | None = None
    obs_value: int | float | None = None
    p25: float | None = None
    p75: float | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether the cell holds no number."""
        return self.numerator is None and self.denominator is None and self.obs_value is None


Block = dict[Stratum, Cell]


@dataclass(frozen=True)
class Situation:
    """All that a block of figures depends on."""

    seed: int
    country_code: str
    level: Level
    indicator: dict[str, str]
    period: str
    dimensions: tuple[str, ...]
    upstream: Block | None
    extra_shift: float
    is_crossed: bool

    @property
    def measure_type(self) -> str:
        """The indicator's type of measure."""
        return self.indicator["measure_type_code"]

    @property
    def year(self) -> int:
        """The year of the period."""
        return int(self.period[:4])

    @property
    def years_from_middle(self) -> float:
        """Years from the middle of the reference year to the middle of the period; half-years lie a quarter off."""
        half = {"S1": -0.25, "S2": 0.25}.get(self.period[5:], 0.0)
        return self.year + half - MIDDLE_YEAR

    @property
    def sign(self) -> int:
        """-1 where a lower value is better, so that a high standing lowers it."""
        return -1 if self.indicator["direction"] == "lower_better" else 1

    def chance(self, *names: object) -> random.Random:
        """Return a stream of this block alone."""
        return stream(self.seed, self.country_code, self.level.indicator, self.level.site, self.period, *names)

    def habit(self, *names: str) -> float:
        """Return a standard normal number that is the same in all periods of the indicator in this country."""
        return _habit(self.seed, self.country_code, self.level.indicator, *names)

    def center(self, level: float, *, is_noisy: bool = True) -> float:
        """Return the expected level of the block on its scale, from the assumed `level` on the same scale."""
        country = (
            self.sign
            * self.level.country_sd
            * standing(self.seed, self.country_code, self.level, theme=self.indicator["theme_code"])
        )
        pace = math.exp(PACE_SD * self.habit("pace"))
        noise = self.chance("level").gauss(0, PERIOD_SD) if is_noisy else 0.0
        return level + country + self.level.trend_per_year * pace * self.years_from_middle + noise + self.extra_shift

    def shifts(self, dimension: str) -> dict[str, float]:
        """Return {group: shift of its value from the middle}, on the scale of the measure."""
        steepness = math.exp(STEEPNESS_SD * self.habit("steepness"))
        narrowing = NARROWING_PER_YEAR + NARROWING_SD * self.habit("narrowing")
        factor = self.sign * self.level.gradient * steepness * (1 + narrowing * self.years_from_middle)
        return {
            group.code: factor * (group.advantage + GROUP_SD * self.habit(dimension, group.code))
            for group in self.groups(dimension)
        }

    def groups(self, dimension: str) -> tuple[Group, ...]:
        """Return the groups of a dimension for this country and level."""
        return groups(self.seed, self.country_code, self.level, dimension)

    def people_count(self) -> int:
        """Return the denominator of the block's total."""
        level = self.level
        if level.base_kind == "numerator":
            assert self.upstream is not None
            return round((self.upstream[TOTAL].numerator or 0) * level.base)
        if level.base_kind == "regions":
            return len(region_codes(self.country_code))
        if level.base_kind == "cohort":
            return round(level.base)
        people = level.base
        if level.base_kind == "per_100k":
            people *= population_count(self.country_code, self.year) / PER_100K
        volume = VOLUME_SD * self.habit("volume", level.site) + self.chance("volume").gauss(0, PERIOD_SD)
        return max(level.base_minimum, round(people * math.exp(volume)))

    def people_parts(self, dimension: str, people: int) -> list[int]:
        """Split the people of the total over the groups of a dimension.

        Where an indicator starts from the counts of another one, each group starts from its own count there.
        """
        counts = self._counts_before(dimension)
        if counts is not None:
            is_subset = self.level.base <= 1
            return apportion(people, counts, caps=counts if is_subset else None)
        chance = self.chance("people", dimension)
        return apportion(
            people, [group.share * math.exp(chance.gauss(0, SHARE_SD)) for group in self.groups(dimension)]
        )

    def _counts_before(self, dimension: str) -> list[int] | None:
        if self.upstream is None:
            return None
        cells = [self.upstream.get(((dimension, group.code),)) for group in self.groups(dimension)]
        return [int(cell.numerator or 0) if cell else 0 for cell in cells] if all(cells) else None


@cache
def _habit(*names: object) -> float:
    return stream("habit", *names).gauss(0, 1)
