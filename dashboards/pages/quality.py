"""The quality page: what the gate said, which files came and how they were answered, what was corrected."""

from collections import Counter
from typing import Any

from markupsafe import Markup

from dashboards import words
from dashboards.drafting import drawn_later
from dashboards.figures import Release
from dashboards.marts import Table
from dashboards.pages import parts
from dashboards.speech import say, spoken
from ingestion.languages import phrase
from ingestion.receipts.rules_page import SEVERITIES

# table of the release: (heading, what it is)
EXCEPTIONS = {
    "holds": (
        phrase("What is held back"),
        phrase("Figures that wait until somebody decides; what stood before them counts on."),
    ),
    "waivers": (
        phrase("Accepted exceptions"),
        phrase("Expectations that were not met and are accepted until a day, with the reason."),
    ),
    "justifications": (phrase("What countries explained"), phrase("Unusual figures that their sender explained.")),
}
SUITE_WORDS = {
    "comparisons": phrase("Comparisons"),
    "completeness": phrase("Completeness"),
    "disclosure": phrase("Disclosure control"),
    "drift": phrase("Drift"),
    "estimates": phrase("Estimates"),
    "freshness": phrase("Freshness"),
    "inequalities": phrase("Inequalities"),
    "observations": phrase("Observations"),
    "revision": phrase("Revisions"),
    "timeliness": phrase("Timeliness"),
}
OWNER_WORDS = {"data steward": phrase("data steward"), "steward": phrase("data steward")}
GATE_WORDS = {"publish": phrase("publish"), "hold": phrase("hold")}
FAILURE_WORDS = {"critical": phrase("holds the release"), "warning": phrase("warning"), "info": phrase("note")}


def context(release: Release) -> dict[str, Any]:
    """Return what the quality page shows."""
    return {
        "verdict": say(GATE_WORDS.get(release.gate["verdict"], release.gate["verdict"])),
        "suites": [_suite(each) for each in release.gate["suites"]],
        "failure_words": {code: say(text) for code, text in FAILURE_WORDS.items()},
        "failed_count": sum(not result["success"] for suite in release.gate["suites"] for result in suite["results"]),
        "result_count": sum(len(suite["results"]) for suite in release.gate["suites"]),
        "submissions": [
            (each, words.moment(each.received_at), parts.verdict(each.verdict)) for each in release.submissions
        ],
        "exceptions": _exceptions(release),
        "findings": _findings(release),
        "corrections": corrections(release),
    }


def _suite(suite: dict[str, Any]) -> dict[str, Any]:
    """Return a suite of the gate with its words; a sentence that is not translated says so."""
    return {
        "name": say(SUITE_WORDS.get(suite["suite"], suite["suite"])),
        "results": [
            result
            | {
                "sentence": say(result["sentence"]),
                "owner": say(OWNER_WORDS.get(result["owner"], result["owner"])),
                "lang": Markup(drawn_later(_lang, result["sentence"])),
            }
            for result in suite["results"]
        ],
    }


def _lang(sentence: str) -> str:
    return "" if spoken().is_translated(sentence) else ' lang="en"'


def _exceptions(release: Release) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Return the tables of exceptions that the release has, with their headings."""
    return [
        (
            name,
            say(heading),
            say(meaning),
            {"columns_in_words": [each.replace("_", " ") for each in table.columns], "rows": _texts(table)},
        )
        for name, (heading, meaning) in EXCEPTIONS.items()
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
        {
            "severity": say(SEVERITIES[key[0]][0]),
            "rule": key[1],
            "title": key[2],
            "count": counts[key],
            "file_count": files[key],
        }
        for key in sorted(counts)
    ]


def corrections(release: Release) -> list[tuple[str, dict[str, Any]]]:
    """Return (country, row) of each country and indicator with figures that a later file changed."""
    counts = Counter((each.country_code, each.indicator_code) for each in release.corrections)
    return [
        (
            release.countries[country].country_name,
            {
                "country": release.countries[country],
                "series": release.headline(indicator),
                "count": counts[country, indicator],
            },
        )
        for country, indicator in sorted(counts)
        if country in release.countries and indicator in release.series
    ]
