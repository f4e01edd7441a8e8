"""Results of the desk made by hand, free of language: for what a receipt does with them, whatever the rules say."""

from typing import Any

FACTS = {
    "submission_id": "LU-3fa94c0b2d11e7aa",
    "received_at": "2026-12-15T23:50:11+00:00",
    "answered_at": "2026-12-15T23:50:12+00:00",
}
SUBMISSION = {
    "country_code": "LU",
    "original_name": "chiffres.csv",
    "sha256": "3fa94c0b2d11e7aa" * 4,
    "size_bytes": 5120,
    "file_format": "csv",
    "encoding": "utf-8",
    "delimiter": ";",
    "sheet": None,
}


def finding(rule: str, cell: str, found: str, *, severity: str = "error", **more: Any) -> dict[str, Any]:
    """One finding in a cell such as E4; `expected`, `advice` and `given` are its words."""
    words = {"expected": more.pop("expected", ""), "advice": more.pop("advice", ""), "given": more.pop("given", {})}
    column = more.pop("column", "SEX")
    return {
        "rule": rule,
        "severity": severity,
        "sheet": None,
        "row": int(cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")),
        "column": column,
        "cell": cell,
        "found": found,
        "proposal": None,
        "is_certain": False,
        "group": f"{rule}:{column}:{found}",
        "indicator": "RSM_02",
        "words": words,
        **more,
    }


def result(findings: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The result that holds these findings; `submission_id` and the like make a receipt of it."""
    groups: dict[str, dict[str, Any]] = {}
    for each in findings:
        entry = {"group": each["group"], "rule": each["rule"], "severity": each["severity"], "first_cell": each["cell"]}
        groups.setdefault(each["group"], {**entry, "count": 0})["count"] += 1
    return {
        "submission": SUBMISSION,
        "verdict": "held",
        "rows": {"read": 12_345, "accepted": 10_800, "held": 200, "refused": 1_345},
        "rules_version": "0123456789ab",
        "findings": findings,
        "groups": list(groups.values()),
        "indicators": [
            {"indicator_code": "RSM_02", "rows_read": 11_000, "rows_accepted": 10_800, "counts_already": True},
            {"indicator_code": "DRM_01", "rows_read": 1_345, "rows_accepted": 0, "counts_already": False},
        ],
        **more,
    }


CODES = {"expected": "one of {codes}", "given": {"codes": "T, F, M, UNK"}}
DIFFERENT_VALUES = [
    finding(
        "P07",
        f"N{row}",
        f"{row / 10:.1f}",
        column="OBS_VALUE",
        group="P07:DRM_01",
        indicator="DRM_01",
        proposal=str(row),
        is_certain=row == 31,
        expected="{value}",
        given={"value": row * 1000.5},
    )
    for row in (30, 31, 32)
]
EVERY_KIND = result(
    [
        *(finding("P01", f"E{row}", "W", proposal="F", is_certain=True, **CODES) for row in range(2, 1242)),
        finding("P01", "F7", "FR10", column="NUTS2", **CODES),
        finding("NOT_A_NUMBER", "L9", "about {x} <b>", column="NUMERATOR"),
        *DIFFERENT_VALUES,
        finding("P16", "N20", "99.5", severity="warning", column="OBS_VALUE", group="P16:RSM_02"),
        *(finding("P31", f"M{row}", "20", severity="note", column="DENOMINATOR", group="P31:RSM_02") for row in (3, 8)),
    ],
    compared_with={"earlier_submissions": 3, "release_id": "2026.1"},
    **FACTS,
)
