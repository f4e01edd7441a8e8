"""What the pages show: rows of the marts, grouped into the series that a page is about."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dashboards.marts import (
    Comparison,
    Convergence,
    Correction,
    Country,
    Estimate,
    EuValue,
    Finding,
    Gap,
    GroupEstimate,
    Indicator,
    Submission,
    Summary,
    Table,
    Theme,
    Trend,
)
from dashboards.words import lower, short


@dataclass(frozen=True)
class Dimension:
    """A way to divide people, with its groups in the order of the catalogue: {code: label}.

    `first_level`: the groups that together make up the total once. `undivided`: the countries that have one group
    only (one region).
    """

    code: str
    name: str
    groups: dict[str, str]
    first_level: frozenset[str]
    undivided: frozenset[str] = frozenset()
    is_ordered: bool = False

    @property
    def in_sentence(self) -> str:
        """The name as it stands within a sentence."""
        return lower(self.name)

    def compared(self, rows: list[GroupEstimate]) -> list[GroupEstimate]:
        """Return the groups of one country that are compared: those of the first level, or else all."""
        known = [row for row in rows if row.group_code in self.groups]
        return [row for row in known if row.group_code in self.first_level] or known


@dataclass(frozen=True)
class Series:
    """The figures of one indicator for one cancer site, everything that one page shows."""

    indicator: Indicator
    site_code: str
    site_label: str | None  # None: the indicator has no sites
    is_headline: bool
    periods: list[str]
    all_periods: list[str]  # with a row, expected by this round or not, oldest first
    decimals: int  # with how many all values of this series are written
    summary: Summary
    totals: dict[str, dict[str, Estimate]]  # country, period
    groups: dict[str, dict[str, list[GroupEstimate]]]  # dimension, country: the latest period
    history: dict[str, dict[str, dict[tuple[str, str], GroupEstimate]]]  # ordered dimension, country, (group, period)
    gaps: dict[str, dict[str, dict[tuple[str, str], Gap]]]  # dimension, country, (period, measure)
    comparisons: dict[str, Comparison]  # country
    eu: dict[str, EuValue]  # period
    trends: dict[tuple[str, str], Trend]  # (dimension, country)
    convergence: dict[str, Convergence]  # measure

    @property
    def latest(self) -> str:
        """The latest period that the round expects."""
        return self.periods[-1]

    @property
    def site_name(self) -> str | None:
        """The name of the site for readers, without its codes."""
        return short(self.site_label) if self.site_label else None

    @property
    def name(self) -> str:
        """The name of the indicator, with its site."""
        return ", ".join(filter(None, (self.indicator.indicator_name, self.site_name)))

    @property
    def page_name(self) -> str:
        """The name of this series' page, without its ending; the headline has the indicator's own name."""
        code = self.indicator.indicator_code
        return code if self.is_headline else f"{code}-{self.site_code}"

    def estimate(self, country_code: str, period: str | None = None) -> Estimate | None:
        """Return one estimate, of the latest expected period by default; None if nothing was expected."""
        return self.totals.get(country_code, {}).get(period or self.latest)

    def gap(self, dimension_code: str, country_code: str, measure: str, period: str | None = None) -> Gap | None:
        """Return one gap, of the latest expected period by default."""
        by_key = self.gaps.get(dimension_code, {}).get(country_code, {})
        return by_key.get((period or self.latest, measure))


@dataclass(frozen=True)
class Release:
    """A release as the pages see it."""

    facts: dict[str, Any]
    gate: dict[str, Any]
    round: dict[str, str]
    countries: dict[str, Country]
    themes: list[Theme]
    series: dict[str, list[Series]]  # by indicator, the headline first
    dimensions: dict[str, Dimension]
    flags: dict[str, str]
    completeness: dict[tuple[str, str], str]  # (country, indicator): status
    completeness_by_dimension: dict[tuple[str, str], tuple[int, int]]  # (country, dimension): (received, expected)
    submissions: list[Submission]
    findings: list[Finding]
    corrections: list[Correction]
    quality_tables: dict[str, Table]  # `holds`, `waivers`, `justifications`: those that the release has
    releases: list[str]  # ids, the oldest first, up to this one
    file_sizes: dict[str, int]  # path inside the release, bytes
    region_shapes: dict[str, Any] | None  # shapes of regions that the operator supplies
    rules: list[dict[str, str]]  # the registry of checks, its columns as text

    @property
    def is_reference_roster(self) -> bool:
        """Say whether the countries are those of the reference roster, not of the official list."""
        return any(country.roster_status == "reference" for country in self.countries.values())

    @property
    def release_id(self) -> str:
        """The id of the release."""
        return str(self.facts["release_id"])

    def headline(self, indicator_code: str) -> Series:
        """Return the series that stands for an indicator in lists."""
        return self.series[indicator_code][0]

    @cached_property
    def headlines(self) -> list[Series]:
        """The series that stand for their indicators in lists, theme by theme."""
        return [series for theme in self.themes for series in self.headlines_of(theme)]

    def headlines_of(self, theme: Theme) -> list[Series]:
        """Return the headline series of a theme."""
        return [series for series in self.series_of(theme) if series.is_headline]

    def series_of(self, theme: Theme) -> list[Series]:
        """Return all series of a theme, in the order of their indicators."""
        listed = [each for series in self.series.values() for each in series]
        return [each for each in listed if each.indicator.theme_code == theme.theme_code]
