"""What a receipt says, before anyone decides how it looks: one view for the page and for the terminal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.catalogue import rows
from ingestion.languages import Language, phrase
from ingestion.receipts.problems import Problem, problems_of
from ingestion.receipts.wording import compared_with, headline, is_trial, lead, steps

DELIMITER_NAMES = {
    ";": phrase("semicolons"),
    ",": phrase("commas"),
    "\t": phrase("tabs"),
    "|": phrase("vertical bars"),
}
SECTIONS = {
    "error": (phrase("To be corrected"), ""),
    "warning": (
        phrase("Please look at this"),
        phrase(
            "This does not stop a figure from counting. If a figure is wrong, correct it; if it is right, write the "
            "reason in OBS_COMMENT of its row. Then send the file again."
        ),
    ),
    "note": (phrase("For your information"), ""),
}
COUNTS, WAITS = "counts", "waits"


@dataclass(frozen=True)
class Section:
    """The problems of one severity."""

    severity: str
    title: str
    intro: str
    problems: list[Problem]


@dataclass(frozen=True)
class Fact:
    """One fact about the file; `is_short` marks those that a terminal shows."""

    name: str
    text: str
    is_short: bool


@dataclass(frozen=True)
class IndicatorLine:
    """What became of one indicator of the file. `fate` is counts or waits."""

    code: str
    name: str
    rows_read: int
    rows_accepted: int
    fate: str


@dataclass(frozen=True)
class Summary:
    """A receipt, ready to be shown in one language. `row_counts` holds (name, count, what that means).

    `counting_name`: what is said of an indicator that counts, or counted when the file arrived.
    """

    headline: str
    lead: str
    steps: list[str]
    facts: list[Fact]
    row_counts: list[tuple[str, int, str]]
    sections: list[Section]
    indicators: list[IndicatorLine]
    counting_name: str
    compared: list[str]

    @property
    def has_certain(self) -> bool:
        """Say whether any proposal is so certain that a program may write it."""
        return any(
            place.is_certain for section in self.sections for problem in section.problems for place in problem.places
        )


def summarise(receipt: dict[str, Any], language: Language) -> Summary:
    """Return the view of a localised receipt, or of a localised bare result of the desk."""
    note = receipt.get("note")
    return Summary(
        headline=headline(receipt, language),
        lead=language.say(note["text"], **note["given"]) if note else lead(receipt, language),
        steps=steps(receipt, language),
        facts=_facts(receipt, language),
        row_counts=_row_counts(receipt, language) if receipt["rows"]["read"] else [],
        sections=_sections(receipt, language),
        indicators=[_indicator_line(entry, language) for entry in receipt["indicators"]],
        counting_name=language.say("accepted") if note else language.say("counts"),
        compared=compared_with(receipt, language),
    )


def _sections(receipt: dict[str, Any], language: Language) -> list[Section]:
    sections = []
    for severity, (title, intro) in SECTIONS.items():
        findings = [finding for finding in receipt["findings"] if finding["severity"] == severity]
        if findings:
            problems = problems_of(findings, language)
            sections.append(Section(severity, language.say(title), language.say(intro), problems))
    return sections


def _facts(receipt: dict[str, Any], language: Language) -> list[Fact]:
    say, submission = language.say, receipt["submission"]
    facts = [
        Fact(say("File"), submission.get("original_name"), is_short=True),
        Fact(say("Country"), _country(submission.get("country_code"), language), is_short=True),
        Fact(say("Read as"), _format(submission, language), is_short=True),
        Fact(say("Submission"), receipt.get("submission_id", ""), is_short=True),
        Fact(say("Arrived"), _moment(receipt.get("received_at"), language), is_short=False),
        Fact(say("Sent by"), receipt.get("sender", ""), is_short=False),
        Fact(say("Answered"), _moment(receipt.get("answered_at"), language), is_short=False),
        Fact(say("Fingerprint (SHA-256)"), submission.get("sha256", ""), is_short=False),
        Fact(say("Rules"), receipt.get("rules_version", ""), is_short=True),
    ]
    return [fact for fact in facts if fact.text]


def _country(country_code: str | None, language: Language) -> str:
    names = {row["country_code"]: row["country_name"] for row in rows("countries")}
    if country_code not in names:
        return country_code or ""
    return language.say("{country_name} ({code})", country_name=names[country_code], code=country_code)


def _format(submission: dict[str, Any], language: Language) -> str:
    if submission.get("file_format") == "xlsx":
        return language.say("Excel workbook, sheet “{sheet}”", sheet=submission["sheet"])
    if submission.get("file_format") == "csv":
        delimiter_name, encoding = DELIMITER_NAMES[submission["delimiter"]], submission["encoding"].upper()
        return language.say("CSV with {delimiter_name}, {encoding}", delimiter_name=delimiter_name, encoding=encoding)
    return ""


def _moment(text: str | None, language: Language) -> str:
    return language.moment(datetime.fromisoformat(text)) if text else ""


def _row_counts(receipt: dict[str, Any], language: Language) -> list[tuple[str, int, str]]:
    say, counts = language.say, receipt["rows"]
    # What a note says came later than the answer: the file was held, set aside, replaced or sent again.
    arrived = say("accepted when the file arrived") if "note" in receipt else say("count from now on")
    fate = say("would count") if is_trial(receipt) else arrived
    return [
        (say("Accepted"), counts["accepted"], fate),
        (say("Held"), counts["held"], say("right, but wait for another row of their indicator")),
        (say("Refused"), counts["refused"], say("need a correction")),
        (say("Read"), counts["read"], say("the sum of the three")),
    ]


def _indicator_line(entry: dict[str, Any], language: Language) -> IndicatorLine:
    names = {row["indicator_code"]: row["indicator_name"] for row in rows("indicators")}
    code = entry["indicator_code"]
    return IndicatorLine(
        code=code,
        name=language.word(names[code]) if code in names else language.say("not in the catalogue"),
        rows_read=entry["rows_read"],
        rows_accepted=entry["rows_accepted"],
        fate=COUNTS if entry["counts_already"] else WAITS,
    )
