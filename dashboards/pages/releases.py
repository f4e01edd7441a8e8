"""The page of releases: this one, those before it, and what changed."""

from typing import Any

from dashboards.figures import Release
from dashboards.pages import downloads, quality

CHANGE_FILES = ("CHANGES.md", "changes.csv")


def context(release: Release) -> dict[str, Any]:
    """Return what the page of releases shows."""
    return {
        "earlier": [each for each in release.releases if each != release.release_id][::-1],
        "changes": downloads.files(release, {name: downloads.FILE_WORDS[name] for name in CHANGE_FILES}),
        "changed_count": len(release.corrections),
        "changed": quality.corrections(release),
    }
