"""The rows that a country is asked for: totals, and the breakdowns that the catalogue requires.

The same rows as `dbt_project/models/intermediate/int_expected_figures.sql` expects; a test holds the two together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingestion.catalogue import roster_countries, rows
from ingestion.errors import UsageError

UNKNOWN = "UNK"
REPORTING_AGES = "reporting"
# The rule that a cancer site belongs to one sex, and its exceptions in `check_exceptions.csv`.
ONE_SEX_RULE = "P05"


@dataclass(frozen=True)
class Asked:
    """Who is asked for what: a country, a round, and a theme (empty: all themes)."""

    country_code: str
    round_id: str
    theme_code: str = ""


@dataclass(frozen=True)
class ExpectedFigure:
    """One row of a template: a total, or a group as {dimension: code} in pairs; an empty site is all sites together."""

    indicator_code: str
    site_code: str
    period: str
    groups: tuple[tuple[str, str], ...] = ()

    @property
    def codes(self) -> dict[str, str]:
        """The dimension columns of the submission format that are filled in this row, without the country."""
        found = {"INDICATOR": self.indicator_code, "TIME_PERIOD": self.period, "SITE": self.site_code}
        return {**found, **dict(self.groups)}


def figure_of(codes: Mapping[str, str], period: str) -> ExpectedFigure:
    """Return the figure that the codes of a row stand for in a period."""
    totals = _stratum_totals().items()
    groups = tuple((name, codes[name]) for name, total in totals if codes.get(name, "") not in ("", total))
    return ExpectedFigure(codes["INDICATOR"], codes.get("SITE", ""), period, groups)


@cache
def _stratum_totals() -> dict[str, str]:
    return {row["dimension_code"]: row["total_code"] for row in rows("dimensions") if row["is_stratum"] == "true"}


def require_asked(asked: Asked) -> Asked:
    """Return what is asked if there is such a thing. Errors: `UsageError` that names what there is."""
    rounds = {row["round_id"]: row for row in rows("rounds")}
    if asked.round_id not in rounds:
        raise UsageError(f"There is no round {asked.round_id}. Rounds: {' '.join(rounds)}.")
    known = _roster_of(rounds[asked.round_id])
    if asked.country_code not in known:
        raise UsageError(f"{asked.country_code} is not on the roster. Countries: {' '.join(known)} (Greece is EL).")
    themes = [row["theme_code"] for row in rows("themes")]
    if asked.theme_code and asked.theme_code not in themes:
        raise UsageError(f"There is no theme {asked.theme_code}. Themes: {' '.join(themes)}.")
    return asked


def _roster_of(asked_round: dict[str, str]) -> list[str]:
    days = [date.fromisoformat(asked_round[day]) for day in ("opens_on", "closes_on")]
    return sorted({code for day in days for code in roster_countries(day)})


def expected_figures(asked: Asked) -> list[ExpectedFigure]:
    """Return the rows that are asked for, in the order of the catalogue: indicator, site, period, total, groups."""
    return [
        figure
        for indicator in asked_indicators(asked.theme_code)
        for site in sites_of(indicator["indicator_code"])
        for period in periods_of(indicator, asked.round_id)
        for figure in _figures_of(indicator["indicator_code"], site, period, country_code=asked.country_code)
    ]


def asked_indicators(theme_code: str) -> list[dict[str, str]]:
    """Return the catalogue's indicators, those of one theme if it is named."""
    return [row for row in rows("indicators") if theme_code in ("", row["theme_code"])]


def sites_of(indicator_code: str) -> list[str]:
    """Return the sites that an indicator is reported for; one empty site where it has none."""
    return [row["site_code"] for row in rows("indicator_sites") if row["indicator_code"] == indicator_code] or [""]


def periods_of(indicator: dict[str, str], round_id: str) -> list[str]:
    """Return the periods that a round asks an indicator for; a retired one is asked for no later ones."""
    retired = [
        row["first_period"]
        for row in rows("indicator_changes")
        if (row["indicator_code"], row["change"]) == (indicator["indicator_code"], "retired")
    ]
    return [
        row["period"]
        for row in rows("round_periods")
        if (row["round_id"], row["periodicity_code"]) == (round_id, indicator["periodicity_code"])
        and not any(row["period"] >= first for first in retired)
    ]


def breakdowns_of(indicator_code: str, requirement: str) -> list[str]:
    """Return the dimensions that an indicator is broken down by, those `required` or those `optional`."""
    return [
        row["dimension_code"]
        for row in rows("indicator_disaggregations")
        if (row["indicator_code"], row["requirement"]) == (indicator_code, requirement)
    ]


@cache
def groups_of(dimension_code: str, country_code: str) -> tuple[str, ...]:
    """Return the groups that make up the total of a dimension once, without "unknown".

    None for the regions of a country that has one region, and none for the sites, which have rows of their own.
    """
    dimension = next(row for row in rows("dimensions") if row["dimension_code"] == dimension_code)
    if dimension["is_stratum"] != "true":
        return ()
    found = tuple(
        row["code"]
        for row in rows(dimension["code_list"])
        if row["code"] != UNKNOWN and _is_part(row, dimension["total_code"], country_code)
    )
    return found if len(found) > 1 else ()


def _is_part(row: dict[str, str], total: str, country_code: str) -> bool:
    if "age_level" in row:
        return row["age_level"] == REPORTING_AGES
    return row["country_code"] == country_code if "country_code" in row else row["parent_code"] == total


def _figures_of(indicator_code: str, site: str, period: str, *, country_code: str) -> Iterator[ExpectedFigure]:
    yield ExpectedFigure(indicator_code, site, period)
    for dimension in breakdowns_of(indicator_code, "required"):
        if dimension == "SEX" and _is_of_one_sex(site, indicator_code):
            continue
        for group in groups_of(dimension, country_code):
            yield ExpectedFigure(indicator_code, site, period, ((dimension, group),))


@cache
def _is_of_one_sex(site: str, indicator_code: str) -> bool:
    """Say whether only one sex can have a site: its total says all, and the other sex could only be left empty."""
    both = next(row["total_code"] for row in rows("dimensions") if row["dimension_code"] == "SEX")
    excepted = {row["indicator_code"] for row in rows("check_exceptions") if row["rule"] == ONE_SEX_RULE}
    restricted = {row["code"] for row in rows("codes_site") if row["sex_restriction"] != both}
    return site in restricted and indicator_code not in excepted
