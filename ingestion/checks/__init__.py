"""The checks of a file: a registry of rules (`catalogue/checks.csv`), one SQL file per table rule, and the desk.

A check returns findings; it does not print, log or raise.
"""

ACCEPTED_FILE = "accepted.parquet"  # what an examination leaves in its work folder, if it accepts any row
