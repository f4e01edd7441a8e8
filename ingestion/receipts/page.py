"""The receipt as a page: one file without script or outside host, fit for a phone, a printer and a screen reader."""

from typing import Any

from ingestion.languages import Language
from ingestion.receipts.summary import COUNTS, summarise
from ingestion.receipts.templates import template
from ingestion.receipts.wording import VERDICTS, is_trial, verdict_of


def render(receipt: dict[str, Any], language: Language) -> str:
    """Return the page of a localised receipt; a bare result of the desk is shown as a trial that sent nothing."""
    from markupsafe import Markup

    values = page_values(receipt, language)
    return template("receipt.html.j2").render(values, words=Markup(words_css(language)))


def page_values(receipt: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return what `receipt_head.html.j2` and `receipt_body.html.j2` show of a localised receipt."""
    verdict = verdict_of(receipt)
    return {
        "summary": summarise(receipt, language),
        "verdict": verdict,
        "verdict_name": language.say(VERDICTS[verdict]),
        "is_trial": is_trial(receipt),
        "counts": COUNTS,
        "language": language,
        "say": language.say,
        "say_count": language.say_count,
    }


def words_css(language: Language) -> str:
    """Return the words that a phone shows before each cell of a table, as properties of CSS."""
    say = language.say
    names = {
        "found": say("Found"),
        "expected": say("Expected"),
        "proposed": say("Proposed"),
        "advice": say("What to do"),
    }
    said = (f'--{name}: "{say("{what}:", what=word)}";' for name, word in names.items())
    return f":root {{ {' '.join(said)} }}"
