"""Let the store refuse, cut off, answer half or late while a step keeps what it made there, then let it be well again.

The step may end with an error; done again unaided it must come to the undisturbed result, in the home and in the store:
a machine that has nothing else must have the same.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.settings import Settings
from ingestion.store.atomic import sha256_of
from ingestion.store.home import Home
from ingestion.store.published import current_release_id
from tests.chaos.checking import Disturbed
from tests.chaos.forked import run
from tests.chaos.tally import tallied
from tests.e2e.running_stack import free_port
from tests.object_store import KEYS, running, running_object_store, store_url

pytestmark = pytest.mark.chaos

BUCKET = "chaos"
ROUNDS_OF_FAULTS = 3
HIGHEST_RATE = 0.6  # Arrow asks again up to ten times, so that fewer faults are only slow


@pytest.fixture
def faulty(tmp_path, seed, monkeypatch) -> Iterator[tuple[str, Path]]:
    """The address of a store, and the folder in which stands how much of what it is asked goes wrong."""
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    port, folder = free_port(), tmp_path / "proxy"
    folder.mkdir()
    (folder / "rate").write_text("0")
    (folder / "done").touch()
    with (
        running_object_store(BUCKET) as address,
        running("tests.chaos.faulty_proxy", port, str(port), address, str(folder), str(seed)),
    ):
        yield f"127.0.0.1:{port}", folder


def test_a_step_whose_store_fails_comes_to_the_same_result(
    prepared, stage_with_a_store, faulty, tmp_path, chance, seed, results, request
):
    stage, (address, proxy) = stage_with_a_store, faulty
    with tallied(results, "store fault", seed, stage) as tally:

        def disturbed(name: str) -> Disturbed:
            made = Disturbed(prepared, stage, tmp_path / name, tally)
            made.settings = replace(made.settings, store=store_url(BUCKET, name, address))
            return made

        expected = _kept_when_well(disturbed("well"))
        for number in range(ROUNDS_OF_FAULTS * request.config.getoption("--chaos-rounds")):
            harmed = disturbed(f"disturbed-{number}")
            before = len((proxy / "done").read_text().splitlines())
            (proxy / "rate").write_text(str(chance.uniform(0, HIGHEST_RATE)))
            harmed.attempt()
            (proxy / "rate").write_text("0")
            harmed.require_whole(stage)
            harmed.require_result(stage, then=lambda given=harmed: _require_kept(given, expected, tmp_path / "fetched"))
            tally.trials[stage] += len((proxy / "done").read_text().splitlines()) > before


def _kept_when_well(well: Disturbed) -> list[str]:
    """Do the step undisturbed and return the names of what a machine that has only the store gets."""
    assert well.attempt().error is None
    found = _fetched(well.settings, well.folder / "fetched")
    assert found and not found.pop("unlike the home", None), found
    return sorted(found)


def _require_kept(harmed: Disturbed, expected: list[str], elsewhere: Path) -> None:
    found = _fetched(harmed.settings, elsewhere / harmed.folder.name)
    if found.pop("unlike the home", None) or sorted(found) != expected:
        harmed.tally.wrong(harmed.stage.name, "other_result", f"in the store: {sorted(found)} instead of {expected}")


def _fetched(settings: Settings, elsewhere: Path) -> dict[str, str]:
    """Return {file: SHA-256} of what a new machine gets from the store, and `unlike the home`, if any is."""
    there = replace(settings, home=elsewhere)

    def fetch() -> dict[str, str]:
        from ingestion.store.published import fetch_all

        Home(elsewhere).create()
        fetch_all(there)
        paths = [path for path in elsewhere.rglob("*") if path.is_file() and "run" not in path.parts]
        found = {str(path.relative_to(elsewhere)): sha256_of(path) for path in paths}
        unlike = [name for name, sha256 in found.items() if sha256_of(settings.home / name) != sha256]
        if unlike or current_release_id(there) not in (None, current_release_id(settings)):
            found["unlike the home"] = str(unlike)
        return found

    elsewhere.parent.mkdir(exist_ok=True)
    ended = run(fetch, elsewhere.parent)
    assert ended.error is None, ended.error
    return dict(ended.returned)
