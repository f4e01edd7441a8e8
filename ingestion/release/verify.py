"""Verify a release: every file still has the bytes that were published, and the figures have their hash."""

from functools import partial
from pathlib import Path

from ingestion.release.contents import SITE, hash_of_figures
from ingestion.store.atomic import TEMPORARY_PREFIX, read_json
from ingestion.store.packed import PACKED, kept_sha256
from ingestion.store.sums import SUMS, read_sums
from ingestion.warehouse.manifest import code_version

EDITED = "The figures are not those that release.json names: csv/ was edited, and SHA256SUMS with it."


def verify(folder: Path) -> list[str]:
    """Return one sentence for each file of a release that changed, came or is gone; an empty list means intact.

    A packed release is read through its blocks and stays packed.
    """
    try:
        listed = read_sums(folder)
    except (OSError, ValueError):
        return [f"{SUMS} is missing or damaged: nothing can be verified. Restore the folder from a backup."]
    problems = [problem for name, expected in listed.items() if (problem := _problem(folder, name, expected))]
    problems += [f"{name} was added after the release was published." for name in _present(folder) - listed.keys()]
    return sorted(problems) or _other_figures(folder)


def _present(folder: Path) -> set[str]:
    """Return the files of a release but for those that came later: its sums, its site and what it is packed in.

    What has no name yet, because a site or a pack is being made or was cut off, is no part of it.
    """
    names = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    later = (SITE, SUMS, PACKED)
    return {
        name.as_posix()
        for name in names
        if name.parts[0] not in later and not name.parts[0].startswith(TEMPORARY_PREFIX)
    }


def _problem(folder: Path, name: str, expected: str) -> str | None:
    found = kept_sha256(folder, name)
    if found is None:
        return f"{name} is missing."
    return f"{name} has changed since it was published." if found != expected else None


def _other_figures(folder: Path) -> list[str]:
    """Whoever edits a table and its line in the sums still has the hash of all figures against him.

    Which tables are figures is the code's to say: releases of other code are not asked.
    """
    release = read_json(folder / "release.json")
    found = hash_of_figures(partial(kept_sha256, folder))
    return [] if release["code_version"] != code_version() or found == release["content_hash"] else [EDITED]
