"""The receipt as text for the terminal."""

import textwrap
from typing import Any

from ingestion.receipts.summary import Problem, Summary, summarise
from ingestion.receipts.wording import counted, is_trial

WIDTH = 100
MOST_CELLS_SHOWN = 240  # characters; the page and the JSON answer list every cell


def as_text(result: dict[str, Any]) -> str:
    """Return a result of the desk, or a receipt, as text to read in a terminal."""
    summary = summarise(result)
    blocks = [
        _head(result, summary),
        *_section_blocks(summary),
        *_indicator_block(result, summary),
        *_step_block(summary),
    ]
    return "\n\n".join(blocks)


def _head(result: dict[str, Any], summary: Summary) -> str:
    verdict = str(result["verdict"] or "delayed").replace("_", " ")
    lines = [f"{verdict.upper()}  {summary.headline}", textwrap.fill(summary.lead, WIDTH)]
    facts = [f"{name}: {text}" for name, text in summary.facts if name in ("File", "Country", "Read as", "Submission")]
    counts = ", ".join(f"{name.lower()} {count}" for name, count, _ in summary.row_counts)
    return "\n".join([*lines, "", *facts, *([f"Rows: {counts}"] if counts else [])])


def _section_blocks(summary: Summary) -> list[str]:
    blocks = []
    for severity, title, problems in summary.sections:
        blocks.append(f"{title.upper()} ({counted(len(problems), 'point')})")
        blocks += [_problem_block(severity, number, problem) for number, problem in enumerate(problems, start=1)]
    return blocks


def _problem_block(severity: str, number: int, problem: Problem) -> str:
    subject = f", {problem.subject}" if problem.subject else ""
    count = f" ({counted(problem.count, 'cell')})" if problem.count > 1 else ""
    lines = [f"{number}. {problem.title}{subject}{count} [{severity} {problem.rule}]"]
    said: dict[tuple[str, str], list[str]] = {}
    for place in problem.places:
        said.setdefault((place.message, place.proposal), []).append(place.cells)
    for (message, proposal), cells in said.items():
        lines.append(_indented(f"{_shortened(', '.join(cells))}: {message}"))
        if not problem.advice:
            lines.append(_indented(f"→ {proposal}"))
    if problem.advice:
        lines.append(_indented(f"→ {problem.advice}"))
    return "\n".join(lines)


def _indicator_block(result: dict[str, Any], summary: Summary) -> list[str]:
    if is_trial(result):
        counts, waits = "would count at once", "would wait"
    else:
        counts, waits = "count already", "wait"
    waiting = [line[0] for line in summary.indicators if line[4] == "waits"]
    counting = [line[0] for line in summary.indicators if line[4] == "counts"]
    if not waiting:
        return []
    lines = [f"Indicators that {counts}: {' '.join(counting) or 'none'}"]
    lines.append(f"Indicators that {waits}: {' '.join(waiting)}")
    return ["\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines)]


def _step_block(summary: Summary) -> list[str]:
    if not summary.steps:
        return []
    steps = [_indented(f"{number}. {step}", by=0) for number, step in enumerate(summary.steps, start=1)]
    return ["\n".join(["NEXT", *steps])]


def _indented(text: str, by: int = 3) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=" " * by, subsequent_indent=" " * (by + 2))


def _shortened(cells: str) -> str:
    return cells if len(cells) <= MOST_CELLS_SHOWN else cells[:MOST_CELLS_SHOWN].rsplit(",", 1)[0] + ", …"
