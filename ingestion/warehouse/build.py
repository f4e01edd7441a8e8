"""Make a build: a new DuckDB file from a manifest, through landing, staging and intermediate to the marts."""

import errno
import shutil
from pathlib import Path
from typing import Any

from ingestion import openlineage
from ingestion.errors import DISK_FULL, PcmError, says_disk_full
from ingestion.settings import Settings
from ingestion.store.atomic import (
    read_json,
    remove_leftovers,
    settle_folder,
    sha256_of,
    temporary_beside,
    write_json,
)
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.published import fetch_all
from ingestion.warehouse import dbt
from ingestion.warehouse.dbt import WAREHOUSE
from ingestion.warehouse.landing import fill_landing
from ingestion.warehouse.manifest import is_due, next_manifest

FAILURE = "failure.json"
SHOWN_LINES = 20


def build(settings: Settings) -> str | None:
    """Make the build that is due and return its id; None when nothing is due.

    A build that exists is not made again. Errors: `PcmError` with dbt's words when the build fails;
    nothing of a failed build stays.
    """
    home = Home(settings.home).require()
    with exclusively_everywhere(settings, "build"):
        remove_leftovers(home.builds)
        fetch_all(settings)
        manifest = next_manifest(settings)
        if not is_due(settings, manifest):
            return None
        folder = home.builds / manifest["build_id"]
        if not folder.is_dir():
            landed = [f"landing/{name[:2]}/{name}.parquet" for name in manifest["releases"][-1]["submissions"]]
            with openlineage.step(settings, "build", folder.name, inputs=landed) as made:
                _make_or_tell(settings, manifest, folder)
                made.append(f"builds/{folder.name}")
        return str(manifest["build_id"])


def last_failure(home: Home) -> str | None:
    """Return what went wrong with the latest build; None when it succeeded."""
    failure = home.builds / FAILURE
    return str(read_json(failure)["message"]) if failure.exists() else None


def verified_warehouse(home: Home, build_id: str) -> Path:
    """Return the warehouse of a build after comparing its bytes with the hash of the day it was made."""
    folder = home.builds / build_id
    warehouse = folder / WAREHOUSE
    if not warehouse.exists():
        raise PcmError(f"There is no build {build_id}.")
    if sha256_of(warehouse) != read_json(folder / "build.json").get("warehouse_sha256"):
        raise PcmError(f"Build {build_id} is damaged: its warehouse has changed since it was made. Remove {folder}.")
    return warehouse


def _make_or_tell(settings: Settings, manifest: dict[str, Any], folder: Path) -> None:
    failure = Home(settings.home).builds / FAILURE
    try:
        make(settings, manifest, folder)
    except PcmError as error:
        write_json(failure, {"build_id": folder.name, "message": str(error)})
        raise
    failure.unlink(missing_ok=True)


def make(settings: Settings, manifest: dict[str, Any], folder: Path) -> None:
    """Make the build of a manifest in `folder`, whole or not at all, from the landing of the home.

    Errors: `PcmError` when a landed file is damaged or dbt fails.
    """
    temporary = temporary_beside(folder)
    temporary.mkdir()
    try:
        write_json(temporary / "manifest.json", manifest)
        fill_landing(settings, manifest, temporary / WAREHOUSE)
        _run_dbt(Home(settings.home), temporary)
        write_json(temporary / "build.json", {"warehouse_sha256": sha256_of(temporary / WAREHOUSE)})
        settle_folder(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _run_dbt(home: Home, folder: Path) -> None:
    notes = home.run / "dbt"
    finished = dbt.run(folder, notes, *dbt.BUILD_ON_CATALOGUE, DBT_DISCLOSURE_CACHE=str(home.disclosure))
    if finished.returncode != 0:
        if says_disk_full(finished.stdout + finished.stderr):
            raise OSError(errno.ENOSPC, DISK_FULL, str(home.builds))
        said = "\n".join(finished.stdout.strip().splitlines()[:SHOWN_LINES])
        raise PcmError(
            f"dbt could not build the warehouse; the current release stays. The whole log: {notes / 'dbt.log'}\n{said}"
        )
