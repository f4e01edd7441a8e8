"""Rows of the marts as plain types: each names its columns in the order of its query."""

from typing import Any, NamedTuple

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
    stratum_id: str
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
    country_count: int | None
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
    lower_ci: float | None
    upper_ci: float | None
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
