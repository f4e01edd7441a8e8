"""Sentences that say what the figures say, computed from them: titles of charts, headlines, descriptions.

They count and name; they never say more than an interval allows. "No clear difference" is said where it holds, and
never of none.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from dashboards import words
from dashboards.figures import Dimension, Release, Series
from dashboards.marts import Gap, Trend
from dashboards.pages import parts
from dashboards.speech import say, say_count


class GapCounts(NamedTuple):
    """In how many gaps with an interval those with less stand clearly worse, clearly better, neither."""

    worse: int
    better: int
    unclear: int

    @property
    def judged(self) -> int:
        """How many gaps have an interval."""
        return sum(self)


class ChangeCounts(NamedTuple):
    """How many changes that can be judged are clear improvements, clearly for the worse, neither."""

    improved: int
    worsened: int
    unclear: int

    @property
    def judged(self) -> int:
        """How many changes can be judged."""
        return sum(self)


def spread(release: Release, series: Series) -> str:
    """Return from where to where countries stand."""
    summary = series.summary
    if not summary.published_count or summary.lowest is None or summary.highest is None:
        return say("No country has a figure that may be shown")
    if series.indicator.is_binary:
        return say_count(
            "{yes_count} of {count} country says yes",
            "{yes_count} of {count} countries say yes",
            summary.published_count,
            yes_count=summary.yes_count,
        )
    return say(
        "From {lowest} in {low_country} to {highest} in {high_country}",
        lowest=parts.with_unit(series, summary.lowest),
        low_country=parts.country_name(release, summary.lowest_country_code),
        highest=parts.with_unit(series, summary.highest),
        high_country=parts.country_name(release, summary.highest_country_code),
    )


def standing(release: Release, series: Series) -> str:
    """Return how many countries are better or worse than the EU; from where to where if that cannot be judged."""
    counts = Counter(parts.standing_of(series, code) for code in release.countries)
    if not any(counts[each] for each in ("better", "similar", "worse")):
        return spread(release, series)
    return say_count(
        "{count} country does better than the EU value, {worse} worse, {similar} similar",
        "{count} countries do better than the EU value, {worse} worse, {similar} similar",
        counts["better"],
        worse=counts["worse"],
        similar=counts["similar"],
    )


def reporting(release: Release, series: Series) -> str:
    """Return who reported, and the value of the EU with how much of the EU it is made of."""
    eu, middle = series.eu.get(series.latest), parts.middle_of(series)
    said = say(
        "{reporting} of {countries} countries reported {period}.",
        reporting=series.summary.reporting_count,
        countries=len(release.countries),
        period=series.latest,
    )
    if eu is not None and eu.value is not None:
        made_of = say(
            "The EU value is {value} (95 % interval {interval}), from {members} members with {share} of the EU's "
            "population.",
            value=parts.with_unit(series, eu.value),
            interval=words.interval(eu.lower_ci, eu.upper_ci, series.decimals),
            members=eu.country_count,
            share=words.share_of(eu.population_share or 0, 1),
        )
        return f"{said} {made_of}"
    if middle is not None:
        value = parts.with_unit(series, middle)
        unpooled = say("The middle country stands at {value}; these figures cannot be pooled.", value=value)
        return f"{said} {unpooled}"
    return said


def gap(release: Release, series: Series, dimension: Dimension) -> str:
    """Return who is left behind by one dimension: in how many countries clearly, and where most."""
    gaps = shown_gaps(release, series, dimension)
    if not gaps:
        return say("{dimension}: no gap may be shown", dimension=dimension.name)
    size, widest = max(((row.estimate or 0.0, code) for code, row in gaps.items()), key=lambda gap: (abs(gap[0]), gap))
    widest_gap = {
        "dimension": dimension.name,
        "gap": parts.with_gap_unit(series, size),
        "country": parts.country_name(release, widest),
    }
    counts = judged_gaps(gaps.values())
    if not dimension.is_ordered or series.indicator.is_higher_better is None or not counts.judged:
        return say("{dimension}: the widest gap is {gap}, in {country}", **widest_gap)
    stand = say(
        "{dimension}: those with less stand worse in {worse} of {judged} countries, better in {better}",
        dimension=dimension.name,
        worse=counts.worse,
        better=counts.better,
        judged=counts.judged,
    )
    return say(
        "{stand}. The widest gap is {gap}, in {country}",
        stand=with_unclear(stand, counts.unclear),
        gap=widest_gap["gap"],
        country=widest_gap["country"],
    )


def shown_gaps(release: Release, series: Series, dimension: Dimension) -> dict[str, Gap]:
    """Return the gaps of the latest period that may be shown, by country."""
    gaps = {code: series.gap(dimension.code, code, "d") for code in release.countries}
    return {code: row for code, row in gaps.items() if row is not None and parts.shown_gap(row) is not None}


def judged_gaps(gaps: Iterable[Gap]) -> GapCounts:
    """Count the gaps that have an interval."""
    limits = [(row.lower_ci, row.upper_ci) for row in gaps if row.lower_ci is not None and row.upper_ci is not None]
    worse = sum(lower > 0 for lower, _ in limits)
    better = sum(upper < 0 for _, upper in limits)
    return GapCounts(worse, better, len(limits) - worse - better)


def judged_changes(trends: Iterable[Trend | None]) -> ChangeCounts:
    """Count the changes that can be judged."""
    counts = Counter(trend.direction for trend in trends if trend is not None)
    return ChangeCounts(counts["improving"], counts["worsening"], counts["no_clear_change"])


def with_unclear(said: str, count: int) -> str:
    """Return a sentence with in how many of its gaps there is no clear difference, if there is any."""
    return say("{said}; no clear difference in {count}", said=said, count=count) if count else said


def with_unchanged(said: str, count: int) -> str:
    """Return a sentence with how many of its changes are not clear, if there is any."""
    return say("{said}; no clear change in {count}", said=said, count=count) if count else said


def level_change(release: Release, series: Series) -> str:
    """Return in how many countries the headline figure changed clearly."""
    counts = judged_changes(series.trends.get(("TOTAL", code)) for code in release.countries)
    if not counts.judged:
        return say("For the figure no change can be judged")
    said = say(
        "The figure improved in {improved} of {judged} countries and worsened in {worsened}",
        improved=counts.improved,
        judged=counts.judged,
        worsened=counts.worsened,
    )
    return with_unchanged(said, counts.unclear)


def gap_change(release: Release, series: Series, dimension: Dimension) -> str:
    """Return in how many countries the gap changed clearly."""
    counts = judged_changes(series.trends.get((dimension.code, code)) for code in release.countries)
    if not counts.judged:
        return say("For the gap no change can be judged")
    said = say(
        "The gap narrowed in {improved} of {judged} countries and widened in {worsened}",
        improved=counts.improved,
        judged=counts.judged,
        worsened=counts.worsened,
    )
    return with_unchanged(said, counts.unclear)


def chance(release: Release, series: Series) -> str:
    """Return how many countries lie within the funnel."""
    positions = Counter(row.funnel_position for code, row in series.comparisons.items() if code in release.countries)
    return say(
        "{within} of {judged} countries lie where chance alone could leave them; {far} lie beyond the 99.8 % limits",
        within=positions["within"],
        judged=sum(positions.values()) - positions["not_assessed"],
        far=positions["above_998"] + positions["below_998"],
    )


def convergence(series: Series) -> str:
    """Return whether countries come closer together, by the yearly change of their standard deviation; or nothing."""
    slope = series.convergence.get("sigma_sd_slope")
    if slope is None or series.indicator.is_binary:
        return ""
    values = {
        "first": slope.first_period,
        "last": slope.last_period,
        "count": slope.country_count,
        "size": f"{words.number(abs(slope.estimate), 2)} {words.gap_unit(series.indicator.unit)}",
    }
    if round(abs(slope.estimate), 2) == 0:
        return say(
            "From {first} to {last} the {count} countries with unbroken series stayed as far apart as they were. This "
            "describes the countries; it is no test.",
            **values,
        )
    if slope.estimate < 0:
        return say(
            "From {first} to {last} the {count} countries with unbroken series moved closer together: their standard "
            "deviation changed by {size} a year. This describes the countries; it is no test.",
            **values,
        )
    return say(
        "From {first} to {last} the {count} countries with unbroken series moved further apart: their standard "
        "deviation changed by {size} a year. This describes the countries; it is no test.",
        **values,
    )
