"""The id of a figure, taken apart. The macro `figure_id` of a release (`macros.sql`) puts it together."""

import re
from dataclasses import dataclass

import duckdb

from ingestion.errors import UsageError
from ingestion.release.contents import MACROS

EXAMPLE = "LU/MTB_01/2025/C50/SEX:F"
# A country, an indicator, a period and a site; then nothing, a stratum, or a dimension and a measure.
PATTERN = re.compile(r"([A-Z]{2})/(\w+)/([\w-]+)/([\w-]+)(?:/([^/]+)(?:/([^/]+))?)?")


@dataclass(frozen=True)
class Figure:
    """The parts of a figure's id: a comparison has no stratum, an inequality a dimension and a measure instead."""

    country_code: str
    indicator_code: str
    period: str
    site_code: str
    stratum_id: str | None = None
    dimension_code: str | None = None
    measure: str | None = None

    @property
    def kind(self) -> str:
        """`estimate` (with its observation), `inequality` or `comparison`."""
        if self.measure:
            return "inequality"
        return "estimate" if self.stratum_id else "comparison"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Country, indicator, period and site."""
        return self.country_code, self.indicator_code, self.period, self.site_code


def parse_figure_id(text: str) -> Figure:
    """Return the parts of a figure's id. Errors: `UsageError` for any other text."""
    found = PATTERN.fullmatch(text.strip())
    if not found:
        raise UsageError(
            f"{text} is not the id of a figure. It is country/indicator/period/site/stratum, for example {EXAMPLE}; of "
            "an inequality country/indicator/period/site/dimension/measure; of a comparison it ends with the site."
        )
    country_code, indicator_code, period, site_code, rest, measure = found.groups()
    if measure:
        return Figure(country_code, indicator_code, period, site_code, dimension_code=rest, measure=measure)
    return Figure(country_code, indicator_code, period, site_code, stratum_id=rest)


def add_figure_id(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the macro `figure_id` of its own: a release may have been published without it."""
    first, *_ = duckdb.extract_statements(MACROS.read_text(encoding="utf-8"))
    connection.execute(first.query.replace("create macro marts.", "create temp macro "))
