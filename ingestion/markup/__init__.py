"""Markup: a contact's own file back, with marks and comments, or with the certain fixes written into it."""

from ingestion.markup.findings_csv import findings_csv
from ingestion.markup.fix_file import fix_file
from ingestion.markup.fixes import Fix, Fixed, NotApplied, fixes_of
from ingestion.markup.mark_up import mark_up

__all__ = ["Fix", "Fixed", "NotApplied", "findings_csv", "fix_file", "fixes_of", "mark_up"]
