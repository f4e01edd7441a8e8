"""The manifest: exactly which submissions, catalogue and code a build is made of."""

import hashlib
import json
import subprocess
from collections import Counter
from functools import cache
from typing import Any

from ingestion import ledger
from ingestion.catalogue import catalogue_hash, rows
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_ids

# The code that decides what stands in a warehouse.
CODE_FOLDERS = (
    "dbt_project/models",
    "dbt_project/macros",
    "expectations",
    "ingestion/disclosure",
    "ingestion/warehouse",
    "ingestion/release",
)
CODE_ENDINGS = (".sql", ".py", ".yml")
ROW_COUNTS = ("rows_read", "rows_accepted", "rows_held", "rows_refused")


def next_manifest(settings: Settings) -> dict[str, Any]:
    """Return the manifest of the build that would be made now.

    `inputs_hash` is the same whenever the figures would be the same; `build_id` also depends on the
    releases before it, because vintages do.
    """
    earlier = _releases(settings)
    answered = [entry for entry in ledger.submissions(settings) if entry["status"] == "answered"]
    inputs = {
        "submissions": [_describe(settings, entry) for entry in answered],
        "catalogue_hash": catalogue_hash(),
        "code_version": code_version(),
    }
    landed = [entry["submission_id"] for entry in answered if entry["landing_sha256"]]
    round_id = rows("rounds")[-1]["round_id"]
    sequence = len(earlier) + 1
    this = {
        "release_id": f"{round_id}.{sequence}",
        "release_sequence": sequence,
        "round_id": round_id,
        "submissions": landed,
    }
    manifest = {
        **inputs,
        **{key: this[key] for key in ("release_id", "release_sequence", "round_id")},
        "inputs_hash": _hash([landed, inputs["catalogue_hash"], inputs["code_version"]]),
        "releases": [*earlier, this],
    }
    return {**manifest, "build_id": f"b-{_hash(manifest)[:16]}"}


def build_due(settings: Settings) -> bool:
    """Say whether the accepted figures, the catalogue or the code differ from every build that was judged."""
    manifest = next_manifest(settings)
    if not manifest["releases"][-1]["submissions"]:
        return False
    return manifest["inputs_hash"] not in _judged_inputs(settings)


@cache
def code_version() -> str:
    """Return a hash of the code that decides what stands in a warehouse."""
    digest = hashlib.sha256()
    for folder in CODE_FOLDERS:
        for path in sorted((PROJECT_ROOT / folder).rglob("*")):
            if path.suffix in CODE_ENDINGS:
                digest.update(str(path.relative_to(PROJECT_ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def source_commit() -> str | None:
    """Return the commit that this code was checked out from, `-dirty` if it was changed; None outside of git."""
    asked = ["git", "-C", str(PROJECT_ROOT), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def _describe(settings: Settings, entry: dict[str, Any]) -> dict[str, Any]:
    receipt = read_json(Home(settings.home).received / entry["submission_id"] / "receipt.json")
    found = Counter((finding["rule"], finding["severity"]) for finding in receipt["findings"])
    findings = [
        {"rule": rule, "severity": severity, "finding_count": count}
        for (rule, severity), count in sorted(found.items())
    ]
    kept = (
        "submission_id",
        "country_code",
        "sequence_number",
        "received_at",
        "verdict",
        "sha256",
        "landing_sha256",
    )
    return {key: entry[key] for key in (*kept, *ROW_COUNTS)} | {"findings": findings}


def _releases(settings: Settings) -> list[dict[str, Any]]:
    """Return the releases so far, oldest first, each with the submissions that it was made of."""
    return [_manifest_of(settings, release_id)["releases"][-1] for release_id in release_ids(settings)]


def _manifest_of(settings: Settings, release_id: str) -> dict[str, Any]:
    return dict(read_json(Home(settings.home).releases / release_id / "manifest.json"))


def _judged_inputs(settings: Settings) -> set[str]:
    """Return the inputs that are in the current release or were held by the gate."""
    home = Home(settings.home)
    current = current_release_id(settings)
    judged = {_manifest_of(settings, current)["inputs_hash"]} if current else set()
    for gate in home.builds.glob("b-*/gate.json"):
        if read_json(gate)["verdict"] == "hold":
            judged.add(read_json(gate.parent / "manifest.json")["inputs_hash"])
    return judged


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
