"""The release's database explains itself: comments on tables and columns, and one readable view for each theme."""

import duckdb

from ingestion.catalogue import rows
from ingestion.metadata.released import Released
from ingestion.sql_text import quoted

THEME_VIEWS = "themes"
# {name: (expression, meaning)}; names and order are stable, later releases only add columns at the end.
THEME_COLUMNS = {
    "country_code": ("estimates.country_code", "Country, as Eurostat codes it (`EL` is Greece)."),
    "country_name": ("countries.country_name", "Country."),
    "indicator_code": ("estimates.indicator_code", "Indicator of the catalogue."),
    "indicator_label": ("indicators.indicator_name", "Indicator."),
    "period": ("estimates.period", "Year, or half-year as `2025-S1`."),
    "site_code": ("estimates.site_code", "Cancer site."),
    "site_label": ("sites.label", "Cancer site."),
    "dimension_code": ("estimates.dimension_code", "`TOTAL`, the dimension of the group, or `CROSS` for several."),
    "group_code": ("estimates.group_code", "Group; `TOTAL` for all people."),
    "group_label": ("strata.group_name", "Group."),
    "value": ("estimates.value", "Figure, in `unit`; empty where it is hidden or was not reported."),
    "lower_ci": ("estimates.lower_ci", "Lower limit of the 95 % interval."),
    "upper_ci": ("estimates.upper_ci", "Upper limit of the 95 % interval."),
    "unit": ("indicators.unit", "Unit of the value."),
    "numerator": ("estimates.numerator", "Count that meets the definition."),
    "denominator": ("estimates.denominator", "Count that could have met it."),
    "publication_status": (
        "estimates.publication_status",
        "`published`, `suppressed`, `low_reliability`, `not_reported` or `not_applicable`.",
    ),
    "is_synthetic": ("estimates.is_synthetic", "Invented for demonstration."),
}
THEME_VIEW = """
    create or replace view {schema}.{view} as
    select {columns}
    from marts.fct_estimates as estimates
    inner join marts.dim_indicator as indicators using (indicator_code)
    inner join marts.dim_country as countries using (country_code)
    left join marts.dim_stratum as strata using (stratum_id)
    left join catalogue.codes_site as sites on sites.code = estimates.site_code
    where indicators.theme_code = '{theme}'
"""


def explain_database(release: Released) -> None:
    """Write comments and the views of the themes into `warehouse.duckdb`; the tables stay as they are."""
    with duckdb.connect(str(release.folder / "warehouse.duckdb")) as connection:
        connection.begin()  # at once: a commit for each of a thousand comments takes seconds
        for table in release.tables:
            name = f"{table.schema}.{table.name}"
            connection.execute(f"comment on table {name} is {_text(table.description)}")
            for column in table.columns:
                words = f"{column.description} Unit: {column.unit}." if column.unit else column.description
                connection.execute(f'comment on column {name}."{column.name}" is {_text(words)}')
        connection.execute(f"create schema if not exists {THEME_VIEWS}")
        for theme in rows("themes"):
            _make_view(connection, theme)
        connection.commit()


def _make_view(connection: duckdb.DuckDBPyConnection, theme: dict[str, str]) -> None:
    view = theme["theme_code"].lower()
    columns = ", ".join(f"{expression} as {name}" for name, (expression, _) in THEME_COLUMNS.items())
    connection.execute(THEME_VIEW.format(schema=THEME_VIEWS, view=view, columns=columns, theme=theme["theme_code"]))
    words = f"One row per (country, indicator, period, site, group): {theme['theme_name']}."
    connection.execute(f"comment on view {THEME_VIEWS}.{view} is {_text(words)}")
    for name, (_, meaning) in THEME_COLUMNS.items():
        connection.execute(f"comment on column {THEME_VIEWS}.{view}.{name} is {_text(meaning)}")


def _text(words: str) -> str:
    return f"'{quoted(words)}'"
