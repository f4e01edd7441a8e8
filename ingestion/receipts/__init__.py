"""Receipts: what we did with a file, for its sender, as a page and as text, in the sender's language."""

from ingestion.receipts.localise import localise
from ingestion.receipts.page import render
from ingestion.receipts.text import as_text

__all__ = ["as_text", "localise", "render"]
