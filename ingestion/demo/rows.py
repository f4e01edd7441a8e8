"""A row of a national file before it gets its format: {column of the submission format: value}, blanks left out."""

from ingestion.catalogue import columns_of_kind, rows

Value = str | int | float | None
Row = dict[str, Value]

# The prefix that marks an invented figure wherever it is shown.
SYNTHETIC = "SYNTHETIC"
NUMBER_COLUMNS = columns_of_kind("number")
COLUMNS = tuple(row["column_name"] for row in rows("submission_columns"))
