"""Which figures a file is compared with: those of its sender that are in force, and those of the current release.

The parent process says where they are, and that they are whole; the child reads them (`ingestion.checks.comparison`).
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from ingestion.store.landed import verified_landing
from ingestion.store.ledger_place import has_ledger
from ingestion.store.published import current_release_id


@dataclass(frozen=True)
class Landed:
    """The accepted rows of one earlier submission of the sender; a higher sequence number came later."""

    path: Path
    sequence_number: int
    is_published: bool


@dataclass(frozen=True)
class Earlier:
    """Where the figures are that a file is compared with. Without them the rules that compare say nothing."""

    landed: tuple[Landed, ...] = ()
    release_id: str | None = None
    warehouse: Path | None = None


NOTHING_EARLIER = Earlier()


def earlier_figures(settings: Settings, *, country_code: str, before: str | None = None) -> Earlier:
    """Return what a file of a country is compared with; `before` is the submission that the file is, if it is one.

    Errors: `PcmError` when landed rows no longer have the hash that the ledger recorded.
    """
    home = Home(settings.home)
    if not has_ledger(settings):
        return NOTHING_EARLIER
    release_id = current_release_id(settings)
    folder = home.releases / str(release_id)
    published = set(read_json(folder / "manifest.json")["releases"][-1]["submissions"]) if release_id else set()
    landed = tuple(
        Landed(verified_landing(settings, entry), entry["sequence_number"], entry["submission_id"] in published)
        for entry in _landed_before(settings, country_code, before)
    )
    return Earlier(landed, release_id, folder / "warehouse.duckdb" if release_id else None)


def to_json(earlier: Earlier) -> dict[str, Any]:
    """Return what the child needs to know, as JSON holds it."""
    described = asdict(earlier)
    described["landed"] = [{**each, "path": str(each["path"])} for each in described["landed"]]
    return {**described, "warehouse": str(earlier.warehouse) if earlier.warehouse else None}


def from_json(described: dict[str, Any]) -> Earlier:
    """Return the opposite of `to_json`."""
    landed = tuple(Landed(**{**each, "path": Path(each["path"])}) for each in described["landed"])
    warehouse = Path(described["warehouse"]) if described["warehouse"] else None
    return Earlier(landed, described["release_id"], warehouse)


def _landed_before(settings: Settings, country_code: str, before: str | None) -> list[dict[str, Any]]:
    from ingestion import ledger  # a third of a second that a check without an observatory need not spend

    known = ledger.find(settings, before) if before else None
    last = known["sequence_number"] if known else float("inf")
    return [entry for entry in ledger.landed_submissions(settings, country_code) if entry["sequence_number"] < last]
