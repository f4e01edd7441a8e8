"""The fingerprint of a template: for whom and for what it was made, and a hash of all that it asks for."""

import hashlib
import json
from functools import cache
from typing import Any

from ingestion.catalogue import latest_round, rows
from ingestion.errors import UsageError
from ingestion.templates.grid import Asked, asked_indicators, expected_figures, require_asked

# The name of the custom document property of a workbook that holds the fingerprint.
PROPERTY_NAME = "pcm_template"
FORMAT_VERSION = "1"
ALL_THEMES = "all"
HASH_LENGTH = 12
# What an indicator is; a changed name or usual range makes no figure wrong, a changed definition does.
DEFINING_COLUMNS = (
    "indicator_code",
    "definition",
    "numerator_definition",
    "denominator_definition",
    "unit",
    "measure_type_code",
)


def fingerprint_of(asked: Asked) -> str:
    """Return the text that a template bears, for example `1;LU;2026;all;0f3a5c7e9b1d`."""
    theme = asked.theme_code or ALL_THEMES
    return ";".join((FORMAT_VERSION, asked.country_code, asked.round_id, theme, _hash_of(asked)))


def judge_fingerprint(text: str, *, country_code: str) -> dict[str, Any] | None:
    """Return what the fingerprint of a file that came from a country says, or None if it is none of ours.

    `state` is `current`, `old` (the catalogue asks for other rows or defines them otherwise by now, or another
    round is open) or `foreign` (made for another country); `rule` is the check of the registry that says so, or
    None. `country_code`, `round_id` and `theme_code` (empty: all) are those that the template was made for.
    """
    parts = text.strip().split(";")
    if len(parts) != 5 or parts[0] != FORMAT_VERSION:
        return None
    _, made_for, round_id, theme, _ = parts
    asked = Asked(made_for, round_id, "" if theme == ALL_THEMES else theme)
    state, rule = _state(text.strip(), asked, country_code)
    return {"state": state, "rule": rule, **vars(asked)}


def _state(text: str, asked: Asked, country_code: str) -> tuple[str, str | None]:
    if asked.country_code != country_code:
        return "foreign", "FOREIGN_TEMPLATE"
    if asked.round_id != latest_round().round_id or text != _fingerprint_today(asked):
        return "old", "OLD_TEMPLATE"
    return "current", None


def _fingerprint_today(asked: Asked) -> str:
    """Return the fingerprint that such a template would bear today; empty if it could not be made any more."""
    try:
        return fingerprint_of(require_asked(asked))
    except UsageError:
        return ""


@cache
def _hash_of(asked: Asked) -> str:
    """Return a hash over the columns, the rows that are asked for, and the definitions of their indicators."""
    told = [
        [row["column_name"] for row in rows("submission_columns")],
        [{name: row[name] for name in DEFINING_COLUMNS} for row in asked_indicators(asked.theme_code)],
        [list(vars(figure).values()) for figure in expected_figures(asked)],
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:HASH_LENGTH]
