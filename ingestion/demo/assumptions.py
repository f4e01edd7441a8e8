"""What the invented figures rest on: levels, gradients and backgrounds, read from the CSV files beside this module.

None of them is an observation. Levels stay near the catalogue's published benchmarks where there are any.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEMO_FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Level:
    """What is assumed of one indicator at one site, in the year 2024.

    `level` is in the indicator's unit; `country_sd`, `trend_per_year` and `gradient` work on the logit of a
    proportion and on the logarithm of anything else. `level_follows` names a share of the population that moves the
    level from country to country. `base` and `base_kind` say where the denominator comes from.
    """

    indicator: str
    site: str
    figure_kind: str
    level: float
    level_follows: str
    country_sd: float
    trend_per_year: float
    gradient: float
    base_kind: str
    base: float
    base_minimum: int
    base_indicator: str
    female_share: float
    age_profile: str
    may_be_estimated: bool
    crossed_by: tuple[str, ...]


@dataclass(frozen=True)
class GroupAssumption:
    """What is assumed of one group of a dimension.

    `advantage` is how far access in the group lies above the middle, on the logit scale; `share` its share of the
    people where that is alike everywhere, `share_name` else names the share of the country or of the level to take.
    """

    code: str
    share: float
    share_name: str
    advantage: float


@dataclass(frozen=True)
class Region:
    """How a region differs from the others of its country: its size beside them, and its kind."""

    kind: str
    weight: float


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one CSV file of this folder, as text."""
    with (DEMO_FOLDER / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@cache
def levels() -> tuple[Level, ...]:
    """Return one level per (indicator, site), in file order; the site is empty where the indicator has none."""
    return tuple(_level(row) for row in read_rows("levels.csv"))


def _level(row: dict[str, str]) -> Level:
    return Level(
        indicator=row["indicator_code"],
        site=row["site_code"],
        figure_kind=row["figure_kind"],
        level=float(row["level"]),
        level_follows=row["level_follows"],
        country_sd=float(row["country_sd"]),
        trend_per_year=float(row["trend_per_year"]),
        gradient=float(row["gradient"]),
        base_kind=row["base_kind"],
        base=float(row["base"] or 0),
        base_minimum=int(row["base_minimum"] or 0),
        base_indicator=row["base_indicator"],
        female_share=float(row["female_share"] or 0.5),
        age_profile=row["age_profile"],
        may_be_estimated=row["may_be_estimated"] == "true",
        crossed_by=tuple(row["crossed_by"].split("|")) if row["crossed_by"] else (),
    )


@cache
def group_assumptions() -> dict[str, tuple[GroupAssumption, ...]]:
    """Return {dimension: its groups}; the groups of NUTS2 are the kinds of region."""
    found: dict[str, tuple[GroupAssumption, ...]] = {}
    for row in read_rows("strata.csv"):
        group = GroupAssumption(row["group_code"], float(row["share"] or 0), row["share_name"], float(row["advantage"]))
        found[row["dimension_code"]] = (*found.get(row["dimension_code"], ()), group)
    return found


@cache
def age_shares() -> dict[str, dict[str, float]]:
    """Return {age profile: {age class: share of people}}; a class that is not named holds nobody."""
    found: dict[str, dict[str, float]] = {}
    for row in read_rows("age_profiles.csv"):
        found.setdefault(row["age_profile"], {})[row["age_code"]] = float(row["share"])
    return found


@cache
def regions() -> dict[str, Region]:
    """Return {region: Region} for the regions that differ from the others of their country."""
    return {row["region_code"]: Region(row["region_kind"], float(row["weight"])) for row in read_rows("regions.csv")}


@cache
def background_shares() -> dict[str, dict[str, float]]:
    """Return {country: {name of a share: share of its population, 0 to 1}}."""
    return {
        row["country_code"]: {name: float(text) for name, text in row.items() if name.endswith("_share")}
        for row in read_rows("backgrounds.csv")
    }
