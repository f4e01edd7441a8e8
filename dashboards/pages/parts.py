"""What several pages say in the same way: figures of a series, marks of synthetic figures, names of groups."""

from urllib.parse import quote

from markupsafe import Markup, escape

from dashboards import words
from dashboards.charts.points import Point
from dashboards.drafting import later
from dashboards.figures import Release, Series
from dashboards.marts import Comparison, Estimate, EuValue, Gap, GroupEstimate, Indicator, Summary
from dashboards.speech import say
from dashboards.words import Figure
from ingestion.languages import phrase
from ingestion.licences import LICENCES, contact_address
from ingestion.receipts.wording import VERDICTS

BREAK_STATUS = "B"
MEDIAN = "MEDDAYS"
MARKED = words.SHOWN | {"suppressed"}  # a synthetic figure that is there, be it hidden
MINIMUM_FOR_MIDDLE = 3  # with fewer countries nobody stands in the middle
MIDDLE = "m"  # stands beside the figure of the middle country
TOTAL_STRATUM = "TOTAL"
SYNTHETIC = phrase("synthetic")
PARTLY_SYNTHETIC = phrase("partly synthetic")


def figure_of(series: Series, estimate: Estimate | GroupEstimate | None) -> Figure:
    """Return the figure of an estimate of this series; a dash where nothing is expected."""
    if estimate is None:
        return words.expected_nowhere()
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
        return words.expected_nowhere()
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


def eu_value_of(series: Series) -> EuValue | None:
    """Return the value of the EU in the latest period where there is one."""
    found = series.eu.get(series.latest)
    return found if found is not None and found.value is not None else None


def reference_of(series: Series) -> tuple[float, bool] | None:
    """Return what countries are read against, and whether that is the value of the EU or the middle country."""
    eu, middle = eu_value_of(series), middle_of(series)
    if eu is not None and eu.value is not None:
        return eu.value, True
    return None if middle is None else (middle, False)


def reference_figure(series: Series) -> Figure:
    """Return what countries are read against as a figure: the EU value with its interval, or the middle country."""
    reference, eu = reference_of(series), eu_value_of(series)
    if reference is None:
        return words.expected_nowhere()
    return Figure(
        words.number(reference[0], series.decimals),
        is_number=True,
        interval=words.interval(eu.lower_ci, eu.upper_ci, series.decimals) if eu else "",
        flags="" if eu else MIDDLE,
        unit=short_unit(series.indicator),
    )


def reference_words(series: Series) -> str:
    """Return what countries are read against in words; nothing for nothing."""
    reference = reference_of(series)
    if reference is None:
        return ""
    value = with_unit(series, reference[0])
    return say("EU value {value}", value=value) if reference[1] else say("middle country {value}", value=value)


def standing_of(series: Series, country_code: str) -> str:
    """Return where a country stands against the value of the EU, by the interval of its gap; or nothing."""
    comparison = series.comparisons.get(country_code)
    if comparison is None or comparison.eu_position == "not_assessed":
        return ""
    return comparison.eu_position if shown_value(series.estimate(country_code)) is not None else ""


def rank_words(comparison: Comparison | None) -> str:
    """Return from which to which rank a country may stand, and of how many; nothing where that cannot be said."""
    if comparison is None or comparison.rank_lower is None:
        return ""
    ranks = words.span(comparison.rank_lower, comparison.rank_upper)
    return say("{part} of {whole}", part=ranks, whole=comparison.country_count)


def point_of(release: Release, series: Series, country_code: str, root: str) -> Point:
    """Return the latest figure of a country as charts draw it; `root` leads to the site's folder of this language."""
    estimate = series.estimate(country_code)
    figure, value = figure_of(series, estimate), shown_value(estimate)
    return Point(
        code=country_code,
        name=release.countries[country_code].country_name,
        value=value,
        text=figure.plain,
        status=estimate.publication_status if estimate else "not_expected",
        lower=estimate.lower_ci if estimate and value is not None else None,
        upper=estimate.upper_ci if estimate and value is not None else None,
        standing=standing_of(series, country_code),
        denominator=estimate.denominator if estimate and value is not None else None,
        lineage=estimate_lineage(series, estimate, root),
    )


def lineage_of(series: Series, root: str, country_code: str, period: str, *rest: str) -> str:
    """Return the address that says where a figure comes from.

    `root` leads to the site's folder of this language; `rest`: a stratum, or a dimension and a measure.
    """
    figure_id = "/".join((country_code, series.indicator.indicator_code, period, series.site_code, *rest))
    return f"{root}../lineage/{quote(figure_id, safe='/:+')}"


def estimate_lineage(series: Series, estimate: Estimate | GroupEstimate | None, root: str) -> str:
    """Return where an estimate comes from; nothing where no observation stands behind it."""
    if estimate is None or estimate.publication_status not in MARKED:
        return ""
    stratum_id = estimate.stratum_id if isinstance(estimate, GroupEstimate) else TOTAL_STRATUM
    return lineage_of(series, root, estimate.country_code, estimate.period, stratum_id)


def gap_lineage(series: Series, gap: Gap | None, root: str) -> str:
    """Return where a gap comes from, and each of its groups; nothing where no groups were sent."""
    if gap is None:
        return ""
    return lineage_of(series, root, gap.country_code, gap.period, gap.dimension_code, gap.measure)


def with_unit(series: Series, value: float) -> str:
    """Return a value of a series with its unit."""
    return words.with_unit(value, series.decimals, series.indicator.unit)


def with_gap_unit(series: Series, size: float) -> str:
    """Return a difference between two values of a series with its unit."""
    return f"{words.number(size, series.decimals)} {words.gap_unit(series.indicator.unit)}"


def unit_line(indicator: Indicator) -> str:
    """Return the unit and the direction of an indicator, as one small line."""
    return f"{unit_name(indicator)} · {words.direction(indicator.direction, is_binary=indicator.is_binary)}"


def unit_name(indicator: Indicator) -> str:
    """Return the unit of an indicator, of a median with this word."""
    unit = words.unit(indicator.unit)
    return say("median, {unit}", unit=unit) if indicator.measure_type_code == MEDIAN else unit


def row_line(series: Series, unit: str) -> str:
    """Return what the name of a row does not say: the site, the unit, the period of its figures."""
    return " · ".join(filter(None, (series.site_name, unit, series.latest)))


def short_unit(indicator: Indicator) -> str:
    """Return the unit if it is one word, to stand after a figure; longer ones stand under the indicator's name."""
    return later(_one_word, words.unit(indicator.unit))


def _one_word(unit: str) -> str:
    return "" if " " in unit else unit


def mark_of(estimate: Estimate | None) -> Markup:
    """Return the mark of a row with a synthetic figure, shown or hidden; nothing for a row without."""
    is_marked = estimate is not None and estimate.is_synthetic and estimate.publication_status in MARKED
    return mark(SYNTHETIC if is_marked else "")


def mark(word: str) -> Markup:
    """Return the mark that says `synthetic` or `partly synthetic`; nothing for no word."""
    return Markup(f' <span class="synthetic">{escape(say(word))}</span>') if word else Markup()


def synthetic_word(summary: Summary) -> str:
    """Return how a series is marked, before translation: synthetic, partly so, or not at all."""
    if not summary.has_synthetic:
        return ""
    return PARTLY_SYNTHETIC if summary.has_real else SYNTHETIC


def flags(release: Release) -> list[tuple[str, str]]:
    """Return the letters that mark figures of this release, with what they mean."""
    return [
        (words.LOW_RELIABILITY_FLAG, say("Low reliability: fewer cases than the indicator's minimum")),
        *(
            (code.lower(), label)
            for code, label in release.flags.items()
            if code not in (words.PLAIN_OBS_STATUS, words.LOW_RELIABILITY_FLAG.upper())
        ),
    ]


def signs(release: Release, letters: str) -> list[str]:
    """Return the sentence that explains those of the letters that stand beside figures; none for none."""
    found = [f"{code} {words.lower(label)}" for code, label in flags(release) if code in letters]
    return [f"{say('Signs.')} {' · '.join(found)}."] if found else []


def licence_link(release: Release) -> Markup:
    """Return the name of the licence as a link; nothing for a release from before there was this setting."""
    licence = LICENCES.get(release.facts.get("licence", ""))
    return Markup('<a href="{}">{}</a>').format(licence.address, licence.name) if licence else Markup()


def contact_link(release: Release) -> Markup:
    """Return whom readers may ask, as a link; nothing where the operator named nobody."""
    contact = release.facts.get("contact", "")
    return Markup('<a href="{}">{}</a>').format(contact_address(contact), contact) if contact else Markup()


def country_name(release: Release, country_code: str | None) -> str:
    """Return the name of a country for readers."""
    country = release.countries.get(country_code or "")
    return country.country_name if country else (country_code or "")


def country_link(release: Release, country_code: str, root: str) -> Markup:
    """Return the name of a country as a link to its page; `root` leads to the site's folder of this language."""
    name = country_name(release, country_code)
    return Markup(f'<a href="{root}country/{country_code}.html">{escape(name)}</a>')


def series_link(series: Series, root: str) -> Markup:
    """Return the name of an indicator, with its site, as a link to its page."""
    return Markup(f'<a href="{root}indicator/{series.page_name}.html">{escape(series.name)}</a>')


def verdict(code: str) -> str:
    """Return how a file was answered, in the words of the answer itself."""
    return say(VERDICTS.get(code, code))


def has_broken(estimate: Estimate | None) -> bool:
    """Say whether the series breaks at this estimate."""
    return estimate is not None and estimate.obs_status == BREAK_STATUS
