"""Busy readers while releases are published one after the other: no error, no mixed version, never backwards."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from ingestion.doors.site import make_site
from ingestion.release.query import query
from ingestion.settings import Settings
from ingestion.store.atomic import read_json, settle_folder, temporary_beside, write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at

Reader = Callable[[], set[int]]


def _publish(settings: Settings, number: int, empty: Path) -> None:
    """Publish a release that says its number in every place that a reader looks at."""
    folder = Home(settings.home).releases / f"2026.{number}"
    temporary = temporary_beside(folder)
    (temporary / "site" / "en").mkdir(parents=True)
    shutil.copyfile(empty, temporary / "warehouse.duckdb")
    with duckdb.connect(str(temporary / "warehouse.duckdb")) as connection:
        connection.execute(f"create schema marts; create table marts.dim_release as select {number} as number")
        connection.execute(f"create table marts.fct_estimates as select {number} as number from range(1000)")
    (temporary / "site" / "en" / "index.html").write_text(str(number))
    (temporary / "CHANGES.md").write_text(str(number))
    write_json(temporary / "release.json", {"release_id": folder.name, "release_sequence": number})
    settle_folder(temporary, folder)
    point_at(settings, folder.name)


def _over_http(settings: Settings) -> Reader:
    client = TestClient(make_site(settings))

    def read() -> set[int]:
        page = client.get("/latest/en/")
        release_id = page.url.path.split("/")[2]
        file = client.get(f"/releases/{release_id}/CHANGES.md")
        assert (page.status_code, file.status_code) == (200, 200)
        return {int(page.text), int(file.text), int(release_id.split(".")[1])}

    return read


def _by_query(settings: Settings) -> Reader:
    sql = "select distinct number from fct_estimates union select number from dim_release"
    return lambda: {number for (number,) in query(settings, sql)[1]}


def _by_file(settings: Settings) -> Reader:
    def read() -> set[int]:
        folder = (Home(settings.home).releases / "current").resolve()
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            numbers = connection.execute("select distinct number from marts.fct_estimates").fetchall()
        return {read_json(folder / "release.json")["release_sequence"], *(number for (number,) in numbers)}

    return read


@pytest.mark.parametrize("publications", [20, pytest.param(200, marks=pytest.mark.chaos)])
def test_busy_readers_see_whole_releases_in_their_order(settings, tmp_path, publications):
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    _publish(settings, 1, tmp_path / "empty.duckdb")
    readers = {"http": _over_http(settings), "query": _by_query(settings), "file": _by_file(settings)}
    problems: list[str] = []
    looks: Counter[str] = Counter()
    stop = threading.Event()

    def look(name: str) -> None:
        latest = 1
        while not stop.is_set():
            try:
                seen = readers[name]()
            except Exception as error:
                problems.append(f"{name}: {error!r}")
                continue
            if len(seen) != 1 or min(seen) < latest:
                problems.append(f"{name}: {seen} after {latest}")
            latest = max(seen)
            looks[name] += 1

    threads = [threading.Thread(target=look, args=(name,)) for name in readers]
    for thread in threads:
        thread.start()
    for number in range(2, publications + 2):
        _publish(settings, number, tmp_path / "empty.duckdb")
    stop.set()
    for thread in threads:
        thread.join()
    print(dict(looks))  # shown with -s: how often each looked
    assert problems == []
    assert min(looks[name] for name in readers) > 0
