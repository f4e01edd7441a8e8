"""The page of rules: what is checked, in whose words, since when; from rows of `checks.csv`, the live one or a copy."""

import csv
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from ingestion.languages import Language, phrase, placeholders
from ingestion.receipts.templates import template

WIDTH = 100
STAGES = {
    "open": phrase("Opening the file"),
    "header": phrase("The header"),
    "cells": phrase("Cell by cell"),
    "keys": phrase("What each row describes"),
    "duplicates": phrase("Rows that stand twice"),
    "table": phrase("Rows together"),
    "series": phrase("Against your earlier figures"),
    "peers": phrase("Against the other countries"),
}
SEVERITIES = {
    "error": (phrase("error"), phrase("What is wrong is not used until it is corrected.")),
    "warning": (phrase("warning"), phrase("The figure counts; please correct it or give the reason.")),
    "note": (phrase("note"), phrase("For your information; there is nothing to do.")),
}
REGISTRY_TEXTS = ("title", "sentence", "what_to_do", "good_example", "bad_example")
CSV_COLUMNS = ("rule", "stage", "severity", *REGISTRY_TEXTS, "valid_from", "version", "source")
# How a sentence's placeholders are shown where there is no file yet to fill them.
PLACEHOLDER_NAMES = {
    "found": phrase("what was found"),
    "quoted": phrase("what was found"),
    "expected": phrase("what is expected"),
    "column": phrase("column"),
    "row": phrase("row number"),
    "indicator": phrase("indicator"),
    "proposal": phrase("proposed value"),
}


@dataclass(frozen=True)
class Rule:
    """One rule as people read it; `since` is a day in the reader's convention."""

    rule: str
    stage: str
    severity: str
    severity_name: str
    title: str
    sentence: str
    what_to_do: str
    good_example: str
    bad_example: str
    since: str
    version: str
    source: str


def rules_in(rows: Iterable[Mapping[str, str]], language: Language) -> list[Rule]:
    """Return the rules of a registry, written out in a language, in the order in which a file meets them."""
    return [
        Rule(
            rule=row["rule"],
            stage=_stage(row["stage"], language),
            severity=row["severity"],
            severity_name=language.say(SEVERITIES[row["severity"]][0]),
            title=language.say(row["title"]),
            sentence=_readable(row["sentence"], language),
            what_to_do=_readable(row["what_to_do"], language),
            good_example=language.word(row["good_example"]),
            bad_example=language.word(row["bad_example"]),
            since=language.day(date.fromisoformat(row["valid_from"])),
            version=row["version"],
            source=row["source"],
        )
        for row in sorted(rows, key=_in_order_of_work)
    ]


def rules_as_page(
    rows: Iterable[Mapping[str, str]], *, rules_version: str, language: Language, style_href: str = ""
) -> str:
    """Return the rules as a page: with its style at an address, or else with nothing needed from outside."""
    shown = rules_to_show(rows, rules_version=rules_version, language=language)
    return template("rules.html.j2").render(**shown, say=language.say, style_href=style_href)


def rules_to_show(rows: Iterable[Mapping[str, str]], *, rules_version: str, language: Language) -> dict[str, Any]:
    """Return what `rules_body.html.j2` shows, on this page or within another."""
    return {
        "stages": _by_stage(rules_in(rows, language)),
        "severities": {name: (language.say(title), language.say(text)) for name, (title, text) in SEVERITIES.items()},
        "rules_version": rules_version,
        "language": language,
    }


def rules_as_csv(rows: Iterable[Mapping[str, str]], *, rules_version: str, language: Language) -> str:
    """Return the rules as CSV: codes and days as in the registry, texts in the language, the version in each row."""
    stream = StringIO()
    writer = csv.DictWriter(stream, [*CSV_COLUMNS, "rules_version"], lineterminator="\n")
    writer.writeheader()
    for row in rows:
        [rule] = rules_in([row], language)
        texts = {name: getattr(rule, name) for name in REGISTRY_TEXTS}
        writer.writerow({name: row[name] for name in CSV_COLUMNS} | texts | {"rules_version": rules_version})
    return stream.getvalue()


def rules_as_text(rows: Iterable[Mapping[str, str]], *, rules_version: str, language: Language) -> str:
    """Return the rules as text for a terminal."""
    head = language.say("Rules of the checks, version {rules_version}", rules_version=rules_version)
    blocks = [*([language.note] if language.note else []), head]
    for stage, rules in _by_stage(rules_in(rows, language)).items():
        blocks.append(stage.upper())
        blocks += [_as_block(rule, language) for rule in rules]
    return "\n\n".join(blocks)


def _as_block(rule: Rule, language: Language) -> str:
    version = language.say("version {version}, since {since}", version=rule.version, since=rule.since)
    lines = [rule.sentence, f"→ {rule.what_to_do}"]
    if rule.good_example or rule.bad_example:
        good, bad = rule.good_example or "–", rule.bad_example or "–"
        lines.append(language.say("Right: {good}. Wrong: {bad}.", good=good, bad=bad))
    indented = [textwrap.fill(line, WIDTH, initial_indent="   ", subsequent_indent="     ") for line in lines]
    return "\n".join([f"{rule.rule}  {rule.title} [{rule.severity_name}, {version}]", *indented])


def _by_stage(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    stages: dict[str, list[Rule]] = {}
    for rule in rules:
        stages.setdefault(rule.stage, []).append(rule)
    return stages


def _in_order_of_work(row: Mapping[str, str]) -> int:
    return list(STAGES).index(row["stage"]) if row["stage"] in STAGES else len(STAGES)


def _stage(stage: str, language: Language) -> str:
    return language.say(STAGES[stage]) if stage in STAGES else stage


def _readable(text: str, language: Language) -> str:
    """Return a sentence with ⟨what was found⟩ where a file's own value will stand."""
    names = {name: PLACEHOLDER_NAMES.get(name) for name in placeholders(text)}
    return language.say(text, **{name: f"⟨{language.say(shown) if shown else '…'}⟩" for name, shown in names.items()})
