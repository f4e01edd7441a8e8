"""The quality page: what the gate said, which files came and how they were answered, what was corrected."""

from collections import Counter
from typing import Any

from dashboards.figures import Release, Table
from ingestion.languages import COMPLETE_LANGUAGES, language_for

LANGUAGE = "en"  # of this site


# table of the release: (heading, what it is)
EXCEPTIONS = {
    "holds": ("What is held back", "Figures that wait until somebody decides; what stood before them counts on."),
    "waivers": ("Accepted exceptions", "Expectations that were not met and are accepted until a day, with the reason."),
    "justifications": ("What countries explained", "Unusual figures that their sender explained."),
}


def context(release: Release) -> dict[str, Any]:
    """Return what the quality page shows."""
    return {
        "verdict": release.gate["verdict"],
        "suites": release.gate["suites"],
        "failed_count": sum(not result["success"] for suite in release.gate["suites"] for result in suite["results"]),
        "result_count": sum(len(suite["results"]) for suite in release.gate["suites"]),
        "submissions": release.submissions,
        "exceptions": _exceptions(release),
        "findings": _findings(release),
        "corrections": corrections(release),
        "rule_languages": [(code, language_for(code).own_name) for code in COMPLETE_LANGUAGES if code != LANGUAGE],
    }


def _exceptions(release: Release) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return the tables of exceptions that the release has, with their headings."""
    return [
        (name, *said, {"columns_in_words": [each.replace("_", " ") for each in table.columns], "rows": _texts(table)})
        for name, said in EXCEPTIONS.items()
        if (table := release.quality_tables.get(name)) is not None
    ]


def _texts(table: Table) -> list[list[str]]:
    return [[text or "" for text in row] for row in table.rows]


def _findings(release: Release) -> list[dict[str, Any]]:
    """Return one row per rule: how many files it spoke about, how often."""
    counts: Counter[tuple[str, str, str]] = Counter()
    files: Counter[tuple[str, str, str]] = Counter()
    for finding in release.findings:
        key = (finding.severity, finding.rule, finding.title)
        counts[key] += finding.finding_count
        files[key] += 1
    return [
        {"severity": key[0], "rule": key[1], "title": key[2], "count": counts[key], "file_count": files[key]}
        for key in sorted(counts)
    ]


def corrections(release: Release) -> list[dict[str, Any]]:
    """Return one row per country and indicator with figures that a later file changed."""
    counts = Counter((each.country_code, each.indicator_code) for each in release.corrections)
    return [
        {
            "country": release.countries[country],
            "series": release.headline(indicator),
            "count": counts[country, indicator],
        }
        for country, indicator in sorted(counts)
        if country in release.countries and indicator in release.series
    ]
