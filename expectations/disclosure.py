"""The disclosure audit as the gate reports it: nobody comes too near to what the build hides."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ingestion.languages import phrase
from ingestion.warehouse.judged import BLOCKING

AUDIT = "disclosure_audit"
SHOWN_BLOCKS = 10


def audit_results(warehouse: Path, released: Iterable[Path] = ()) -> list[dict[str, Any]]:
    """Return the result of the audit; it names the blocks with an exposed count, never a count.

    `released`: the observations of each earlier release, which the attacker knows, too.
    Errors: whatever stops the audit, a time limit and an error of the solver too.
    """
    from ingestion.disclosure.audit_build import audit_build

    audited = audit_build(warehouse, released)
    exposed = [f"{each.country_code} {' '.join(block)}" for each in audited for block in each.exposed_blocks]
    protected = sum(each.protected_count for each in audited)
    observed = f"{len(exposed)} blocks with a count that can be computed too nearly; {protected} counts protected"
    if exposed:
        observed += f": {', '.join(exposed[:SHOWN_BLOCKS])}" + (" ..." if len(exposed) > SHOWN_BLOCKS else "")
    return [
        {
            "expectation": "DIS_AUDIT",
            "severity": BLOCKING,
            "scope": "release",
            "owner": "data steward",
            "sentence": phrase(
                "Whoever knows every figure of this and of earlier releases, the totals, the rule and the "
                "threshold finds no hidden small count within less than the protection level."
            ),
            "success": not exposed,
            "observed": observed,
            "failures": [],
        }
    ]
