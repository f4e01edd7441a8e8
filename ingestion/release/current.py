"""The pointer: which release is current. Replaced in one step; readers see the old or the new, never none."""

from ingestion.settings import Settings
from ingestion.store.atomic import point_symlink, read_json, write_json
from ingestion.store.home import Home

POINTER = "current.json"
LINK = "current"


def current_release_id(settings: Settings) -> str | None:
    """Return the id of the current release; None before the first."""
    pointer = Home(settings.home).releases / POINTER
    return str(read_json(pointer)["release_id"]) if pointer.exists() else None


def release_ids(settings: Settings) -> list[str]:
    """Return the ids of all releases, oldest first."""
    folders = Home(settings.home).releases.glob("[!.]*/release.json")
    found = [read_json(path) for path in folders if not path.parent.is_symlink()]
    return [release["release_id"] for release in sorted(found, key=lambda each: each["release_sequence"])]


def point_at(settings: Settings, release_id: str) -> None:
    """Make a release the current one: first the link that file readers follow, then the pointer."""
    releases = Home(settings.home).releases
    point_symlink(releases / LINK, release_id)
    write_json(releases / POINTER, {"release_id": release_id})
