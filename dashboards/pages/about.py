"""The page about the data: what is real, how to read it, what it cannot tell."""

from typing import Any

from dashboards.figures import Release
from dashboards.speech import spoken


def context(release: Release) -> dict[str, Any]:
    """Return what the page about the data shows."""
    return {"synthetic_percent": spoken().percent(100 * release.facts["is_synthetic_share"], 1)}
