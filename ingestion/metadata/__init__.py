"""Metadata of a release, all made from the catalogue and from what the models say of themselves."""

from ingestion.metadata.write import write_metadata

__all__ = ["write_metadata"]
