"""Texts that a spreadsheet program would compute when it opens a file: a code is never one, and no export may hold one.

CSV injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def starts_a_formula(cell: object) -> bool:
    """Say whether a spreadsheet program may take a text for a formula; a dash alone is none."""
    return isinstance(cell, str) and len(cell) > 1 and cell.startswith(FORMULA_STARTS)


def neutralised(text: str) -> str:
    """Return a text as an export may write it: one that starts a formula gets an apostrophe in front."""
    return f"'{text}" if starts_a_formula(text) else text
