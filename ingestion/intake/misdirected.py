"""Files that lie where no country's files belong: kept, and answered without being read."""

from typing import Any

from ingestion.intake.claim import UNKNOWN_COUNTRY
from ingestion.languages import phrase

ADVICE = phrase("Put it in the folder of your country, for example inbox/LU/, and it is taken at once.")


def is_misdirected(arrival: dict[str, Any]) -> bool:
    """Say whether the file came without the folder of a country of the roster."""
    return bool(arrival["country_code"] == UNKNOWN_COUNTRY)


def refuse_misdirected(arrival: dict[str, Any]) -> dict[str, Any]:
    """Return the desk's result for a file whose country nobody can tell."""
    finding = {
        "rule": "NO_COUNTRY",
        "severity": "error",
        "found": arrival["original_name"],
        "proposal": None,
        "is_certain": False,
        "group": "NO_COUNTRY",
        "indicator": "",
        "words": {"expected": "inbox/<country code>/", "advice": ADVICE, "given": {}},
    }
    group = {"group": "NO_COUNTRY", "rule": "NO_COUNTRY", "severity": "error", "count": 1}
    return {
        "submission": {key: arrival[key] for key in ("country_code", "original_name", "sha256", "size_bytes")},
        "verdict": "refused",
        "rows": {"read": 0, "accepted": 0, "held": 0, "refused": 0},
        "rules_version": "",
        "findings": [{"sheet": None, "row": None, "column": None, "cell": None, **finding}],
        "groups": [{**group, "first_cell": None}],
        "indicators": [],
    }
