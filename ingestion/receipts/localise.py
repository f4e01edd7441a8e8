"""Write a result's findings out in the reader's language.

A result of the desk is free of language: a finding holds its rule, the values, and the ids of its own texts (`words`).
The sentences come from the registry and from the translations, so that one result can be read in every language.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

from ingestion.checks.registry import checks
from ingestion.languages import Language, phrase, placeholders

Finding = dict[str, Any]
NOT_KNOWN = "…"  # stands for a value that an older result does not hold
COMMENTED = phrase("{message} You wrote {comment}: if that is the reason, nothing more is needed.")


def localise(result: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return the result with `message`, `expected` and `what_to_do` in each finding and `message` in each group.

    The parts that are free of language stay, so that a localised result can be localised again.
    """
    write = _Writer(language)
    findings = [write.finding(finding) for finding in result["findings"]]
    members: dict[str, list[Finding]] = {}
    for finding in findings:
        members.setdefault(finding["group"], []).append(finding)
    groups = [group | {"message": write.group(members.get(group["group"], []), group)} for group in result["groups"]]
    return {**result, "findings": findings, "groups": groups}


def common_message(findings: list[Finding], language: Language) -> str:
    """Return the one sentence that is true of all findings of a root cause, or nothing if there is none.

    A slip with a known remedy is said with its count; else the findings must all say the same.
    """
    first = findings[0]
    if len(findings) > 1 and first["found"] and first["proposal"] and _are_alike(findings):
        return language.say_count(
            "{column} is {quoted} in {count} cell: did you mean {proposal}?",
            "{column} is {quoted} in {count} cells: did you mean {proposal}?",
            len(findings),
            column=first["column"],
            quoted=quoted(first["found"], language),
            proposal=first["proposal"],
        )
    return first["message"] if all(finding["message"] == first["message"] for finding in findings) else ""


def quoted(text: str, language: Language) -> str:
    """Return a sender's text in the quotation marks of the language, or the word for nothing."""
    return language.say("“{text}”", text=text) if text else language.say("empty")


def title_of(rule: str, language: Language) -> str:
    """Return the title of a rule; the rule itself if the registry no longer has it."""
    return language.say(checks()[rule].title) if rule in checks() else rule


def _are_alike(findings: Iterable[Finding]) -> bool:
    return len({(finding["column"], finding["found"], finding["proposal"]) for finding in findings}) == 1


class _Writer:
    """Writes findings; those that say the same share their texts, because a file may hold a hundred thousand."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.written: dict[tuple[Any, ...], dict[str, str]] = {}

    def finding(self, finding: Finding) -> Finding:
        words = finding.get("words", {})
        ids = (finding["rule"], words.get("expected", ""), words.get("advice", ""))
        key = (
            *ids,
            *(finding.get(name) for name in ("found", "column", "proposal", "indicator")),
            *words.get("given", {}).items(),
            words.get("comment"),
            finding["row"] if _names_row(*ids) else None,
        )
        texts = self.written.get(key)
        if texts is None:
            texts = self.written[key] = self._texts(finding, *ids)
        return {**finding, **texts}

    def group(self, findings: list[Finding], group: dict[str, Any]) -> str:
        title = title_of(group["rule"], self.language)
        message = common_message(findings, self.language) if findings else ""
        return message or self.language.say_count(
            "{title}: {count} cell", "{title}: {count} cells", group["count"], title=title
        )

    def _texts(self, finding: Finding, rule: str, expected: str, advice: str) -> dict[str, str]:
        values = self._values(finding)
        values["expected"] = self._say(expected, values)
        sentence, what_to_do = _registry_texts(rule)
        message, comment = self._say(sentence, values), finding.get("words", {}).get("comment")
        if comment:
            message = self.language.say(COMMENTED, message=message, comment=quoted(comment, self.language))
        return {
            "message": message,
            "expected": values["expected"],
            "what_to_do": self._say(advice or what_to_do, values),
        }

    def _values(self, finding: Finding) -> dict[str, Any]:
        found, given = finding["found"] or "", finding.get("words", {}).get("given", {})
        shown = found or self.language.say("empty")
        if "own_reading" in given:
            shown = self.language.say("{text} (read as {reading})", text=found, reading=given["own_reading"])
        return {
            "found": shown,
            "quoted": quoted(found, self.language),
            "column": finding["column"] or "",
            "row": str(finding["row"] or ""),
            "indicator": finding.get("indicator") or self.language.say("the indicator"),
            "proposal": finding["proposal"] or "",
            **given,
        }

    def _say(self, text: str, values: dict[str, Any]) -> str:
        return self.language.say(text, **{name: values.get(name, NOT_KNOWN) for name in _names(text)})


@cache
def _registry_texts(rule: str) -> tuple[str, str]:
    check = checks().get(rule)
    return (check.sentence, check.what_to_do) if check else (rule, "")


@cache
def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(placeholders(text)))


@cache
def _names_row(rule: str, expected: str, advice: str) -> bool:
    return any("row" in _names(text) for text in (*_registry_texts(rule), expected, advice))
