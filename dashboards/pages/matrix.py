"""The chart of who reported which indicator: of all indicators, or of those of a theme."""

from typing import Any

from dashboards import words
from dashboards.charts import Chart, completeness_matrix
from dashboards.figures import Release, Series
from dashboards.pages import parts
from dashboards.speech import say


def matrix(release: Release, headlines: list[Series], *, address: str, subject: str = "", table_of: str = "") -> Chart:
    """Return the matrix of these series by country, in the latest period that the round expects."""
    statuses = [[_status(release, series, code) for code in release.countries] for series in headlines]
    listed = [each for row in statuses for each in row if each != "not_applicable"]
    title = say(
        "Latest expected period: {received} of {expected} places (country and indicator) are filled, {missing} are not",
        received=len(listed) - listed.count("not_reported"),
        expected=len(listed),
        missing=listed.count("not_reported"),
    )
    about = say("Who reported which indicator in the latest period.")
    return Chart(
        name="matrix",
        address=address,
        title=title,
        description=f"{subject}. {about} {title}." if subject else f"{about} {title}.",
        drawing=completeness_matrix(
            [country.country_name for country in release.countries.values()],
            [(series.indicator.indicator_name, row) for series, row in zip(headlines, statuses, strict=True)],
        ),
        head=[] if table_of else [say("Country"), *(series.indicator.indicator_name for series in headlines)],
        rows=[] if table_of else _rows(release, statuses),
        records=lambda: _records(release, headlines, statuses),
        is_synthetic=any(series.summary.has_synthetic for series in headlines),
        notes=[
            say("C complete; P partial: a required breakdown is not whole; S hidden; N not reported; – not applicable.")
        ],
        table_of=table_of,
        ranks=[0] * len(release.countries),
    )


def _status(release: Release, series: Series, country_code: str) -> str:
    return release.completeness.get((country_code, series.indicator.indicator_code), "not_applicable")


def _rows(release: Release, statuses: list[list[str]]) -> list[list[Any]]:
    return [
        [parts.country_link(release, code, "../"), *(say(words.COMPLETENESS_WORDS[row[place]]) for row in statuses)]
        for place, code in enumerate(release.countries)
    ]


def _records(release: Release, headlines: list[Series], statuses: list[list[str]]) -> list[dict[str, Any]]:
    return [
        {"indicator_code": series.indicator.indicator_code, "country_code": code, "completeness_status": status}
        for series, row in zip(headlines, statuses, strict=True)
        for code, status in zip(release.countries, row, strict=True)
    ]
