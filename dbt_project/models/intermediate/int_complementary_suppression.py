"""Complementary suppression: what else must be hidden, so that nobody can compute what primary suppression hides."""

import os
from pathlib import Path


def model(dbt, session):
    """Return one row per (submission, accepted row) that is hidden although it is not hidden for its own sake."""
    from ingestion.disclosure.countries import complementary

    dbt.config(materialized="table")
    cache = os.environ.get("DBT_DISCLOSURE_CACHE")
    return complementary(dbt.ref("int_figures_at_risk").df(), Path(cache) if cache else None)
