"""Is it more than chance? The funnel."""

from dashboards import charts, sentences
from dashboards.charts import Chart
from dashboards.figures import Release, Series
from dashboards.pages import parts
from dashboards.pages.series.common import named, points, subject
from dashboards.speech import say


def funnel(release: Release, series: Series) -> Chart | None:
    """Return the funnel around the value of the EU; None where there is none, or nobody to show."""
    eu = parts.eu_value_of(series)
    drawn = [point for point in points(release, series) if point.value is not None and point.denominator]
    drawn = [
        point for point in drawn if (row := series.comparisons.get(point.code)) and row.funnel_lower_95 is not None
    ]
    if eu is None or eu.value is None or not drawn:
        return None
    rows = [series.comparisons[point.code] for point in drawn]
    limits = [
        charts.FunnelLimits(
            point.denominator or 0.0,
            *(
                limit or 0.0
                for limit in (row.funnel_lower_95, row.funnel_upper_95, row.funnel_lower_998, row.funnel_upper_998)
            ),
        )
        for point, row in zip(drawn, rows, strict=True)
    ]
    title = sentences.chance(release, series)
    return Chart(
        **named(series, "funnel"),
        title=title,
        description=f"{subject(series)}. {say('Value against size.')} {title}.",
        drawing=charts.funnel(
            drawn,
            limits,
            middle=eu.value,
            middle_words=parts.reference_words(series),
            size_words=say("cases or people counted (logarithmic)"),
        ),
        head=[],
        rows=[],
        records=lambda: [
            {"country_code": point.code, "country_name": point.name,
             "value": point.value, "denominator": point.denominator,
             "funnel_lower_95": row.funnel_lower_95, "funnel_upper_95": row.funnel_upper_95,
             "funnel_lower_998": row.funnel_lower_998, "funnel_upper_998": row.funnel_upper_998,
             "funnel_position": row.funnel_position}
            for point, row in zip(drawn, rows, strict=True)
        ],
        notes=[
            say("Within the limits, chance alone could leave a country of this size there. Beyond them the difference "
                "is more than chance, but not for that reason important: large countries pass the limits easily. "
                "Countries without counts that may be shown are in the ranking only."),
        ],
        table_of="ranking",
    )  # fmt: skip
