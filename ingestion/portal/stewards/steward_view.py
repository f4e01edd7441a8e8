"""What a steward looks at before deciding: builds with their gate and changes, holds, waivers, releases, countries."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingestion import ledger
from ingestion.languages import phrase
from ingestion.ledger.chain import canonical_sha256
from ingestion.receipts.wording import VERDICTS
from ingestion.release.changes import counts_by_cause, counts_by_country
from ingestion.release.diff import CAUSES, KINDS, diff
from ingestion.release.drafts import drafts
from ingestion.release.pointing import new_in_release
from ingestion.settings import Settings
from ingestion.status import looks
from ingestion.store.home import Home
from ingestion.store.published import current_release_id, release_facts, release_ids, withdrawal
from ingestion.warehouse.judged import judged_builds

# The word "held" of an answer is about rows, which wait for their sender; a hold is about a file, and waits for us.
ANSWERS = VERDICTS | {"held": phrase("some rows wait for a corrected file")}
HELD_BY_GATE, SET_ASIDE = phrase("held by the checks of the release"), phrase("set aside")
EXPIRING_DAYS = 30
LATEST = 10


@dataclass(frozen=True)
class Build:
    """A build that was judged. `seen` is the hash of its warehouse; `draft` what was decided, where it is a draft."""

    build_id: str
    release_id: str
    verdict: str
    seen: str
    met_count: int
    unmet: list[dict[str, Any]]
    draft: dict[str, Any] | None


@dataclass(frozen=True)
class Changes:
    """Counts of changed figures between two releases: by cause and kind, and by country and cause."""

    earlier_id: str
    kinds: list[str]
    causes: list[str]
    by_cause: list[list[Any]]
    by_country: list[list[Any]]


def build_of(settings: Settings, build_id: str) -> Build | None:
    """Return a build that was judged, or None."""
    judged = next((each for each in judged_builds(settings) if each.build_id == build_id), None)
    if judged is None:
        return None
    gate = judged.gate
    results = [{**result, "suite": suite["suite"]} for suite in gate["suites"] for result in suite["results"]]
    unmet = [{**each, "countries": _countries(each)} for each in results if not each["success"]]
    draft = next((each for each in drafts(settings) if each["build_id"] == build_id), None)
    return Build(
        build_id=build_id,
        release_id=judged.manifest["release_id"],
        verdict=gate["verdict"],
        seen=gate["warehouse_sha256"],
        met_count=len(results) - len(unmet),
        unmet=unmet,
        draft=draft,
    )


def changes_of(settings: Settings, build_id: str) -> Changes | None:
    """Return what publishing a build would change in the current release; None before the first."""
    release_id = current_release_id(settings)
    return _changes(settings.home, build_id, release_id) if release_id else None


def held_builds(settings: Settings) -> list[Build]:
    """Return the builds that the gate holds as a whole, of those that would be the next release."""
    found = (build_of(settings, build_id) for build_id in looks.held_builds(settings))
    return [build for build in found if build]


def holds_of_now(settings: Settings) -> list[dict[str, Any]]:
    """Return the holds in force with the name that the file of each had."""
    names = _names_of_files(settings)
    return [{**hold, "original_name": names[hold["submission_id"]]} for hold in ledger.holds_in_force(settings)]


def left_out_now(settings: Settings) -> dict[str, str]:
    """Return {submission: why none of its figures count} of what waits for a steward, or was set aside by one."""
    held = {hold["submission_id"]: HELD_BY_GATE for hold in ledger.holds_in_force(settings)}
    return held | dict.fromkeys(ledger.set_aside_now(settings), SET_ASIDE)


def _names_of_files(settings: Settings) -> dict[str, str]:
    return {entry["submission_id"]: entry["original_name"] for entry in ledger.submissions(settings)}


def hold_seen(holds: list[dict[str, Any]]) -> str:
    """Return the hash of some holds."""
    return canonical_sha256([[hold["hold_id"], hold["held_at"]] for hold in holds])


def set_aside_now(settings: Settings) -> list[dict[str, Any]]:
    """Return what was decided on each file that is set aside, with the file's name; the latest first."""
    names = _names_of_files(settings)
    return [{**each, "original_name": names[each["subject"]]} for each in _latest_first(ledger.set_aside_now(settings))]


def new_files_of(settings: Settings, release_id: str) -> list[dict[str, Any]]:
    """Return the files that a release was the first to have and that the next one has again."""
    new = new_in_release(settings, release_id)
    return [entry for entry in ledger.submissions(settings) if entry["submission_id"] in new]


def decided_seen(settings: Settings, submission_id: str) -> str:
    """Return the hash of what was decided on a submission until now."""
    made = [each["sha256"] for each in ledger.decisions(settings) if each["subject"] == submission_id]
    return canonical_sha256(made)


def waiver_seen(settings: Settings, build: Build) -> str:
    """Return the hash of a build and of every waiver that was given until now."""
    return canonical_sha256([build.seen, [waiver["waiver_id"] for waiver in ledger.waivers(settings)]])


def expiring_waivers(settings: Settings) -> list[dict[str, Any]]:
    """Return the waivers that end soon and were not given again for longer; the first to end first."""
    today = datetime.now(UTC).date()
    newest = {_place(waiver): waiver for waiver in sorted(ledger.waivers(settings), key=lambda each: each["until_on"])}
    last = (today + timedelta(days=EXPIRING_DAYS)).isoformat()
    return [waiver for waiver in newest.values() if today.isoformat() <= waiver["until_on"] <= last]


def releases_of(settings: Settings) -> list[dict[str, Any]]:
    """Return the releases, the latest first, each with whether it is current and its notice of withdrawal."""
    current = current_release_id(settings)
    return [
        {
            "release_id": release_id,
            "is_current": release_id == current,
            "withdrawal": withdrawal(settings, release_id),
            "published_at": release_facts(settings, release_id)["published_at"],
        }
        for release_id in reversed(release_ids(settings))
    ]


def releases_seen(releases: list[dict[str, Any]]) -> str:
    """Return the hash of which releases stand and which is current."""
    return canonical_sha256(
        [[each["release_id"], each["is_current"], each["withdrawal"] is not None] for each in releases]
    )


def latest_decisions(settings: Settings) -> list[dict[str, Any]]:
    """Return the decisions that were made last, the latest first."""
    return ledger.decisions(settings)[: -LATEST - 1 : -1]


def latest_justifications(settings: Settings) -> list[dict[str, Any]]:
    """Return what contacts explained last, the latest first, with the name that the file of each had."""
    names = _names_of_files(settings)
    found = ledger.justifications_in_force(settings)[: -LATEST - 1 : -1]
    return [{**each, "original_name": names[each["submission_id"]]} for each in found]


def _latest_first(decided: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(decided.values(), key=lambda each: -each["decision_id"])


def _countries(result: dict[str, Any]) -> list[str]:
    return sorted({each["country_code"] for each in result["failures"] if each.get("country_code")})


def _place(waiver: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(waiver[key] for key in ("expectation", "country_code", "indicator_code", "cells_sha256"))


@lru_cache(maxsize=8)
def _changes(home: Path, build_id: str, release_id: str) -> Changes:
    """Neither a judged build nor a release changes, so that they are compared once."""
    place = Home(home)
    with diff(place.releases / release_id, place.builds / build_id) as connection:
        by_cause = counts_by_cause(connection)
        causes = [line[0] for line in by_cause]
        by_country = counts_by_country(connection, causes)
    lines = [[*line, CAUSES[line[0]]] for line in by_cause]
    return Changes(release_id, list(KINDS), causes, lines, by_country)
