"""What is kept in object storage: a file system, and a server of S3's interface in a process of its own (moto)."""

import os
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner

from ingestion import ledger
from ingestion.checks.earlier import earlier_figures
from ingestion.cli.main import pcm
from ingestion.errors import PcmError, UsageError
from ingestion.intake import claim_pending, process_submission, receive
from ingestion.settings import Settings
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.landed import verified_landing
from ingestion.store.objects import fetch, fetch_folder, keep
from ingestion.store.published import current_release_id, fetch_all, point_at, record_withdrawal, withdrawal
from tests.e2e.running_stack import free_port
from tests.files import as_lines, csv_text, figures, write
from tests.object_store import KEYS, running_object_store, store_url

BUCKET = "observatory"


@pytest.fixture(scope="module")
def s3_server():
    """The address of a running S3 server, with a bucket."""
    with pytest.MonkeyPatch.context() as environment, running_object_store(BUCKET) as address:
        for name, value in KEYS.items():
            environment.setenv(name, value)
        yield address


both_kinds = pytest.mark.parametrize("store", ["file", "s3"], indirect=True)


@pytest.fixture
def store(request, tmp_path):
    """The URL of an empty store."""
    if getattr(request, "param", "file") == "file":
        return f"file://{tmp_path}/store"
    server = request.getfixturevalue("s3_server")
    return store_url(BUCKET, tmp_path.name, server)


@pytest.fixture
def here(settings, store) -> Settings:
    """An observatory with a store."""
    return replace(settings, store=store)


def _elsewhere(here: Settings, name: str = "elsewhere") -> Settings:
    """Another machine: the same store and what the ledger says, and nothing else."""
    there = replace(here, home=here.home.with_name(name))
    Home(there.home).create()
    for path in here.home.glob("ledger.sqlite*"):
        shutil.copyfile(path, there.home / path.name)
    return there


def _sent(settings, tmp_path, name="figures.csv"):
    path = write(tmp_path, name, csv_text(as_lines(figures())))
    return receive(settings, path, country_code="LU", arrived_via="portal")


def _contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@both_kinds
def test_one_machine_takes_a_file_another_reads_it_a_third_has_its_rows(here, tmp_path):
    submission_id = _sent(here, tmp_path)
    reader = _elsewhere(here)
    receipt = process_submission(reader, submission_id)
    assert receipt["rows"]["accepted"] == len(figures())
    third = _elsewhere(reader, "third")
    [earlier] = earlier_figures(third, country_code="LU").landed
    [entry] = ledger.landed_submissions(third, "LU")
    assert earlier.path == verified_landing(third, entry)
    fetch_all(third)
    for folder in ("received", "landing"):
        assert _contents(third.home / folder) == _contents(reader.home / folder) != {}


def test_an_answer_that_changed_elsewhere_comes_back_and_what_did_not_change_stays(here, tmp_path):
    submission_id = _sent(here, tmp_path)
    fetch_all(here)
    assert fetch(here, Home(here.home).received) == []
    reader = _elsewhere(here)
    process_submission(reader, submission_id)
    came_back = {path.name for path in fetch(here, Home(here.home).received)}
    assert came_back == {"receipt.json", "receipt.html"}


@both_kinds
def test_a_lost_home_comes_back_with_its_releases_and_its_pointer(here, tmp_path):
    releases = Home(here.home).releases
    for number in (1, 2):
        release = {"release_id": f"2026.{number}", "release_sequence": number}
        write_json(releases / f"2026.{number}" / "release.json", release)
        keep(here, releases / f"2026.{number}")
        point_at(here, f"2026.{number}")
    record_withdrawal(here, "2026.1", {"reason": "A wrong denominator.", "withdrawn_at": "2026-11-26"})
    point_at(here, "2026.1")
    there = _elsewhere(here)
    told = CliRunner().invoke(pcm, ["--home", str(there.home), "fetch"], env={"PCM_STORE": there.store})
    assert told.exit_code == 0, told.output
    assert _contents(Home(there.home).releases) == _contents(releases)
    assert current_release_id(there) == "2026.1"
    assert (Home(there.home).releases / "current").resolve().name == "2026.1"
    assert withdrawal(there, "2026.1")["reason"] == "A wrong denominator."


def test_a_release_that_is_not_whole_in_the_store_is_not_brought_back(here):
    releases = Home(here.home).releases
    write_json(releases / "2026.1" / "manifest.json", {})
    keep(here, releases / "2026.1")
    there = _elsewhere(here)
    fetch_all(there)
    assert not (Home(there.home).releases / "2026.1").exists()


@both_kinds
def test_a_name_that_a_store_does_not_take_stops_nobody(here):
    folder = Home(here.home).inbox / "LU"
    folder.mkdir()
    for number, name in enumerate((b"rapport.donn\xe9es", b"rapport.a\nb", b"rapport.csv")):
        (folder / os.fsdecode(name)).write_bytes(bytes([number]))
    claimed = claim_pending(here)
    assert [ledger.find(here, each)["original_name"][:8] for each in claimed] == ["rapport."] * 3


def test_a_store_that_does_not_answer_loses_nothing(settings, tmp_path):
    port = free_port()
    away = replace(settings, store=f"s3://{BUCKET}/x?endpoint_override=127.0.0.1:{port}&scheme=http&region=eu")
    with pytest.raises(PcmError, match="does not answer"):
        _sent(away, tmp_path)
    assert ledger.submissions(settings) == []  # it is not announced, its sender keeps it, and the next try takes it
    _sent(settings, tmp_path)
    assert len(ledger.submissions(settings)) == 1


def test_nothing_points_at_a_release_before_the_store_does(here, tmp_path):
    """Else a home that points there already would never tell the store."""
    releases = Home(here.home).releases
    write_json(releases / "2026.1" / "release.json", {"release_id": "2026.1", "release_sequence": 1})
    keep(here, releases / "2026.1")
    (tmp_path / "store").rename(tmp_path / "away")
    (tmp_path / "store").touch()
    with pytest.raises(PcmError, match="does not answer"):
        point_at(here, "2026.1")
    assert {path.name for path in releases.iterdir()} == {"2026.1"}
    (tmp_path / "store").unlink()
    (tmp_path / "away").rename(tmp_path / "store")
    point_at(here, "2026.1")
    there = _elsewhere(here)
    fetch_all(there)
    assert current_release_id(there) == "2026.1"


def test_damage_in_the_store_is_noticed(here, tmp_path):
    submission_id = _sent(here, tmp_path)
    process_submission(here, submission_id)
    [landed] = Home(here.home).landing.rglob("*.parquet")
    landed.write_bytes(landed.read_bytes()[:-1])
    keep(here, landed)
    there = _elsewhere(here)
    [entry] = ledger.landed_submissions(there, "LU")
    with pytest.raises(PcmError, match="damaged"):
        verified_landing(there, entry)


def test_a_name_of_no_store_is_refused_without_its_secrets(settings):
    with pytest.raises(UsageError, match="names no store") as refusal:
        fetch_folder(replace(settings, store="elsewhere://x?secret=hush"), settings.home / "releases")
    assert "hush" not in str(refusal.value)
