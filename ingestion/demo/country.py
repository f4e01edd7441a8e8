"""One country as the invented figures see it: its people, its groups, and how far its pilots have come."""

import math
import statistics
from dataclasses import dataclass
from functools import cache

from ingestion.catalogue import rows
from ingestion.demo.assumptions import Level, Region, age_shares, background_shares, group_assumptions, regions
from ingestion.demo.chance import stream
from ingestion.demo.context import context_figures

# Weights of a country's standing in one indicator: what the real figures of unmet need suggest, the theme, itself.
READINESS_WEIGHT, THEME_WEIGHT, OWN_WEIGHT = 0.45, 0.40, 0.80
UNMET_NEED = "CTX_01"
UNMET_NEED_SINCE = "2019"
# A value of 0.0 % is a rounded one; half a rounding step keeps its logarithm finite.
ROUNDING_STEP_PCT = 0.1
REGION_SD = 0.20
REGION_SIZE_SD = 0.35
ORDINARY_REGION = "other"
SITE_SD = 0.25
# Some countries send a group for people whose group is not known.
UNKNOWN = "UNK"
UNKNOWN_SENT_SHARE = 0.35


@dataclass(frozen=True)
class Group:
    """One group of a dimension: its share of the people concerned and how far its access lies above the middle."""

    code: str
    share: float
    advantage: float


@cache
def standing(seed: int, country_code: str, level: Level, *, theme: str) -> float:
    """Return how far a country stands above the middle in one indicator, in standard deviations between countries."""
    own = stream(seed, country_code, "indicator", level.indicator).gauss(0, OWN_WEIGHT)
    of_theme = stream(seed, country_code, "theme", theme).gauss(0, THEME_WEIGHT)
    of_site = stream(seed, country_code, "site", level.indicator, level.site).gauss(0, SITE_SD)
    return READINESS_WEIGHT * _readiness().get(country_code, 0.0) + of_theme + own + of_site


@cache
def _readiness() -> dict[str, float]:
    """Return {country: z}: countries with less unmet need for care in the real figures stand higher."""
    values: dict[str, list[float]] = {}
    for figure in context_figures():
        if figure["indicator_code"] == UNMET_NEED and figure["period"] >= UNMET_NEED_SINCE:
            values.setdefault(figure["country_code"], []).append(float(figure["value"]))
    need = {code: math.log(statistics.fmean(found) + ROUNDING_STEP_PCT / 2) for code, found in values.items()}
    middle, spread = statistics.fmean(need.values()), statistics.stdev(need.values())
    return {code: (middle - value) / spread for code, value in need.items()}


@cache
def population_count(country_code: str, year: int) -> int:
    """Return the resident population on 1 January of a year, of the latest year before if that one is not known."""
    known = {
        int(row["population_year"]): int(row["population_count"])
        for row in rows("populations")
        if row["country_code"] == country_code
    }
    return known[max(found for found in known if found <= year)]


@cache
def region_codes(country_code: str) -> tuple[str, ...]:
    """Return the NUTS 2 regions of a country, in the order of their list."""
    return tuple(row["code"] for row in rows("codes_nuts2") if row["country_code"] == country_code)


@cache
def groups(seed: int, country_code: str, level: Level, dimension: str) -> tuple[Group, ...]:
    """Return the groups of a dimension for one country and level; shares add up to 1, 0 where nobody can be."""
    if dimension == "NUTS2":
        return _region_groups(seed, country_code)
    ages = age_shares().get(level.age_profile, {})
    named = {
        **background_shares()[country_code],
        "female_share": level.female_share,
        "male_share": 1 - level.female_share,
        **ages,
    }
    return tuple(
        Group(group.code, named.get(group.share_name or group.code, group.share), group.advantage)
        for group in group_assumptions()[dimension]
        if group.code != UNKNOWN or _knows_not_all(seed, country_code, dimension)
    )


@cache
def _knows_not_all(seed: int, country_code: str, dimension: str) -> bool:
    """Say whether a country's registers leave the group of some people open."""
    return stream(seed, country_code, "unknown", dimension).random() < UNKNOWN_SENT_SHARE


@cache
def _region_groups(seed: int, country_code: str) -> tuple[Group, ...]:
    """Return the regions of a country: weights around 1, the capital's and remote ones from the assumptions."""
    advantages = {group.code: group.advantage for group in group_assumptions()["NUTS2"]}
    found = []
    for code in region_codes(country_code):
        chance = stream(seed, "region", code)
        size, shift = math.exp(chance.gauss(0, REGION_SIZE_SD)), chance.gauss(0, REGION_SD)
        special = regions().get(code, Region(ORDINARY_REGION, size))
        found.append(Group(code, special.weight, shift + advantages[special.kind]))
    total = sum(group.share for group in found)
    return tuple(Group(group.code, group.share / total, group.advantage) for group in found)
