"""The state of the observatory as lines for a person."""

from typing import Any

from ingestion.cli.tables import table
from ingestion.status.looks import megabytes
from ingestion.status.overview import SHOWN

DAY_SECONDS = 24 * 60 * 60


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
