"""What several pages say in the same way: figures of a series, marks of synthetic figures, names of groups."""

from markupsafe import Markup, escape

from dashboards import words
from dashboards.figures import Estimate, Gap, GroupEstimate, Indicator, Release, Series, Summary
from dashboards.words import Figure

BREAK_STATUS = "B"
MARKED = words.SHOWN | {"suppressed"}  # a synthetic figure that is there, be it hidden
MINIMUM_FOR_MIDDLE = 3  # with fewer countries nobody stands in the middle


def figure_of(series: Series, estimate: Estimate | GroupEstimate | None) -> Figure:
    """Return the figure of an estimate of this series; a dash where nothing is expected."""
    if estimate is None:
        return words.EXPECTED_NOWHERE
    return words.figure(
        estimate.publication_status,
        estimate.value,
        decimals=series.decimals,
        limits=(estimate.lower_ci, estimate.upper_ci),
        obs_status=estimate.obs_status,
        is_binary=series.indicator.is_binary,
    )


def gap_figure_of(series: Series, gap: Gap | None) -> Figure:
    """Return the figure of a gap of this series; a dash where the dimension was not reported."""
    if gap is None:
        return words.NO_GROUPS
    decimals = 2 if gap.measure == "r" else series.decimals
    return words.gap_figure(gap.estimate, (gap.lower_ci, gap.upper_ci), gap.null_reason, decimals)


def shown_value(estimate: Estimate | GroupEstimate | None) -> float | None:
    """Return the value if it may be shown, else None: what charts draw."""
    if estimate is None or not words.is_shown(estimate.publication_status, estimate.value):
        return None
    return estimate.value


def shown_gap(gap: Gap | None) -> float | None:
    """Return the estimate of a gap if there is one."""
    return None if gap is None or gap.null_reason else gap.estimate


def middle_of(series: Series) -> float | None:
    """Return the value of the middle country, where there are enough countries and a middle means something."""
    is_enough = series.summary.published_count >= MINIMUM_FOR_MIDDLE
    return series.summary.middle if is_enough and not series.indicator.is_binary else None


def standing_of(series: Series, estimate: Estimate | None) -> str:
    """Return where a country stands against the middle country of its series; nothing where that cannot be said."""
    if estimate is None or shown_value(estimate) is None:
        return ""
    limits = (estimate.lower_ci, estimate.upper_ci)
    return words.standing(limits, middle_of(series), is_higher_better=series.indicator.is_higher_better)


def with_unit(series: Series, value: float) -> str:
    """Return a value of a series with its unit."""
    text, unit = words.number(value, series.decimals), words.unit(series.indicator.unit)
    return f"{text} {unit}"


def unit_line(indicator: Indicator) -> str:
    """Return the unit and the direction of an indicator, as one small line."""
    unit = words.unit(indicator.unit)
    if indicator.measure_type_name and indicator.measure_type_name.startswith("Median"):
        unit = f"median, {unit}"
    return f"{unit} · {words.direction(indicator.direction)}"


def short_unit(indicator: Indicator) -> str:
    """Return the unit if it is one word, to stand after a figure; longer ones stand under the indicator's name."""
    unit = words.unit(indicator.unit)
    return "" if " " in unit else unit


def mark_of(*estimates: Estimate | None) -> Markup:
    """Return the mark of a row with synthetic figures, shown or hidden; nothing for a row without."""
    is_marked = any(each and each.is_synthetic and each.publication_status in MARKED for each in estimates)
    return mark("synthetic" if is_marked else "")


def mark(word: str) -> Markup:
    """Return the mark that says `synthetic` or `partly synthetic`; nothing for no word."""
    return Markup(f' <span class="synthetic">{escape(word)}</span>') if word else Markup()


def synthetic_word(summary: Summary) -> str:
    """Return how a series is marked: synthetic, partly so, or not at all."""
    if not summary.has_synthetic:
        return ""
    return "partly synthetic" if summary.has_real else "synthetic"


def country_name(release: Release, country_code: str | None) -> str:
    """Return the name of a country for readers."""
    country = release.countries.get(country_code or "")
    return country.country_name if country else (country_code or "")


def has_broken(estimate: Estimate | None) -> bool:
    """Say whether the series breaks at this estimate."""
    return estimate is not None and estimate.obs_status == BREAK_STATUS
