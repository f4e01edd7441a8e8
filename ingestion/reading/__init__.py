"""Reading: the bytes of a file become a table of raw cells, each with the address that its sender sees."""

from ingestion.reading.cell import cell_address, cell_text
from ingestion.reading.read import read_table
from ingestion.reading.table import RawTable, Unreadable

__all__ = ["RawTable", "Unreadable", "cell_address", "cell_text", "read_table"]
