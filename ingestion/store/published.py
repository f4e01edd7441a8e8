"""Which releases there are and which is current: a pointer replaced in one step, so readers never see none."""

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
    """Return the ids of the releases that were published, oldest first, the current one last.

    A folder beyond the current one was assembled by a run that was killed before it published it.
    """
    current = current_release_id(settings)
    folders = Home(settings.home).releases.glob("[!.]*/release.json")
    found = [read_json(path) for path in folders if not path.parent.is_symlink()]
    sequence = {release["release_id"]: release["release_sequence"] for release in found}
    published = [release_id for release_id in sequence if sequence[release_id] <= sequence.get(current, 0)]
    return sorted(published, key=sequence.__getitem__)


def point_at(settings: Settings, release_id: str) -> None:
    """Make a release the current one: first the link that file readers follow, then the pointer, which decides."""
    releases = Home(settings.home).releases
    point_symlink(releases / LINK, release_id)
    write_json(releases / POINTER, {"release_id": release_id})
