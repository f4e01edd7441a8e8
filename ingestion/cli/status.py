"""What an operator wants to know at a glance."""

from dataclasses import asdict
from typing import Any

from ingestion.cli.tables import table
from ingestion.settings import Settings
from ingestion.status.looks import megabytes
from ingestion.store.home import Home

SHOWN = ("country_code", "submission_id", "status", "verdict", "rows_accepted", "rows_held", "rows_refused")

DAY_SECONDS = 24 * 60 * 60
ASIDE = ("submission_id", "decided_by", "decided_at", "reason")
HELD = ("country_code", "submission_id", "build_id", "expectation", "sentence", "held_at")


def observatory_status(settings: Settings) -> dict[str, Any]:
    """Return what arrived and what became of it, what waits, what is wrong, and what is published."""
    from ingestion import ledger
    from ingestion.intake import waiting_files
    from ingestion.release.drafts import drafts
    from ingestion.status.airflow import ask_airflow
    from ingestion.status.looks import looks
    from ingestion.store.published import current_release_id, release_ids
    from ingestion.warehouse import build_due

    submissions, airflow = ledger.submissions(settings), ask_airflow(settings)
    return {
        "home": str(settings.home),
        **looks(settings),
        "airflow": asdict(airflow),
        "current_release_id": current_release_id(settings),
        "release_ids": release_ids(settings),
        "is_build_due": build_due(settings),
        "waiting_files": [path.name for path in waiting_files(settings)],
        "submissions": [{key: each[key] for key in (*SHOWN, "attempts", "last_error")} for each in submissions],
        "holds": [{key: each[key] for key in HELD} for each in ledger.holds_in_force(settings)],
        "set_aside": [_aside(decision) for decision in ledger.set_aside_now(settings).values()],
        "drafts": drafts(settings) if settings.publishing == "approval" else [],
        "problems": [*_problems(settings, submissions), *airflow.sentences],
    }


def status_text(found: dict[str, Any]) -> str:
    """Return the status as lines for a person."""
    lines = [[each[column] for column in SHOWN] for each in found["submissions"]]
    parts = [
        f"Observatory at {found['home']}",
        _release_line(found),
        "Files: {waiting} waiting, {reading} being read, {failed} failed".format(**found["queue"]),
        f"A new build is due: {'yes' if found['is_build_due'] else 'no'}",
        _disk_line(found["disk"]),
        _round_line(found["round"]),
        _airflow_line(found["airflow"]),
        "",
        table(SHOWN, lines) if lines else "Nothing has arrived yet.",
    ]
    if found["holds"]:
        parts += ["", "Held by the gate; earlier figures stand instead:"]
        parts += [
            f"- {each['submission_id']} in {each['build_id']}: {each['expectation']}, {each['sentence']}"
            for each in found["holds"]
        ]
    if found["set_aside"]:
        parts += ["", "Set aside by a steward; earlier figures count instead (`pcm count-again` undoes it):"]
        parts += [
            f"- {each['submission_id']}, by {each['decided_by']} on {each['decided_at'][:10]}: {each['reason']}"
            for each in found["set_aside"]
        ]
    if found["drafts"]:
        parts += ["", "Drafts:", *(f"- {each['build_id']}: {each['state']}" for each in found["drafts"])]
    if found["problems"]:
        parts += ["", "Needs a look:", *(f"- {problem}" for problem in found["problems"])]
    return "\n".join(parts)


def _aside(decision: dict[str, Any]) -> dict[str, Any]:
    known = {**decision, "submission_id": decision["subject"]}
    return {key: known[key] for key in ASIDE}


def _release_line(found: dict[str, Any]) -> str:
    release = found["release"]
    if release is None:
        return "Current release: none yet"
    days = release["age_seconds"] / DAY_SECONDS
    return f"Current release: {release['release_id']} ({len(found['release_ids'])} in all), {days:.1f} days old"


def _disk_line(disk: dict[str, Any]) -> str:
    free, needed = megabytes(disk["free_bytes"]), megabytes(disk["needed_bytes"])
    return f"Disk: {free} free; the next release may need {needed}{'' if disk['is_roomy'] else ': make room'}"


def _round_line(last: dict[str, Any]) -> str:
    reported = f"{last['expected_count'] - len(last['silent'])} of {last['expected_count']} countries reported"
    when = f"{last['days_left']} days left" if last["days_left"] >= 0 else "the deadline has passed"
    silent = f"; {'late' if last['late'] else 'not yet'}: {', '.join(last['silent'])}" if last["silent"] else ""
    return f"Round {last['round_id']}, closes on {last['closes_on']} ({when}): {reported}{silent}"


def _airflow_line(airflow: dict[str, Any]) -> str:
    if airflow["not_asked"]:
        return f"Airflow not asked: {airflow['not_asked']}"
    return (
        f"Airflow: {len(airflow['failed'])} tasks failed within a day, {len(airflow['broken'])} DAG files do not load"
    )


def _problems(settings: Settings, submissions: list[dict[str, Any]]) -> list[str]:
    from ingestion.warehouse import last_failure

    faults = [
        f"{each['submission_id']} could not be processed ({each['attempts']} attempts): {each['last_error']}"
        for each in submissions
        if each["last_error"]
    ]
    failure = last_failure(Home(settings.home))
    return [*faults, *([failure] if failure else []), *_held_builds(settings), *_changed_decisions(settings)]


def _changed_decisions(settings: Settings) -> list[str]:
    """Return what was changed by hand among that which stewards decided."""
    from ingestion import ledger
    from ingestion.release.drafts import changed_drafts

    broken = ledger.broken_decision(settings)
    found = [f"Decision {broken} in the ledger is not as it was recorded. Restore the ledger."] if broken else []
    return [*found, *changed_drafts(settings).values()]


def _held_builds(settings: Settings) -> list[str]:
    """Return why the gate holds the figures that are in force now; builds of older figures are history."""
    from expectations.gate import blocking_sentences
    from ingestion.store.judged import judged_builds
    from ingestion.warehouse import next_manifest

    now = next_manifest(settings)["inputs_hash"]
    return [
        f"Build {build.build_id} is held. {line}"
        for build in judged_builds(settings)
        if build.gate["verdict"] == "hold" and build.manifest["inputs_hash"] == now
        for line in blocking_sentences(build.gate)
    ]
