"""The path of a figure, and that of a submission, as lines for people."""

from collections import Counter
from typing import Any

HIDDEN = "hidden, so that no person can be recognised"
SHOWN_OF_A_FIGURE = ("value", "estimate", "lower_ci", "upper_ci", "numerator", "denominator", "rank", "gap_to_eu")
REASONS = ("publication_status", "null_reason", "reliability")


def figure_text(found: dict[str, Any]) -> str:
    """Return the path of a figure, from its value back to the cells of a file."""
    release = found["release"]
    lines = [
        f"{found['figure_id']} ({found['kind']}) in release {release['release_id']}",
        f"  {', '.join(name for name in found['names'].values() if name)}",
        f"  {facts_of(found['figure'], (*SHOWN_OF_A_FIGURE, *REASONS))}",
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
    return HIDDEN if vintage["is_suppressed"] else facts_of(vintage, ("numerator", "denominator", "obs_value"))


def ends_of(change: dict[str, Any]) -> tuple[str, str]:
    """Return a figure before and after a change: its value, or what was said in its place."""
    before, after = (change[f"{side}_value"] or change[f"{side}_status"] or "none" for side in ("earlier", "later"))
    return before, after


def facts_of(record: dict[str, Any], names: tuple[str, ...]) -> str:
    """Return what is known of these columns, each after its name."""
    known = {name: record[name] for name in names if record.get(name) is not None}
    return ", ".join(
        f"{name} {value:.6g}" if isinstance(value, float) else f"{name} {value}" for name, value in known.items()
    )
