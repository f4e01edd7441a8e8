"""The receipt as text for the terminal."""

import textwrap
from typing import Any

from ingestion.languages import Language, phrase
from ingestion.receipts.problems import Place, Problem
from ingestion.receipts.summary import COUNTS, WAITS, Section, Summary, summarise
from ingestion.receipts.wording import VERDICTS, is_trial, verdict_of

WIDTH = 100
MOST_CELLS_SHOWN = 240  # characters; the page and the JSON answer list every cell
SEVERITIES = {"error": phrase("error"), "warning": phrase("warning"), "note": phrase("note")}


def as_text(result: dict[str, Any], language: Language) -> str:
    """Return a localised result of the desk, or a localised receipt, as text to read in a terminal."""
    summary = summarise(result, language)
    blocks = [
        _head(result, summary, language),
        *(block for section in summary.sections for block in _section_blocks(section, language)),
        *_indicator_block(result, summary, language),
        *([_filled(" ".join(summary.compared))] if summary.compared else []),
        *_step_block(summary, language),
    ]
    return "\n\n".join(blocks)


def _head(result: dict[str, Any], summary: Summary, language: Language) -> str:
    verdict = language.say(VERDICTS[verdict_of(result)]).upper()
    facts = [_named(fact.name, fact.text, language) for fact in summary.facts if fact.is_short]
    counts = ", ".join(f"{name.lower()} {language.number(count)}" for name, count, _ in summary.row_counts)
    return "\n".join(
        [
            *([_filled(language.note), ""] if language.note else []),
            f"{verdict}  {summary.headline}",
            _filled(summary.lead),
            "",
            *facts,
            *([_named(language.say("Rows"), counts, language)] if counts else []),
        ]
    )


def _section_blocks(section: Section, language: Language) -> list[str]:
    count = language.say_count("{count} point", "{count} points", len(section.problems))
    head = f"{section.title.upper()} ({count})"
    problems = enumerate(section.problems, start=1)
    return [
        f"{head}\n{_filled(section.intro)}" if section.intro else head,
        *(_problem_block(section.severity, number, problem, language) for number, problem in problems),
    ]


def _problem_block(severity: str, number: int, problem: Problem, language: Language) -> str:
    subject = f", {problem.subject}" if problem.subject else ""
    count = language.say_count("{count} cell", "{count} cells", problem.count)
    counted = f" ({count})" if problem.count > 1 else ""
    lines = [f"{number}. {problem.title}{subject}{counted} [{language.say(SEVERITIES[severity])} {problem.rule}]"]
    said: dict[tuple[str, str, str], list[str]] = {}
    for place in problem.places:
        message = problem.message or place.message
        said.setdefault((message, place.what_to_do, _proposal(place, language)), []).append(place.cells)
    for (message, advice, proposal), cells in said.items():
        lines.append(_indented(_named(_shortened(", ".join(cells)), message, language)))
        lines += [_indented(f"→ {advice}")] if advice else []
        lines += [_indented(proposal)] if proposal else []
    lines += [_indented(f"→ {problem.advice}")] if problem.advice else []
    return "\n".join(lines)


def _proposal(place: Place, language: Language) -> str:
    if not place.proposal:
        return ""
    if place.is_certain:
        return language.say("Proposed: {proposal} (certain: pcm check --fix writes it)", proposal=place.proposal)
    return language.say("Proposed: {proposal}", proposal=place.proposal)


def _indicator_block(result: dict[str, Any], summary: Summary, language: Language) -> list[str]:
    codes = {fate: [line.code for line in summary.indicators if line.fate == fate] for fate in (COUNTS, WAITS)}
    if not codes[WAITS]:
        return []
    counting, waiting = " ".join(codes[COUNTS]) or language.say("none"), " ".join(codes[WAITS])
    if is_trial(result):
        lines = [
            language.say("Indicators that would count at once: {indicators}", indicators=counting),
            language.say("Indicators that would wait: {indicators}", indicators=waiting),
        ]
    else:
        lines = [
            language.say("Indicators that count already: {indicators}", indicators=counting),
            language.say("Indicators that wait: {indicators}", indicators=waiting),
        ]
    return ["\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines)]


def _step_block(summary: Summary, language: Language) -> list[str]:
    if not summary.steps:
        return []
    steps = [_indented(f"{number}. {step}", by=0) for number, step in enumerate(summary.steps, start=1)]
    return ["\n".join([language.say("What to do now").upper(), *steps])]


def _named(what: str, text: str, language: Language) -> str:
    return f"{language.say('{what}:', what=what)} {text}"


def _filled(text: str) -> str:
    return textwrap.fill(text, WIDTH)


def _indented(text: str, by: int = 3) -> str:
    if 0 < len(text) <= WIDTH - by and text.isprintable():
        return " " * by + text.rstrip()  # what fits need not be taken apart: an answer may have fifteen thousand lines
    return textwrap.fill(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * (by + 2))


def _shortened(cells: str) -> str:
    return cells if len(cells) <= MOST_CELLS_SHOWN else cells[:MOST_CELLS_SHOWN].rsplit(",", 1)[0] + ", …"
