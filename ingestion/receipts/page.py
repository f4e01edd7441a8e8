"""The receipt as a page: one file without script or outside host, fit for a phone, a printer and a screen reader."""

from typing import Any

from ingestion.languages import Language
from ingestion.receipts.summary import COUNTS, summarise
from ingestion.receipts.templates import template
from ingestion.receipts.wording import VERDICTS, is_trial, verdict_of


def render(receipt: dict[str, Any], language: Language) -> str:
    """Return the page of a localised receipt; a bare result of the desk is shown as a trial that sent nothing."""
    verdict = verdict_of(receipt)
    return template("receipt.html.j2").render(
        summary=summarise(receipt, language),
        verdict=verdict,
        verdict_name=language.say(VERDICTS[verdict]),
        is_trial=is_trial(receipt),
        counts=COUNTS,
        language=language,
        say=language.say,
        say_count=language.say_count,
    )
