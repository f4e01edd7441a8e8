"""The path of a figure, and that of a submission, as lines for people."""

from collections import Counter
from string import Formatter
from typing import Any

from ingestion.languages import language_for

HIDDEN = "hidden, so that no person can be recognised"
# What is said of a figure, each where all of its columns are known and none is said yet.
FACTS = (
    "{value} {unit}",
    "{value}",
    "{estimate} {unit}",
    "{estimate}",
    "95 % interval {lower_ci} to {upper_ci}",
    "{numerator} of {denominator}",
    "{obs_value}",
    "from {numerator} cases",
    "from {denominator} cases",
    "rank may be {rank_lower} to {rank_upper} of {country_count} (ranks of neighbours overlap)",
    "gap to the EU value {gap_to_eu}",
)
UNITS = {"percent": "%", "0/1": "(1: yes, 0: no)", "count": "cases"}
REASONS = ("publication_status", "null_reason", "reliability")
ENGLISH = language_for("en")


def figure_text(found: dict[str, Any]) -> str:
    """Return the path of a figure, from its value back to the cells of a file."""
    release = found["release"]
    lines = [
        f"{found['figure_id']} ({found['kind']}) in release {release['release_id']}",
        f"  {', '.join(name for name in found['names'].values() if name)}",
        f"  {', '.join(filter(None, (figure_facts(found), reasons_of(found['figure']))))}",
        f"  published {release['published_at']}, build {release['build_id']}, code {release['code_version']}, "
        f"catalogue {release['catalogue_hash'][:16]}",
        "",
        "Comes from" if found["sources"] else "No observation stands behind it: nothing was reported.",
        *(line for source in found["sources"] for line in _source_lines(source)),
    ]
    if found["vintages"]:
        lines += ["", "Vintages of the observation", *(_vintage_line(each) for each in found["vintages"])]
    if found["changes"]:
        lines += ["", "Changes", *(_change_line(each) for each in found["changes"])]
    return "\n".join(lines)


def submission_text(found: dict[str, Any]) -> str:
    """Return in which releases a submission stands, and how many figures of which indicators it gave."""
    lines = [found["submission_id"]]
    if aside := found["set_aside"]:
        lines.append(f"  set aside by {aside['decided_by']} on {aside['decided_at'][:10]}: {aside['reason']}")
    if not found["releases"]:
        lines.append("  was received and stands in no release yet.")
    for each in found["releases"]:
        counts = Counter(figure_id.split("/")[1] for figure_id in each["figure_ids"])
        given = ", ".join(f"{indicator} {count}" for indicator, count in sorted(counts.items()))
        lines.append(
            f"  {each['release_id']}: {each['verdict']}; {len(each['figure_ids'])} observations {given}".rstrip()
        )
    return "\n".join(lines)


def _source_lines(source: dict[str, Any]) -> list[str]:
    hidden = f" ({HIDDEN})" if source["is_suppressed"] else ""
    lines = [
        f"  {source['figure_id']}{hidden}",
        f"    submission {source['submission_id']}, row {source['source_row']}, {source['verdict']}, "
        f"received {source['received_at']}, SHA-256 {source['sha256']}",
    ]
    if source["justification"]:
        lines.append(f"    remark: {source['justification']}")
    if source["findings_of_file"]:
        lines.append(f"    found in the whole file: {', '.join(source['findings_of_file'])}")
    return lines + _original_lines(source.get("original"))


def _original_lines(original: dict[str, Any] | None) -> list[str]:
    if original is None:
        return []
    sheet = f", sheet {original['sheet']}" if original["sheet"] else ""
    cells = ", ".join(f"{column} {cell}" for column, cell in original["cells"].items())
    found = [
        f"    {each['severity']} {each['rule']} in {each['cell'] or 'this row'}: {each['message']}"
        for each in original["findings"]
    ]
    return [f"    file {original['name']}{sheet}; {cells}", *(found or ["    nothing was found in this row"])]


def _vintage_line(vintage: dict[str, Any]) -> str:
    return f"  {vintage['vintage_number']}: {stood_in(vintage)}, {vintage['submission_id']}, {numbers_of(vintage)}"


def _change_line(change: dict[str, Any]) -> str:
    before, after = ends_of(change)
    return f"  {change['release_id']}: {before} -> {after} ({change['cause'].replace('_', ' ')})"


def stood_in(vintage: dict[str, Any]) -> str:
    """Return the first and the last release that a vintage stood in."""
    return " to ".join(dict.fromkeys([vintage["first_release_id"], vintage["last_release_id"]]))


def numbers_of(vintage: dict[str, Any]) -> str:
    """Return what was observed, or that it is hidden."""
    return HIDDEN if vintage["is_suppressed"] else facts_of(vintage)


def ends_of(change: dict[str, Any]) -> tuple[str, str]:
    """Return a figure before and after a change: its value, or what was said in its place."""
    before, after = (
        ENGLISH.number(float(value)) if (value := change[f"{side}_value"]) else change[f"{side}_status"] or "none"
        for side in ("earlier", "later")
    )
    return before, after


def figure_facts(found: dict[str, Any]) -> str:
    """Return the value of a figure with its unit, its interval and its counts; of a comparison the ranks it allows."""
    return facts_of(found["figure"] | {"unit": _unit(found["names"]["unit"], found["figure"].get("measure"))})


def _unit(unit: str, measure: str | None) -> str | None:
    """Return the unit of a value of an indicator, or of a difference between two; other measures have none."""
    if measure == "d" and unit == "percent":
        return "percentage points"
    return UNITS.get(unit, unit) if measure in (None, "d") else None


def facts_of(record: dict[str, Any]) -> str:
    """Return what is known of a figure, in words and with numbers as people write them."""
    known = {
        name: ENGLISH.number(value) if isinstance(value, int | float) else value
        for name, value in record.items()
        if value is not None
    }
    said: list[str] = []
    for fact in FACTS:
        columns = {name for _, name, _, _ in Formatter().parse(fact) if name}
        if columns <= known.keys():
            said.append(fact.format(**known))
            known = {name: value for name, value in known.items() if name not in columns}
    return ", ".join(said)


def reasons_of(figure: dict[str, Any]) -> str:
    """Return what is said of a figure in the place of a number, or of how far it can be relied on."""
    known = ((name, figure.get(name)) for name in REASONS)
    return ", ".join(f"{name} {value}".replace("_", " ") for name, value in known if value is not None)
