"""The catalogue: indicators, countries, rounds, code lists and checks, as CSV files read by every room.

dbt loads the same files as seeds; the dashboards read the copy inside their release.
"""

from ingestion.catalogue.columns import column_kinds, columns_of_kind, count_columns
from ingestion.catalogue.load import CATALOGUE_FOLDER, catalogue_hash, load_beside, load_into, rows, table_types
from ingestion.catalogue.roster import require_on_roster, roster_countries
from ingestion.catalogue.rounds import Round, latest_round, require_round

__all__ = [
    "CATALOGUE_FOLDER",
    "Round",
    "catalogue_hash",
    "column_kinds",
    "columns_of_kind",
    "count_columns",
    "latest_round",
    "load_beside",
    "load_into",
    "require_on_roster",
    "require_round",
    "roster_countries",
    "rows",
    "table_types",
]
