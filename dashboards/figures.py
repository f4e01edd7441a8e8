"""What the pages show, as plain types: rows of the marts, grouped into the series that a page is about."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from dashboards.words import decimals_for, short

SeriesKey = tuple[str, str]  # (indicator_code, site_code)


class Country(NamedTuple):
    """One country of the roster; counts are headline figures of the round."""

    country_code: str
    country_name: str
    native_name: str
    roster_status: str
    expected_count: int
    reported_count: int


class Theme(NamedTuple):
    """One theme of the catalogue."""

    theme_code: str
    theme_name: str
    theme_kind: str
    theme_description: str


class Indicator(NamedTuple):
    """One indicator with what its page says about it."""

    indicator_code: str
    indicator_name: str
    theme_code: str
    definition: str
    measure_type_code: str
    measure_type_name: str
    numerator_definition: str | None
    denominator_definition: str | None
    unit: str
    direction: str
    periodicity_name: str
    minimum_denominator_count: int | None
    data_holder: str
    source_url: str | None
    target_value: float | None
    target_year: int | None
    benchmark: str | None
    benchmark_note: str | None

    @property
    def is_binary(self) -> bool:
        """Yes or no: nothing to rank, no middle."""
        return self.measure_type_code == "BIN"

    @property
    def is_higher_better(self) -> bool | None:
        """None where neither high nor low is better."""
        return {"higher_better": True, "lower_better": False}.get(self.direction)


class Summary(NamedTuple):
    """How countries spread in one series; values in the unit of the indicator."""

    indicator_code: str
    site_code: str
    reporting_count: int
    published_count: int
    yes_count: int
    lowest: float | None
    lowest_country_code: str | None
    highest: float | None
    highest_country_code: str | None
    middle: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    has_synthetic: bool
    has_real: bool


class Estimate(NamedTuple):
    """One estimate for all people; values in the unit of the indicator."""

    indicator_code: str
    site_code: str
    country_code: str
    period: str
    value: float | None
    lower_ci: float | None
    upper_ci: float | None
    numerator: float | None
    denominator: float | None
    p25: float | None
    p75: float | None
    estimate_basis: str | None
    publication_status: str
    obs_status: str | None
    is_synthetic: bool
    reference: str | None
    submission_id: str | None


class GroupEstimate(NamedTuple):
    """One estimate for a group of people."""

    indicator_code: str
    site_code: str
    dimension_code: str
    country_code: str
    group_code: str
    period: str
    value: float | None
    lower_ci: float | None
    upper_ci: float | None
    publication_status: str
    obs_status: str | None


class Gap(NamedTuple):
    """One difference (`d`, in the unit of the indicator) or ratio (`r`) between two groups."""

    indicator_code: str
    site_code: str
    dimension_code: str
    country_code: str
    period: str
    measure: str
    estimate: float | None
    lower_ci: float | None
    upper_ci: float | None
    null_reason: str | None
    reference_group: str | None
    compared_group: str | None


class Comparison(NamedTuple):
    """Where a country stands in the latest expected period; gaps and limits in the unit of the indicator."""

    indicator_code: str
    site_code: str
    country_code: str
    rank: int | None
    rank_lower: int | None
    rank_upper: int | None
    gap_to_eu: float | None
    eu_position: str
    funnel_lower_95: float | None
    funnel_upper_95: float | None
    funnel_lower_998: float | None
    funnel_upper_998: float | None
    funnel_position: str


class EuValue(NamedTuple):
    """The value of the EU in one period, in the unit of the indicator; None where figures cannot be pooled."""

    indicator_code: str
    site_code: str
    period: str
    value: float | None
    lower_ci: float | None
    upper_ci: float | None
    country_count: int | None
    population_share: float | None


class Trend(NamedTuple):
    """The change of a headline figure (`TOTAL`) or of a gap since the first period of its unbroken series."""

    indicator_code: str
    site_code: str
    dimension_code: str
    country_code: str
    baseline_period: str | None
    change: float | None
    direction: str


class Convergence(NamedTuple):
    """One measure of whether countries come closer together."""

    indicator_code: str
    site_code: str
    measure: str
    first_period: str
    last_period: str
    estimate: float
    country_count: int


class Table(NamedTuple):
    """A table that a release may have, as it stands there."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


class Submission(NamedTuple):
    """One submission that was answered."""

    submission_id: str
    country_code: str
    received_at: str
    verdict: str
    rows_read: int
    rows_accepted: int
    rows_held: int
    rows_refused: int
    is_in_force: bool


class Finding(NamedTuple):
    """How often one rule spoke about one submission."""

    submission_id: str
    rule: str
    severity: str
    title: str
    finding_count: int


class Correction(NamedTuple):
    """One figure that a later file changed."""

    country_code: str
    indicator_code: str
    site_code: str
    period: str
    stratum_id: str
    previous_numerator: float | None
    previous_denominator: float | None
    previous_obs_value: float | None
    previous_is_suppressed: bool
    numerator: float | None
    denominator: float | None
    obs_value: float | None
    is_suppressed: bool
    first_release_id: str
    submission_id: str


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
    def page_name(self) -> str:
        """The name of this series' page, without its ending; the headline has the indicator's own name."""
        code = self.indicator.indicator_code
        return code if self.is_headline else f"{code}-{self.site_code}"

    @cached_property
    def all_periods(self) -> list[str]:
        """All periods with a row, expected by this round or not, oldest first."""
        return sorted({*self.periods, *(period for by_period in self.totals.values() for period in by_period)})

    @cached_property
    def decimals(self) -> int:
        """With how many decimals all values of this series are written."""
        values = (estimate.value for by_period in self.totals.values() for estimate in by_period.values())
        return decimals_for(value for value in values if value is not None)

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
