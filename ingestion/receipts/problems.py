"""The problems of a receipt: findings put together by root cause, and cells that say the same by place."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ingestion.catalogue import rows
from ingestion.checks.registry import checks
from ingestion.languages import Language
from ingestion.receipts.localise import common_message, title_of

ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")
# A rule with more causes than this is one section with a line for each cause: fifty thousand headings help nobody.
MOST_CAUSES_APART = 12
# A browser needs a minute for one table of fifty thousand lines, and seconds for a hundred tables.
MOST_LINES_PER_TABLE = 500
NEARLY_ALL = 0.75
ALIKE = ("column", "found", "expected", "message", "what_to_do", "proposal")


@dataclass(frozen=True)
class Place:
    """Cells with the same problem: found the same, expected the same, to be treated the same."""

    cells: str
    count: int
    column: str
    found: str
    expected: str
    message: str
    what_to_do: str
    proposal: str
    is_certain: bool


@dataclass(frozen=True)
class Problem:
    """All findings of one root cause. `message` is empty where each place has its own.

    `advice` is what to do in nearly all places; `what_to_do` of the others says what to do there.
    """

    rule: str
    title: str
    subject: str
    count: int
    message: str
    advice: str
    places: list[Place]
    is_about_cells: bool

    @property
    def tables(self) -> list[list[Place]]:
        """The places in tables that a browser lays out one by one, when they come into sight."""
        starts = range(0, len(self.places), MOST_LINES_PER_TABLE)
        return [self.places[start : start + MOST_LINES_PER_TABLE] for start in starts]

    @cached_property
    def has_own_advice(self) -> bool:
        """Say whether in some places something else is to be done."""
        return any(place.what_to_do for place in self.places)

    @cached_property
    def has_proposals(self) -> bool:
        """Say whether any place has a value to write instead."""
        return any(place.proposal for place in self.places)


def problems_of(findings: Iterable[dict[str, Any]], language: Language) -> list[Problem]:
    """Return the problems of localised findings, in the order of their first finding."""
    findings = list(findings)
    causes = Counter(rule for rule, _ in {(finding["rule"], finding["group"]) for finding in findings})
    groups: dict[str, list[dict[str, Any]]] = {}
    for finding in findings:
        together = causes[finding["rule"]] > MOST_CAUSES_APART
        groups.setdefault(finding["rule"] if together else finding["group"], []).append(finding)
    return [_problem(group, language) for group in groups.values()]


def cell_ranges(cells: Iterable[str]) -> str:
    """Return cell addresses in short: B7, B8 and B9 become B7–B9."""
    runs: list[tuple[str, int, int]] = []
    for cell in cells:
        if match := ADDRESS.fullmatch(cell):
            column, row = match[1], int(match[2])
            if runs and (runs[-1][0], runs[-1][2]) == (column, row - 1):
                runs[-1] = (column, runs[-1][1], row)
            else:
                runs.append((column, row, row))
    texts = (f"{column}{first}" + (f"–{column}{last}" if last > first else "") for column, first, last in runs)
    return ", ".join(texts)


def _problem(findings: list[dict[str, Any]], language: Language) -> Problem:
    first = findings[0]
    advice = _usual_advice(findings)
    is_one_cause = all(finding["group"] == first["group"] for finding in findings)
    return Problem(
        rule=first["rule"],
        title=title_of(first["rule"], language),
        subject=_subject(first, language) if is_one_cause else "",
        count=len(findings),
        message=common_message(findings, language),
        advice=advice,
        places=_places(findings, language, usual_advice=advice),
        is_about_cells=any(finding["cell"] or finding["row"] for finding in findings),
    )


def _subject(finding: dict[str, Any], language: Language) -> str:
    check = checks().get(finding["rule"])
    if not check or check.group_by != "indicator":
        return ""
    code = finding["group"].removeprefix(f"{finding['rule']}:")
    names = {row["indicator_code"]: row["indicator_name"] for row in rows("indicators")}
    return f"{code} {language.word(names[code])}" if code in names else ""


def _usual_advice(findings: list[dict[str, Any]]) -> str:
    """Return what to do in nearly all cells, if that is the same: it is said once."""
    [(advice, count)] = Counter(finding["what_to_do"] for finding in findings).most_common(1)
    return advice if count >= NEARLY_ALL * len(findings) else ""


def _places(findings: list[dict[str, Any]], language: Language, *, usual_advice: str) -> list[Place]:
    """Put cells together that say the same, so that four hundred equal slips are one line."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for finding in findings:
        own_advice = "" if finding["what_to_do"] == usual_advice else finding["what_to_do"]
        said = {**finding, "proposal": _proposed(finding, language), "what_to_do": own_advice}
        alike.setdefault(tuple(said[name] or "" for name in ALIKE), []).append(finding)
    return [
        Place(
            cells=_where(members, language),
            count=len(members),
            **dict(zip(ALIKE, key, strict=True)),
            is_certain=all(finding["is_certain"] for finding in members),
        )
        for key, members in alike.items()
    ]


def _proposed(finding: dict[str, Any], language: Language) -> str | None:
    """Return the proposal in words where it is to write nothing."""
    proposal: str | None = finding["proposal"]
    return language.say("an empty cell") if proposal == "" else proposal


def _where(findings: list[dict[str, Any]], language: Language) -> str:
    if ranges := cell_ranges(finding["cell"] or "" for finding in findings):
        return ranges
    found_rows = dict.fromkeys(finding["row"] for finding in findings)
    return ", ".join(language.say("row {row}", row=str(row)) if row else language.say("the file") for row in found_rows)
