"""Sentences that say what the figures say, computed from them: titles of charts, headlines, descriptions.

They count and name; they never say more than an interval allows. "No clear difference" is said where it holds.
"""

from collections import Counter
from collections.abc import Iterable

from dashboards import words
from dashboards.figures import Dimension, Gap, Release, Series, Trend
from dashboards.pages import parts


def spread(release: Release, series: Series) -> str:
    """Return from where to where countries stand."""
    summary = series.summary
    if not summary.published_count or summary.lowest is None or summary.highest is None:
        return "No country has a figure that may be shown"
    if series.indicator.is_binary:
        return f"{summary.yes_count} of {summary.published_count} countries say yes"
    low = parts.country_name(release, summary.lowest_country_code)
    high = parts.country_name(release, summary.highest_country_code)
    lowest, highest = (words.number(value, series.decimals) for value in (summary.lowest, summary.highest))
    unit = words.unit(series.indicator.unit)
    return f"From {lowest} {unit} in {low} to {highest} {unit} in {high}"


def standing(release: Release, series: Series) -> str:
    """Return how many countries are better or worse than the EU; from where to where if that cannot be judged."""
    counts = Counter(parts.standing_of(series, code) for code in release.countries)
    judged = sum(counts[word] for word in ("better", "similar", "worse"))
    if not judged:
        return spread(release, series)
    better = words.count_of(counts["better"], "country does", "countries do")
    return (
        f"{better} better than the EU value, {counts['worse']} worse; for {counts['similar']} of {judged} there is no "
        "clear difference"
    )


def reporting(release: Release, series: Series) -> str:
    """Return who reported, and the value of the EU with how much of the EU it is made of."""
    summary, eu = series.summary, series.eu.get(series.latest)
    said = f"{summary.reporting_count} of {len(release.countries)} countries reported {series.latest}."
    if eu is not None and eu.value is not None:
        share = f"{100 * (eu.population_share or 0):.0f} %"
        limits = words.interval(eu.lower_ci, eu.upper_ci, series.decimals)
        said += (
            f" The EU value is {parts.with_unit(series, eu.value)} (95 % interval {limits}), from {eu.country_count} "
            f"members with {share} of the EU's population."
        )
    elif (middle := parts.middle_of(series)) is not None:
        said += f" The middle country stands at {parts.with_unit(series, middle)}; these figures cannot be pooled."
    return said


def gap(release: Release, series: Series, dimension: Dimension) -> str:
    """Return who is left behind by one dimension: in how many countries clearly, and where most."""
    gaps = shown_gaps(release, series, dimension)
    name = dimension.name.lower()
    if not gaps:
        return f"By {name} no gap may be shown"
    size, widest = max((row.estimate or 0.0, code) for code, row in gaps.items())
    unit = words.gap_unit(series.indicator.unit)
    most = f"the widest gap is {words.number(size, series.decimals)} {unit}, in {parts.country_name(release, widest)}"
    if not dimension.is_ordered or series.indicator.is_higher_better is None:
        return f"By {name} {most}"
    worse, better, unclear = judged_gaps(gaps.values())
    if not worse + better + unclear:
        return f"By {name} {most}"
    return (
        f"{words.capital(name)}: those with less stand worse in {worse} of {worse + better + unclear} countries, "
        f"better in {better}; no clear difference in {unclear}. {words.capital(most)}"
    )


def shown_gaps(release: Release, series: Series, dimension: Dimension) -> dict[str, Gap]:
    """Return the gaps of the latest period that may be shown, by country."""
    gaps = {code: series.gap(dimension.code, code, "d") for code in release.countries}
    return {code: row for code, row in gaps.items() if row is not None and parts.shown_gap(row) is not None}


def judged_gaps(gaps: Iterable[Gap]) -> tuple[int, int, int]:
    """Return in how many gaps with an interval those with less stand clearly worse, clearly better, neither."""
    limits = [(row.lower_ci, row.upper_ci) for row in gaps if row.lower_ci is not None and row.upper_ci is not None]
    worse = sum(lower > 0 for lower, _ in limits)
    better = sum(upper < 0 for _, upper in limits)
    return worse, better, len(limits) - worse - better


def change(trends: Iterable[Trend], *, what: str, improved: str, worsened: str) -> str:
    """Return in how many countries something changed clearly. `improved`, `worsened`: what is said of it."""
    counts = Counter(trend.direction for trend in trends)
    judged = counts["improving"] + counts["worsening"] + counts["no_clear_change"]
    if not judged:
        return f"For {what} no change can be judged"
    return (
        f"{words.capital(what)} {improved} in {counts['improving']} of {judged} countries and {worsened} in "
        f"{counts['worsening']}; no clear change in {counts['no_clear_change']}"
    )


def level_change(release: Release, series: Series) -> str:
    """Return in how many countries the headline figure changed clearly."""
    trends = [trend for code in release.countries if (trend := series.trends.get(("TOTAL", code)))]
    return change(trends, what="the figure", improved="improved", worsened="worsened")


def gap_change(release: Release, series: Series, dimension: Dimension) -> str:
    """Return in how many countries the gap changed clearly."""
    trends = [trend for code in release.countries if (trend := series.trends.get((dimension.code, code)))]
    return change(trends, what="the gap", improved="narrowed", worsened="widened")


def chance(release: Release, series: Series) -> str:
    """Return how many countries lie within the funnel."""
    positions = Counter(row.funnel_position for code, row in series.comparisons.items() if code in release.countries)
    judged = sum(positions.values()) - positions["not_assessed"]
    far = positions["above_998"] + positions["below_998"]
    return (
        f"{positions['within']} of {judged} countries lie where chance alone could leave them; {far} lie beyond the "
        "99.8 % limits"
    )


def convergence(series: Series) -> str:
    """Return whether countries come closer together, by the yearly change of their standard deviation; or nothing."""
    slope = series.convergence.get("sigma_sd_slope")
    if slope is None or series.indicator.is_binary:
        return ""
    size = words.number(abs(slope.estimate), 2)
    way = "closer together" if slope.estimate < 0 else "further apart"
    unit = words.gap_unit(series.indicator.unit)
    moved = f"moved {way}: their standard deviation changed by {size} {unit} a year"
    if size == words.number(0.0, 2):
        moved = "stayed as far apart as they were"
    return (
        f"From {slope.first_period} to {slope.last_period} the {slope.country_count} countries with unbroken series "
        f"{moved}. This describes the countries; it is no test."
    )
