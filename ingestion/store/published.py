"""Which releases there are and which is current: a pointer replaced in one step, so readers never see none."""

from pathlib import Path
from typing import Any

from ingestion.settings import Settings
from ingestion.store.atomic import point_symlink, read_json
from ingestion.store.home import Home
from ingestion.store.objects import RELEASE, fetch, fetch_folder, files_in_store, replacing
from ingestion.store.packed import restore

POINTER = "current.json"
LINK = "current"


def current_release_id(settings: Settings) -> str | None:
    """Return the id of the current release; None before the first."""
    pointer = _pointer(settings)
    return str(pointer["release_id"]) if pointer else None


def release_ids(settings: Settings) -> list[str]:
    """Return the ids of the releases that were published, oldest first, withdrawn ones too.

    A folder beyond the latest was assembled by a run that was killed before it published it.
    """
    folders = Home(settings.home).releases.glob(f"[!.]*/{RELEASE}")
    found = [read_json(path) for path in folders if not path.parent.is_symlink()]
    sequence = {release["release_id"]: release["release_sequence"] for release in found}
    latest = sequence.get(current_release_id(settings), 0)
    latest = max(latest, _pointer(settings).get("latest_sequence", 0))
    published = [release_id for release_id in sequence if sequence[release_id] <= latest]
    return sorted(published, key=sequence.__getitem__)


def release_facts(settings: Settings, release_id: str) -> dict[str, Any]:
    """Return what a release says of itself."""
    return dict(read_json(Home(settings.home).releases / release_id / RELEASE))


def release_manifest(settings: Settings, release_id: str) -> dict[str, Any]:
    """Return what a release is made of."""
    return dict(read_json(Home(settings.home).releases / release_id / "manifest.json"))


def point_at(settings: Settings, release_id: str) -> None:
    """Make a release the current one: first the link that file readers follow, then the pointer, which decides.

    The store has the pointer before both: who finds it in the home does not write it again. It remembers the latest
    release that it ever pointed at: pointing back unpublishes nothing.
    """
    releases = Home(settings.home).releases
    restore(releases / release_id)
    known = [*release_ids(settings), release_id]
    latest = max(release_facts(settings, each)["release_sequence"] for each in known)
    with replacing(settings, releases / POINTER, {"release_id": release_id, "latest_sequence": latest}):
        point_symlink(releases / LINK, release_id)


def fetch_all(settings: Settings) -> int:
    """Bring the home up to its store, if it has one, and return how many files and releases came back."""
    home = Home(settings.home)
    files = [file for folder in (home.received, home.landing) for file in fetch(settings, folder)]
    # A step that is done again adds to its lineage: what is here may know more than the store.
    told = [file for file in files_in_store(settings, home.lineage) if not file.exists() and fetch(settings, file)]
    kept = files_in_store(settings, home.releases)
    lacking = [file.parent for file in kept if file.name == RELEASE and not file.parent.exists()]
    for folder in lacking:
        fetch_folder(settings, folder)
    for file in kept:
        if file.parent == home.releases and fetch(settings, file) and file.name == POINTER:
            point_symlink(home.releases / LINK, str(current_release_id(settings)))
    return len(files) + len(told) + len(lacking)


def withdrawal(settings: Settings, release_id: str) -> dict[str, Any] | None:
    """Return who withdrew a release, when and why; None when it stands."""
    path = _withdrawal_path(settings, release_id)
    return dict(read_json(path)) if path.exists() else None


def record_withdrawal(settings: Settings, release_id: str, notice: dict[str, Any]) -> None:
    """Put the notice beside the folder of the release, which itself never changes."""
    with replacing(settings, _withdrawal_path(settings, release_id), notice):
        pass


def _withdrawal_path(settings: Settings, release_id: str) -> Path:
    return Home(settings.home).releases / f"{release_id}.withdrawn.json"


def _pointer(settings: Settings) -> dict[str, Any]:
    path = Home(settings.home).releases / POINTER
    return dict(read_json(path)) if path.exists() else {}
