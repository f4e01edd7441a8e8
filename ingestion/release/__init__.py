"""Releases: immutable published folders, the pointer to the current one, and reading them."""

from ingestion.release.drafts import publish_approved, publish_or_draft
from ingestion.release.publish import publish
from ingestion.release.query import query, release_as_of, release_folder
from ingestion.release.verify import verify
from ingestion.store.published import current_release_id, release_ids

__all__ = [
    "current_release_id",
    "publish",
    "publish_approved",
    "publish_or_draft",
    "query",
    "release_as_of",
    "release_folder",
    "release_ids",
    "verify",
]
