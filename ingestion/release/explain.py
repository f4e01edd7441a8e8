"""Where a figure comes from, and what became of a submission.

Two readers: whoever has a release learns the submission, its hash and the row; whoever may read what was received also
learns the file's name, the sheet, the cells and what was found there.
"""

from pathlib import Path
from typing import Any

import duckdb

from ingestion import ledger
from ingestion.errors import UsageError
from ingestion.languages import language_for
from ingestion.receipts import localise
from ingestion.release.figure import Figure, add_figure_id, parse_figure_id
from ingestion.release.query import release_folder, warehouse_of
from ingestion.settings import Settings
from ingestion.sql_text import search_public_schemas
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.ledger_place import has_ledger
from ingestion.store.published import release_ids

CHANGES = "changes.csv"
KEY = "(country_code, indicator_code, period, site_code) = (?, ?, ?, ?)"
NUMBER_COLUMNS = ("NUMERATOR", "DENOMINATOR", "OBS_VALUE", "P25", "P75")
# The figure itself, by kind: its table, and what its id says beside the key.
FIGURES = {
    "estimate": ("fct_estimates", "stratum_id = ?"),
    "inequality": ("fct_inequalities", "(dimension_code, measure) = (?, ?)"),
    "comparison": ("fct_country_comparisons", "true"),
}
RELEASE_FACTS = ("release_id", "published_at", "build_id", "code_version", "catalogue_hash", "content_hash")


def explain_figure(
    settings: Settings, figure_id: str, *, release_id: str | None = None, is_public: bool = False
) -> dict[str, Any]:
    """Return a figure as it stands in a release, the rows that it comes from, its vintages and its changes.

    Each source has `original` (name, sheet, cells, findings of the row) if `received/` can be read and not `is_public`.
    Errors: `UsageError` when the release has no such figure.
    """
    figure = parse_figure_id(figure_id)
    warehouse = warehouse_of(settings, release_id)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        add_figure_id(connection)
        search_public_schemas(connection)
        found = find_figure(connection, figure)
        if found is None:
            name = read_json(warehouse.parent / "release.json")["release_id"]
            raise UsageError(f"Release {name} has no {figure.kind} {figure_id}.")
        names = _names(connection, figure)
        sources = _sources(connection, figure)
        vintages = [] if figure.measure else _vintages(connection, figure)
    if not is_public:
        sources = [{**source, "original": _original(Home(settings.home), source)} for source in sources]
    release = read_json(warehouse.parent / "release.json")
    return {
        "figure_id": figure_id,
        "kind": figure.kind,
        "names": names,
        "figure": found,
        "release": {fact: release[fact] for fact in RELEASE_FACTS},
        "sources": sources,
        "vintages": vintages,
        "changes": _changes(settings, figure_id, figure.kind, until=release["release_id"]),
    }


def explain_submission(settings: Settings, submission_id: str, *, is_public: bool = False) -> dict[str, Any]:
    """Return in which releases a submission stands, which observations it gave to each, and who set it aside.

    Who did, and why, is left out if `is_public`, and where there is no ledger.

    Errors: `UsageError` when no release knows it and it was not received.
    """
    releases: list[dict[str, Any]] = []
    for release_id in release_ids(settings):
        if submission_id not in _submission_ids(Home(settings.home).releases / release_id):
            continue  # its warehouse may be packed, and stays so
        with duckdb.connect(str(warehouse_of(settings, release_id)), read_only=True) as connection:
            add_figure_id(connection)
            [described] = _records(connection, "from marts.dim_submission where submission_id = ?", [submission_id])
            figures = connection.execute(
                "select figure_id(country_code, indicator_code, period, site_code, stratum_id) as figure_id "
                "from marts.fct_observations where submission_id = ? order by all",
                [submission_id],
            ).fetchall()
        releases.append({"release_id": release_id, **described, "figure_ids": [each for (each,) in figures]})
    if not releases and submission_id not in _received_ids(Home(settings.home)):
        raise UsageError(f"There is no submission {submission_id}. `pcm status` lists those that arrived.")
    aside = {} if is_public or not has_ledger(settings) else ledger.set_aside_now(settings)
    return {"submission_id": submission_id, "set_aside": aside.get(submission_id), "releases": releases}


def _submission_ids(folder: Path) -> set[str]:
    return {each["submission_id"] for each in read_json(folder / "manifest.json")["submissions"]}


def _received_ids(home: Home) -> set[str]:
    return {path.name for path in home.received.glob("[A-Z]*")}


def find_figure(connection: duckdb.DuckDBPyConnection, figure: Figure) -> dict[str, Any] | None:
    """Return the row of a figure; None where the release has none."""
    table, rest = FIGURES[figure.kind]
    further = [part for part in (figure.stratum_id, figure.dimension_code, figure.measure) if part]
    found = _records(connection, f"from {table} where {KEY} and {rest}", [*figure.key, *further])
    return found[0] if found else None


def _names(connection: duckdb.DuckDBPyConnection, figure: Figure) -> dict[str, Any]:
    """Return what the codes of a figure are called, for people; None for what it has not."""
    [names] = _records(
        connection,
        "select (select indicator_name from dim_indicator where indicator_code = $indicator) as indicator_name, "
        "(select unit from dim_indicator where indicator_code = $indicator) as unit, "
        "(select country_name from dim_country where country_code = $country) as country_name, "
        "(select label from codes_site where code = $site) as site_name, "
        "(select group_name from dim_stratum where stratum_id = $stratum) as group_name, "
        "(select dimension_name from dimensions where dimension_code = $dimension) as dimension_name",
        {
            "indicator": figure.indicator_code,
            "country": figure.country_code,
            "site": figure.site_code,
            "stratum": figure.stratum_id,
            "dimension": figure.dimension_code,
        },
    )
    return names


def _sources(connection: duckdb.DuckDBPyConnection, figure: Figure) -> list[dict[str, Any]]:
    """Return the observations that a figure comes from, each with its submission and what was found in that."""
    if figure.measure:
        chosen, given = "dimension_code = ?", [figure.dimension_code]
    elif figure.stratum_id == "AGE_STANDARDISED":
        chosen, given = "dimension_code = ?", ["AGE"]
    else:
        chosen, given = "stratum_id = ?", [figure.stratum_id or "TOTAL"]
    return _records(
        connection,
        "select figure_id(country_code, indicator_code, period, site_code, stratum_id) as figure_id, source_row, "
        "is_suppressed, obs_comment as justification, reference, submission_id, sha256, received_at, verdict, "
        "(select list(rule || ' ' || severity || ' (' || finding_count || ')' order by rule) from findings "
        "where findings.submission_id = observations.submission_id) as findings_of_file "
        f"from fct_observations as observations inner join dim_submission using (country_code, submission_id) "
        f"where {KEY} and {chosen} order by source_row",
        [*figure.key, *given],
    )


def _vintages(connection: duckdb.DuckDBPyConnection, figure: Figure) -> list[dict[str, Any]]:
    return _records(
        connection,
        "select vintage_number, first_release_id, last_release_id, submission_id, numerator, denominator, obs_value, "
        f"is_suppressed from obs_vintages where {KEY} and stratum_id = ? order by vintage_number",
        [*figure.key, figure.stratum_id or "TOTAL"],
    )


def _changes(settings: Settings, figure_id: str, kind: str, *, until: str) -> list[dict[str, Any]]:
    """Return in which releases the figure changed, and why, from the lists that they were published with."""
    found: list[dict[str, Any]] = []
    for name in release_ids(settings):
        path = release_folder(settings, name, wanted=CHANGES) / CHANGES
        if path.exists():
            sql = (
                f"select '{name}' as release_id, cause, earlier_value, earlier_status, later_value, later_status "
                "from read_csv(?, header=true, all_varchar=true) where (kind, figure_id) = (?, ?)"
            )
            with duckdb.connect() as connection:
                found += _records(connection, sql, [str(path), kind, figure_id])
        if name == until:
            break
    return found


def _original(home: Home, source: dict[str, Any]) -> dict[str, Any] | None:
    """Return what only those may know who can read what was received; None for everybody else."""
    path = home.received / source["submission_id"] / "receipt.json"
    try:
        receipt = read_json(path)
    except (FileNotFoundError, PermissionError):
        return None
    row, file = source["source_row"], receipt["submission"]
    at_row = [finding for finding in receipt["findings"] if finding["row"] == row]
    written = localise({**receipt, "findings": at_row}, language_for("en"))["findings"]
    kept = ("rule", "severity", "cell", "message")
    return {
        "name": file["original_name"],
        "sheet": file["sheet"],
        "cells": {name: f"{file['columns'][name]}{row}" for name in NUMBER_COLUMNS if name in file["columns"]},
        "rules_version": receipt["rules_version"],
        "findings": [{key: finding[key] for key in kept} for finding in written],
    }


def _records(
    connection: duckdb.DuckDBPyConnection, sql: str, given: list[Any] | dict[str, Any]
) -> list[dict[str, Any]]:
    result = connection.execute(sql, given)
    columns = [column[0] for column in result.description or []]
    return [dict(zip(columns, line, strict=True)) for line in result.fetchall()]
