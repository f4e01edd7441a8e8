"""The demonstration round: real context figures and invented pilot figures, in files as their senders make them.

Every invented row says SYNTHETIC in its REFERENCE. The same seed gives the same bytes.
"""

from ingestion.demo.prepare import national_files, prepare

__all__ = ["national_files", "prepare"]
