"""Publish a build that passed the gate: copy what is public into an immutable folder, then swap the pointer."""

import logging
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion import ledger, openlineage
from ingestion.disclosure.scan import scan
from ingestion.errors import PcmError
from ingestion.metadata import write_metadata
from ingestion.release.changes import write_changes
from ingestion.release.contents import checksums, describe_contents, export_tables, hash_of_figures
from ingestion.settings import Settings
from ingestion.store.atomic import (
    read_json,
    remove_folder,
    remove_leftovers,
    settle_folder,
    sha256_of_written,
    temporary_beside,
    write_bytes,
    write_json,
)
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from ingestion.store.objects import keep
from ingestion.store.packing import pack_older
from ingestion.store.published import point_at, release_ids
from ingestion.store.sealed import is_intact
from ingestion.store.sums import SUMS
from ingestion.warehouse import verified_warehouse
from ingestion.warehouse.manifest import set_aside_since, source_commit, verified_manifest

LOG = logging.getLogger(__name__)
HOLD_KEYS = ("country_code", "submission_id", "expectation", "sentence")


def publish(settings: Settings, build_id: str) -> str:
    """Publish a build and return the release id; nothing happens when it is published already.

    Errors: `PcmError` when the gate has not passed this very build, a steward refused it or set a file of it aside, or
    another worker may be publishing because the lock was lost.
    """
    home = Home(settings.home).require()
    with exclusively_everywhere(settings, "publish") as require_lock:
        remove_leftovers(home.releases)
        manifest = verified_manifest(settings, build_id)
        _require_passing_gate(home, build_id)
        _require_not_refused(settings, build_id)
        folder = home.releases / manifest["release_id"]
        if folder.name not in release_ids(settings):
            _require_nothing_set_aside(settings, build_id)
        _remove_if_another_build(settings, folder, build_id)
        if not folder.is_dir():
            inputs = [f"builds/{build_id}", f"builds/{build_id}/gate.json"]
            with openlineage.step(settings, "publish", build_id, inputs=inputs) as made:
                _assemble(settings, manifest, folder, require_lock)
                made.append(f"releases/{folder.name}")
        keep(settings, folder)
        # Who was pointed elsewhere by a steward stays there when a run repeats this.
        if folder.name not in release_ids(settings):
            require_lock()
            point_at(settings, folder.name)
        _pack_older(settings)
        return folder.name


def _pack_older(settings: Settings) -> None:
    """Pack older releases; what keeps them from it costs disk only, and must not keep the new one from its readers."""
    try:
        pack_older(settings, now=datetime.now(UTC))
    except OSError as fault:
        LOG.warning("Older releases stay whole: %s", fault)


def _remove_if_another_build(settings: Settings, folder: Path, build_id: str) -> None:
    """Make way for a release whose place is taken by one that was assembled and never published."""
    if folder.is_dir() and read_json(folder / "release.json")["build_id"] != build_id:
        if folder.name in release_ids(settings):
            raise PcmError(f"{folder.name} is published and never changes; `pcm run` makes the next release.")
        remove_folder(folder)


def _require_not_refused(settings: Settings, build_id: str) -> None:
    for decision in ledger.decisions(settings, "refuse"):
        if decision["subject"] == build_id:
            raise PcmError(f"{decision['decided_by']} refused build {build_id}: {decision['reason']}")


def _require_nothing_set_aside(settings: Settings, build_id: str) -> None:
    if said := set_aside_since(settings, build_id):
        raise PcmError(said)


def _require_passing_gate(home: Home, build_id: str) -> None:
    gate_path = home.builds / build_id / "gate.json"
    if not gate_path.exists():
        raise PcmError(f"Build {build_id} has not been judged by the gate; it is not published.")
    gate = read_json(gate_path)
    warehouse_sha256 = read_json(home.builds / build_id / "build.json").get("warehouse_sha256")
    if (gate.get("build_id"), gate.get("warehouse_sha256")) != (build_id, warehouse_sha256):
        raise PcmError(f"The gate's result in {gate_path} belongs to another build; nothing is published.")
    if not is_intact(gate):
        raise PcmError(f"The gate's result in {gate_path} has changed since it was written. Remove it to judge again.")
    if gate["verdict"] != "publish":
        raise PcmError(f"The gate holds build {build_id}; the current release stays. See {gate_path}.")


def _assemble(settings: Settings, manifest: dict[str, Any], folder: Path, require_lock: Callable[[], None]) -> None:
    home, temporary = Home(settings.home), temporary_beside(folder)
    temporary.mkdir()
    try:
        warehouse = verified_warehouse(home, manifest["build_id"])
        export_tables(warehouse, temporary)
        for name in ("manifest.json", "gate.json"):
            shutil.copyfile(home.builds / manifest["build_id"] / name, temporary / name)
        release = _describe(settings, manifest, temporary)
        write_json(temporary / "release.json", release)
        earlier = release["previous_release_id"]
        write_changes(temporary, earlier=home.releases / earlier if earlier else None)
        write_metadata(temporary)
        _require_nothing_hidden(temporary, warehouse)
        write_bytes(temporary / SUMS, checksums(temporary).encode())
        require_lock()
        settle_folder(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _require_nothing_hidden(folder: Path, warehouse: Path) -> None:
    found = scan(folder, warehouse)
    if found:
        raise PcmError("Something hidden stands in the release; it is not published.\n" + "\n".join(found))


def _describe(settings: Settings, manifest: dict[str, Any], folder: Path) -> dict[str, Any]:
    kept = ("release_id", "release_sequence", "round_id", "build_id", "catalogue_hash", "code_version")
    earlier = [release["release_id"] for release in manifest["releases"][:-1]]
    return {
        **{key: manifest[key] for key in kept},
        **describe_contents(folder / "warehouse.duckdb"),
        "content_hash": hash_of_figures(lambda name: sha256_of_written(folder / name)),
        "source_commit": source_commit(),
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "previous_release_id": earlier[-1] if earlier else None,
        "licence": settings.licence,
        "contact": settings.contact,
        "site_url": settings.site_url.rstrip("/"),
        "holds": [{key: hold[key] for key in HOLD_KEYS} for hold in manifest["holds"]],
    }
