"""Make a release again from the files that were received, elsewhere, and compare it with what was published."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.catalogue import catalogue_hash
from ingestion.checks import ACCEPTED_FILE
from ingestion.checks.desk import examine
from ingestion.errors import PcmError, UsageError
from ingestion.release.contents import export_tables
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, settle_file, sha256_of
from ingestion.store.home import Home
from ingestion.warehouse.build import make
from ingestion.warehouse.dbt import WAREHOUSE
from ingestion.warehouse.manifest import code_version


def rebuild(settings: Settings, folder: Path) -> list[str]:
    """Return one sentence for each landed file and each table that comes out otherwise; an empty list means the same.

    The desk reads the received originals again, dbt builds from what it accepts, in a folder of its own and without
    anything that was kept from before. Errors: `UsageError` when this code or catalogue is not the release's.
    """
    manifest = read_json(folder / "manifest.json")
    _require_same_code(read_json(folder / "release.json"))
    with tempfile.TemporaryDirectory(prefix="pcm-rebuild-") as place:
        scratch = Home(Path(place)).create()
        problems = _land_again(settings, manifest, scratch)
        if problems:
            return problems
        make(Settings(home=scratch.root), manifest, scratch.builds / manifest["build_id"])
        again = scratch.root / "again"
        again.mkdir()
        export_tables(scratch.builds / manifest["build_id"] / WAREHOUSE, again)
        return _different_tables(folder, again)


def _require_same_code(release: dict[str, Any]) -> None:
    here = {"code_version": code_version(), "catalogue_hash": catalogue_hash()}
    other = [name.replace("_", " ") for name, value in here.items() if release[name] != value]
    if other:
        commit = release.get("source_commit")
        hint = f"Check out commit {commit}" if commit else f"Check out the code of version {release['code_version']}"
        raise UsageError(
            f"{release['release_id']} was made with another {' and '.join(other)} than this program has "
            f"({release['code_version']}, not {here['code_version']}). {hint} and ask again; nothing was rebuilt."
        )


def _land_again(settings: Settings, manifest: dict[str, Any], scratch: Home) -> list[str]:
    """Land what the desk accepts today; return one sentence for each submission that does not come out the same."""
    landed = [each for each in manifest["submissions"] if each["landing_sha256"]]
    damaged = [each["submission_id"] for each in landed if not _is_intact(_original(settings, each), each["sha256"])]
    if damaged:
        return [
            f"The received file of {each} is damaged or gone. Restore received/ from the backup." for each in damaged
        ]
    # The desk works in child processes, so threads are enough to keep every core busy.
    with ThreadPoolExecutor() as pool:
        return [problem for problem in pool.map(partial(_land_one_again, settings, scratch), landed) if problem]


def _original(settings: Settings, submission: dict[str, Any]) -> Path | None:
    return next((Home(settings.home).received / submission["submission_id"]).glob("original*"), None)


def _is_intact(path: Path | None, sha256: str) -> bool:
    return path is not None and sha256_of(path) == sha256


def _land_one_again(settings: Settings, scratch: Home, submission: dict[str, Any]) -> str | None:
    submission_id, country_code = submission["submission_id"], submission["country_code"]
    work_folder = scratch.received / submission_id
    original = _original(settings, submission)
    assert original is not None
    try:
        examine(
            original,
            country_code=country_code,
            work_folder=work_folder,
            settings=settings,
            submission_id=submission_id,
        )
    except PcmError as error:
        return f"{submission_id} could not be read again. {error}"
    accepted = work_folder / ACCEPTED_FILE
    if not accepted.exists():
        return f"{submission_id}: today's rules accept no row of it."
    target = scratch.landing / country_code / f"{submission_id}.parquet"
    target.parent.mkdir(exist_ok=True)
    settle_file(accepted, target)
    same = sha256_of(target) == submission["landing_sha256"]
    return None if same else f"{submission_id}: the rows that are accepted today are not those that were landed."


def _different_tables(folder: Path, again: Path) -> list[str]:
    names = {path.name for each in (folder, again) for path in (each / "csv").glob("*.csv")}
    return [f"{Path(name).stem} comes out otherwise." for name in sorted(names) if not _are_same(folder, again, name)]


def _are_same(folder: Path, again: Path, name: str) -> bool:
    one, other = folder / "csv" / name, again / "csv" / name
    return one.exists() and other.exists() and sha256_of(one) == sha256_of(other)
