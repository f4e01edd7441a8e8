"""Gives the connections of dbt the quantile functions; `dbt_project/profiles.yml` names this module."""

from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin

from ingestion.measures.quantiles import add_quantile_functions


class Plugin(BasePlugin):
    """A plugin as dbt-duckdb loads it."""

    def configure_connection(self, conn: Any) -> None:
        """Add the functions to a connection of dbt."""
        add_quantile_functions(conn)
