"""The manifest: exactly which submissions, catalogue and code a build is made of."""

import hashlib
import subprocess
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ingestion import ledger
from ingestion.catalogue import catalogue_hash, latest_round
from ingestion.errors import PcmError
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_ids, release_manifest, withdrawal
from ingestion.store.sealed import json_sha256
from ingestion.warehouse.judged import BLOCKING, judged_builds

# The code that decides what stands in a warehouse.
CODE_FOLDERS = (
    "dbt_project/models",
    "dbt_project/macros",
    "expectations",
    "ingestion/disclosure",
    "ingestion/measures",
    "ingestion/metadata",
    "ingestion/warehouse",
    "ingestion/release",
)
CODE_ENDINGS = (".sql", ".py", ".yml")
HOLD_COLUMNS = ("submission_id", "country_code", "expectation", "sentence", "held_at")
WAIVER_COLUMNS = ("expectation", "country_code", "indicator_code", "waived_by", "reason", "until_on", "waived_at")
JUSTIFICATION_COLUMNS = ("submission_id", "rule", "text", "justified_at")
ROW_COUNTS = ("rows_read", "rows_accepted", "rows_held", "rows_refused")


def next_manifest(settings: Settings) -> dict[str, Any]:
    """Return the manifest of the build that would be made now.

    `inputs_hash` is the same whenever the figures and what the gate says of them would be the same; `build_id` also
    depends on the releases before it, because vintages do, and on the day, because waivers expire.
    """
    earlier = _releases(settings)
    answered = [entry for entry in ledger.submissions(settings) if entry["status"] == "answered"]
    landed = [entry for entry in answered if entry["landing_sha256"]]
    holds = ledger.holds_in_force(settings)
    left_out = ledger.left_out(settings)
    inputs = {
        "submissions": [_describe(settings, entry) for entry in answered],
        "catalogue_hash": catalogue_hash(),
        "code_version": code_version(),
    }
    round_id = latest_round().round_id
    sequence = len(earlier) + 1
    this = {
        "release_id": f"{round_id}.{sequence}",
        "release_sequence": sequence,
        "round_id": round_id,
        "submissions": [entry["submission_id"] for entry in landed if entry["submission_id"] not in left_out],
    }
    built_on = _today(settings)
    manifest = {
        **inputs,
        **{key: this[key] for key in ("release_id", "release_sequence", "round_id")},
        **_stewardship(settings, holds, built_on),
        "is_rebuild": any(hold["last_sequence_number"] == landed[-1]["sequence_number"] for hold in holds),
        "inputs_hash": json_sha256(
            [this["submissions"], inputs["catalogue_hash"], inputs["code_version"], *_said(settings, holds, built_on)]
        ),
        "current_release_id": current_release_id(settings),
        "releases": [*earlier, this],
    }
    return {**manifest, "build_id": _build_id(manifest)}


def verified_manifest(settings: Settings, build_id: str) -> dict[str, Any]:
    """Return the manifest of a build after comparing its content with the build's id, which is its hash.

    Errors: `PcmError` when it is damaged.
    """
    folder = Home(settings.home).builds / build_id
    manifest = dict(read_json(folder / "manifest.json"))
    content = {key: value for key, value in manifest.items() if key != "build_id"}
    if {manifest.get("build_id"), build_id} != {_build_id(content)}:
        raise PcmError(f"Build {build_id} is damaged: its manifest has changed since it was made. Remove {folder}.")
    return manifest


def build_due(settings: Settings) -> bool:
    """Say whether the accepted figures, the catalogue, the code or what holds and excuses differ from every build
    that was judged.
    """
    return is_due(settings, next_manifest(settings))


def is_due(settings: Settings, manifest: dict[str, Any]) -> bool:
    """Say of the next manifest whether its build is due."""
    if not manifest["releases"][-1]["submissions"]:
        return False
    return manifest["inputs_hash"] not in _judged_inputs(settings)


def new_submissions(manifest: dict[str, Any]) -> dict[str, list[str]]:
    """Return, for each country, the submissions of a build that the release before it was not made of."""
    made_of = {release["release_id"]: set(release["submissions"]) for release in manifest["releases"]}
    known = made_of.get(manifest["current_release_id"], set())
    countries = {entry["submission_id"]: entry["country_code"] for entry in manifest["submissions"]}
    found = defaultdict(list)
    for submission_id in manifest["releases"][-1]["submissions"]:
        if submission_id not in known:
            found[countries[submission_id]].append(submission_id)
    return dict(found)


def set_aside_since(settings: Settings, build_id: str) -> str | None:
    """Say which file of a build a steward has set aside since it was made: that build must not be published."""
    manifest = read_json(Home(settings.home).builds / build_id / "manifest.json")
    for submission_id, decision in ledger.set_aside_now(settings).items():
        if submission_id in manifest["releases"][-1]["submissions"]:
            return (
                f"Build {build_id} has the figures of {submission_id}, which {decision['decided_by']} set aside "
                f"({decision['reason']}). The next build is made without them."
            )
    return None


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
    return [release_manifest(settings, release_id)["releases"][-1] for release_id in release_ids(settings)]


def _stewardship(settings: Settings, holds: list[dict[str, Any]], built_on: str) -> dict[str, Any]:
    """Return what is held, excused and explained, and the day that decides which waivers have expired."""
    waivers = [_some(waiver, (*WAIVER_COLUMNS, "cells_sha256")) for waiver in _waivers_in_force(settings, built_on)]
    return {
        "built_on": built_on,
        "holds": [_some(hold, HOLD_COLUMNS) for hold in holds],
        "waivers": waivers,
        "justifications": [
            _some(each, JUSTIFICATION_COLUMNS) for each in ledger.justifications_in_force(settings) if each["is_public"]
        ],
    }


def _today(settings: Settings) -> str:
    """Return the day of a build, never before that of the current release: a clock set back revives no waiver."""
    current = current_release_id(settings)
    latest = release_manifest(settings, current).get("built_on", "") if current else ""
    return max(datetime.now(UTC).date().isoformat(), latest)


def _waivers_in_force(settings: Settings, day: str) -> list[dict[str, Any]]:
    return [waiver for waiver in ledger.waivers(settings) if waiver["until_on"] >= day]


def _said(settings: Settings, holds: list[dict[str, Any]], day: str) -> list[Any]:
    """Return what makes a new build due, beside figures: holds, and waivers of what blocks, until they expire."""
    held = sorted([hold["submission_id"], hold["expectation"]] for hold in holds)
    waivers = [each["waiver_id"] for each in _waivers_in_force(settings, day) if each["severity"] == BLOCKING]
    return [held, waivers]


def _judged_inputs(settings: Settings) -> set[str]:
    """Return the inputs that are published, or withdrawn, or were held, or wait for a steward or were refused."""
    published = release_ids(settings)
    current = current_release_id(settings)
    behind = published.index(current) if current in published else 0
    judged = {
        release_manifest(settings, release_id)["inputs_hash"]
        for place, release_id in enumerate(published)
        if place >= behind or withdrawal(settings, release_id)
    }
    decided = {decision["subject"] for decision in ledger.decisions(settings, "approve", "refuse")}
    for build in judged_builds(settings):
        verdict, manifest = build.gate["verdict"], build.manifest
        is_draft = verdict == "publish" and manifest["release_sequence"] == len(published) + 1
        if verdict == "hold" or manifest["build_id"] in decided or (settings.publishing == "approval" and is_draft):
            judged.add(manifest["inputs_hash"])
    return judged


def _some(row: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
    return {column: row[column] for column in columns}


def _build_id(content: dict[str, Any]) -> str:
    return f"b-{json_sha256(content)[:16]}"
