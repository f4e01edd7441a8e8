"""Templates: a workbook with the rows that a country is asked for, and the fingerprint by which it is known again.

The workbook is in `ingestion.templates.workbook`, which loads openpyxl; what the desk needs is light and here.
"""

from ingestion.templates.fingerprint import PROPERTY_NAME, fingerprint_of, judge_fingerprint
from ingestion.templates.grid import Asked, ExpectedFigure, expected_figures, require_asked

__all__ = [
    "PROPERTY_NAME",
    "Asked",
    "ExpectedFigure",
    "expected_figures",
    "fingerprint_of",
    "judge_fingerprint",
    "require_asked",
]
