"""The command `pcm`, on top of every room. Each command imports what it needs inside itself."""

from ingestion.cli.main import main

__all__ = ["main"]
