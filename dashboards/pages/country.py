"""One page per country: how it stands, who is left behind in it, which files its figures are from."""

from collections import Counter
from itertools import islice
from typing import Any

from markupsafe import Markup, escape

from dashboards import sentences, words
from dashboards.drafting import drawn_later
from dashboards.figures import Release, Series
from dashboards.marts import Correction, Country, Submission, Theme
from dashboards.pages import country_charts, overview, parts, rows
from dashboards.pages.completeness import LETTERS
from dashboards.pages.series import change
from dashboards.pages.series.common import estimate_cell
from dashboards.speech import say, say_count
from dashboards.words import Figure

MOST_GAPS = 12  # rows of the chart of the largest gaps
MOST_DIMENSIONS = 2  # that have such a chart below the first sheet


def context(release: Release, country: Country) -> dict[str, Any]:
    """Return what the page of one country shows."""
    code = country.country_code
    files = {each.submission_id: each for each in release.submissions if each.country_code == code}
    numbers = {submission_id: number for number, submission_id in enumerate(files, start=1)}
    themes = [_theme(release, theme, code, numbers) for theme in release.themes]
    first = rows.gap_dimension(release)
    further = [
        each
        for each in release.dimensions.values()
        if each is not first or len(country_charts.largest_gaps(release, each, code)) > country_charts.MOST_ON_SHEET
    ]
    drawn = (country_charts.widest_gaps(release, each, code, MOST_GAPS) for each in further)
    widest = list(islice(filter(None, drawn), MOST_DIMENSIONS))
    sheet = [
        country_charts.sheet_spine(release, code),
        country_charts.widest_gaps(release, first, code, country_charts.MOST_ON_SHEET, name="widest"),
    ]
    whole_title = say("{country} in every indicator", country=country.country_name)
    whole = country_charts.spine(release, code, release.headlines, "position", whole_title)
    return {
        "country": country,
        "native_name": Markup(drawn_later(_native_beside, country.native_name, country.country_name)),
        "facts": _facts(country, [row for theme in themes for row in theme["rows"]]),
        "says": _says(release, code),
        "sheet": [chart for chart in sheet if chart],
        "whole": whole,
        "themes": [theme for theme in themes if theme["rows"]],
        "equity": widest,
        "gaps": _gaps(release, code),
        "dimensions": list(release.dimensions.values()),
        "completeness": _completeness(release, code),
        "files": [_file(release, each, numbers[each.submission_id]) for each in files.values()],
        "corrections": _corrections(release, code, numbers),
        "charts": [*(chart for chart in sheet if chart), whole, *widest],
    }


def _native_beside(native_name: str, country_name: str) -> str:
    """Return the name of a country in its own languages, where the page says another one."""
    return "" if native_name == country_name else f'<span class="site">{escape(native_name)}</span>'


def _facts(country: Country, rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    hidden = sum(row["figure"].status == "suppressed" for row in rows)
    standings = Counter(row["standing"] for row in rows if row["series"].is_headline)
    compared = say(
        "{better} better · {similar} similar · {worse} worse",
        better=standings["better"],
        similar=standings["similar"],
        worse=standings["worse"],
    )
    return [
        (
            words.part_of(country.reported_count, country.expected_count),
            say("expected headline figures received, all periods of the round"),
        ),
        (compared, say("against the EU value, by 95 % intervals, where that can be said")),
        (words.number(hidden), say("headline figures hidden to protect people")),
    ]


# On one sheet


def _says(release: Release, country_code: str) -> list[str]:
    """Return what the figures say of one country, beyond chance or not at all."""
    changes = sentences.judged_changes(
        series.trends.get(("TOTAL", country_code)) for series in overview.own_series(release)
    )
    said = [_left_behind(release, country_code)]
    if changes.judged:
        changed = say(
            "Since the first period of their series {improved} of {judged} indicators improved and {worsened} worsened "
            "beyond chance",
            improved=changes.improved,
            judged=changes.judged,
            worsened=changes.worsened,
        )
        said.append(f"{sentences.with_unchanged(changed, changes.unclear)}.")
    return [sentence for sentence in said if sentence]


def _left_behind(release: Release, country_code: str) -> str:
    """Return in how many gaps those with less stand clearly worse: in those that the chart of gaps is about."""
    dimension = rows.gap_dimension(release)
    listed = [series for _, series in country_charts.largest_gaps(release, dimension, country_code)]
    gaps = [
        gap
        for series in listed
        if series.indicator.is_higher_better is not None
        and (gap := series.gap(dimension.code, country_code, "d")) is not None
    ]
    counts = sentences.judged_gaps(gaps)
    if not counts.judged:
        return ""
    said = say_count(
        "{dimension}: of {count} gap, those with less stand clearly worse in {worse}, clearly better in {better}",
        "{dimension}: of {count} gaps, those with less stand clearly worse in {worse}, clearly better in {better}",
        len(listed),
        dimension=dimension.name,
        worse=counts.worse,
        better=counts.better,
    )
    said, unsaid = sentences.with_unclear(said, counts.unclear), len(listed) - counts.judged
    return f"{say('{said}; in {count} it cannot be said', said=said, count=unsaid) if unsaid else said}."


def _completeness(release: Release, country_code: str) -> list[dict[str, Any]]:
    """Return one row for each theme: how many of its indicators are complete, partial, hidden, not reported."""
    found = []
    for theme in release.themes:
        codes = [series.indicator.indicator_code for series in release.headlines_of(theme)]
        counts = Counter(release.completeness.get((country_code, code), "not_applicable") for code in codes)
        if codes:
            found.append({"theme": theme, "counts": [counts[status] for status in LETTERS]})
    return found


# How does the country stand?


def _theme(release: Release, theme: Theme, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    found = [_position(series, country_code, numbers) for series in release.series_of(theme)]
    return {"theme": theme, "rows": [row for row in found if row["figure"].text != words.NOTHING]}


def _position(series: Series, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    estimate = series.estimate(country_code)
    figure, standing = estimate_cell(series, estimate), parts.standing_of(series, country_code)
    return {
        "series": series,
        "unit_line": parts.unit_line(series.indicator),
        "figure": figure._replace(unit=parts.short_unit(series.indicator)),
        "standing": standing,
        "standing_words": say(words.STANDING_WORDS[standing]),
        "rank": parts.rank_words(series.comparisons.get(country_code)),
        "reference": parts.reference_figure(series),
        "change": change.change_words(series, "TOTAL", country_code, words.gap_unit(series.indicator.unit)),
        "mark": parts.mark_of(estimate),
        "file_number": numbers.get(estimate.submission_id or "") if estimate else None,
    }


# Who is left behind?


def _gaps(release: Release, country_code: str) -> list[dict[str, Any]]:
    """Return one row per series for which the country reported any group: its gap by every dimension."""
    found = []
    for series in (series for theme in release.themes for series in release.series_of(theme)):
        gaps = {code: series.gap(code, country_code, "d") for code in release.dimensions}
        if any(gap is not None for gap in gaps.values()):
            estimate = series.estimate(country_code)
            found.append(
                {
                    "series": series,
                    "unit": words.gap_unit(series.indicator.unit),
                    "mark": parts.mark_of(estimate),
                    "figures": [_gap_or_why_none(release, series, code, country_code) for code in gaps],
                }
            )
    return found


def _gap_or_why_none(release: Release, series: Series, dimension_code: str, country_code: str) -> Figure:
    gap = series.gap(dimension_code, country_code, "d")
    if gap is None and country_code in release.dimensions[dimension_code].undivided:
        return words.not_applicable()
    return parts.gap_figure_of(series, gap)


# Which files are the figures from?


def _file(release: Release, submission: Submission, number: int) -> dict[str, Any]:
    findings = [each for each in release.findings if each.submission_id == submission.submission_id]
    told = [say("{title} ({count})", title=each.title, count=each.finding_count) for each in findings]
    return {
        "number": number,
        "submission": submission,
        "received": words.moment(submission.received_at),
        "verdict": parts.verdict(submission.verdict),
        "told": "; ".join(told) or say("nothing to change"),
    }


def _corrections(release: Release, country_code: str, numbers: dict[str, int]) -> dict[str, Any]:
    """Return the headline figures that a later file changed, and how many figures of groups it changed."""
    mine = [each for each in release.corrections if each.country_code == country_code]
    headline = [each for each in mine if each.stratum_id == parts.TOTAL_STRATUM]
    series = {
        (each.indicator.indicator_code, each.site_code): each for held in release.series.values() for each in held
    }
    return {
        "rows": [
            {
                "series": series[each.indicator_code, each.site_code],
                "period": each.period,
                "before": _version(each, "previous_"),
                "after": _version(each, ""),
                "file_number": numbers.get(each.submission_id),
                "release_id": each.first_release_id,
            }
            for each in headline
            if (each.indicator_code, each.site_code) in series
        ],
        "group_count": len(mine) - len(headline),
        "headline_words": say_count("{count} headline figure", "{count} headline figures", len(headline)),
        "group_words": say_count("{count} figure of groups", "{count} figures of groups", len(mine) - len(headline)),
    }


def _version(correction: Correction, prefix: str) -> str:
    """Return a version of a figure as it was sent: counts, or the value."""
    row = correction._asdict()
    if row[f"{prefix}is_suppressed"]:
        return words.HIDDEN
    numerator, denominator, value = (row[f"{prefix}{name}"] for name in ("numerator", "denominator", "obs_value"))
    if numerator is not None and denominator is not None:
        return words.part_of(numerator, denominator)
    known = next((each for each in (value, numerator) if each is not None), None)
    return words.not_reported().text if known is None else words.number(known, words.decimals_for([known]))
