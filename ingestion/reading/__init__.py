"""Reading: the bytes of a file become a table of raw cells, each with the address that its sender sees."""

from ingestion.reading.read import read_table
from ingestion.reading.table import RawTable, Unreadable, cell_address, cell_text

__all__ = ["RawTable", "Unreadable", "cell_address", "cell_text", "read_table"]
