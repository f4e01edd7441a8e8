"""From findings to marks: one per cell, with all that there is to say of the cell."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.languages import phrase
from ingestion.markup.places import Place, Range, place_of
from ingestion.markup.tones import SEVERITIES

Finding = dict[str, Any]
Say = Callable[..., str]
# The words of the terminal's answer and of the page.
SEVERITY_WORDS = {"error": phrase("error"), "warning": phrase("warning"), "note": phrase("note")}
MOST_FINDINGS_IN_A_COMMENT = 6


@dataclass(frozen=True)
class Mark:
    """A cell that is marked, and its findings, the most severe first."""

    place: Place
    findings: list[Finding]

    @property
    def severity(self) -> str:
        """The severity of the worst finding."""
        return str(self.findings[0]["severity"])


@dataclass(frozen=True)
class Paragraph:
    """One finding in a comment: how severe it is, in a word and in its colour, and what there is to say."""

    severity: str
    head: str
    text: str


def marks_of(findings: Iterable[Finding], merged: Sequence[Range] = ()) -> list[Mark]:
    """Return the marks in the order of rows and columns; a cell inside merged ones is marked where it is shown."""
    found: dict[Place, list[Finding]] = {}
    for finding in findings:
        if finding["cell"]:
            found.setdefault(place_of(finding["cell"]), []).append(finding)
    shown: dict[Place, list[Finding]] = {}
    where = _where_shown(sorted(found), merged)
    for place in sorted(found):
        shown.setdefault(where.get(place, place), []).extend(found[place])
    return [Mark(place, sorted(shown[place], key=_severity_order)) for place in sorted(shown)]


def comment_of(mark: Mark, say: Say, *, issues_sheet: str) -> list[Paragraph]:
    """Return what the comment of a mark says."""
    findings = mark.findings[:MOST_FINDINGS_IN_A_COMMENT]
    paragraphs = [_paragraph(finding, mark, say) for finding in findings]
    if len(findings) < len(mark.findings):
        more = say("More about this cell stands in the sheet “{sheet}”.", sheet=issues_sheet)
        paragraphs.append(Paragraph(mark.severity, "", more))
    return paragraphs


def severity_word(severity: str, say: Say) -> str:
    """Return the word for a severity as the start of a line."""
    word = say(SEVERITY_WORDS[severity])
    return word[:1].upper() + word[1:]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with errors first, and among equals those about the whole file first, then as in the file."""

    def rank(finding: Finding) -> tuple[int, bool, int, Place]:
        place = place_of(finding["cell"]) if finding["cell"] else (finding["row"] or 0, -1)
        return _severity_order(finding), finding["row"] is not None, *place[:1], place

    return sorted(findings, key=rank)


def _paragraph(finding: Finding, mark: Mark, say: Say) -> Paragraph:
    lines = [finding["message"]]
    if finding["what_to_do"]:
        lines.append(f"→ {finding['what_to_do']}")
    if finding["proposal"]:
        lines.append(say("Proposed: {proposal}", proposal=finding["proposal"]))
    head = severity_word(finding["severity"], say)
    # Of a cell that lies hidden under merged ones the comment says which one is meant.
    is_elsewhere = place_of(finding["cell"]) != mark.place
    head = f"{head}, {finding['cell']}" if is_elsewhere else head
    return Paragraph(finding["severity"], head, "\n".join(lines))


def _severity_order(finding: Finding) -> int:
    return SEVERITIES.index(finding["severity"])


def _where_shown(places: Sequence[Place], merged: Sequence[Range]) -> dict[Place, Place]:
    """Return {place hidden under merged cells: place that shows them}; `places` is sorted."""
    where = {}
    for first_row, first_column, last_row, last_column in merged:
        for index in range(bisect_left(places, (first_row, first_column)), len(places)):
            row, column = places[index]
            if row > last_row:
                break
            if first_column <= column <= last_column:
                where[row, column] = (first_row, first_column)
    return where
