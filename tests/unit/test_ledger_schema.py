"""The ledger's tables are what the program needs, wherever they come from."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from ingestion import ledger
from ingestion.errors import PcmError
from ingestion.ledger.schema import HEAD, migrations, revision_of
from ingestion.ledger.tables import ledger_engine, open_engine
from ingestion.settings import Settings
from ingestion.store.home import Home

BEFORE_REVISIONS = Path(__file__).parent / "ledgers" / "before_revisions.sql"
A_SUBMISSION = (
    "insert into submissions (submission_id, country_code, sha256, size_bytes, original_name, received_at, "
    "arrived_via, status, attempts) values ('LU-1', 'LU', 'aa', 7, 'figures.csv', '2026-01-01T00:00:00+00:00', "
    "'inbox', 'received', 0)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path) -> Settings:
    """A home whose ledger does not exist yet, in each of the databases that it may be in."""
    address = request.getfixturevalue("postgresql").new_database() if request.param == "postgresql" else ""
    made = Settings(home=tmp_path / "home", settle_seconds=0, ledger=address)
    Home(made.home).create()
    return made


def differences(engine: Engine) -> list:
    """Return in what a ledger's tables differ from those that the program works with."""
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection), ledger.METADATA)


def test_the_steps_make_the_tables_that_the_program_works_with(place):
    engine = ledger_engine(place)
    assert differences(engine) == []
    with engine.connect() as connection:
        assert revision_of(connection) == HEAD == ScriptDirectory.from_config(migrations(connection)).get_current_head()


def test_the_steps_can_be_gone_back_and_forth(place):
    engine = ledger_engine(place)
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    with engine.begin() as connection:
        command.upgrade(migrations(connection), HEAD)
    assert differences(engine) == []


def test_a_step_back_loses_nothing(place):
    with ledger_engine(place).begin() as connection:
        connection.execute(text(A_SUBMISSION))
    with pytest.raises(PcmError, match="holds submissions"), ledger_engine(place).begin() as connection:
        command.downgrade(migrations(connection), "base")
    assert [each["submission_id"] for each in ledger.submissions(place)] == ["LU-1"]


def test_a_ledger_of_a_newer_program_is_not_touched(place):
    engine = open_engine(place)
    with engine.begin() as connection:
        connection.execute(text("create table alembic_version (version_num varchar(32) not null)"))
        connection.execute(text("insert into alembic_version values ('9999')"))
    with pytest.raises(PcmError, match=f"revision 9999, this program knows up to {HEAD}"):
        ledger.submissions(place)
    assert inspect(engine).get_table_names() == ["alembic_version"]


def test_all_who_open_a_new_ledger_at_once_find_it(tmp_path):
    """SQLite said "database is locked" to one of four in each sixth new home."""
    together = threading.Barrier(4)

    def journal_of(home: Path) -> str:
        together.wait()
        with open_engine(Settings(home=home)).connect() as connection:
            return connection.execute(text("pragma journal_mode")).scalar_one()

    with ThreadPoolExecutor(4) as pool:
        for number in range(20):
            assert set(pool.map(journal_of, [tmp_path / f"{number}"] * 4)) == {"wal"}


@pytest.mark.parametrize("change", ["update {} set {} = 'x'", "delete from {}", "truncate {}"])
def test_what_is_only_added_to_is_never_changed(place, change):
    if change.startswith("truncate") and not place.ledger:
        pytest.skip("SQLite has no such statement.")
    ledger.decide(place, "rollback", "2026.1", by="Ada", reason="a test")
    ledger.audit_log.record(place, "signed in", account_id="a")
    for table, column in (("decisions", "reason"), ("audit_log", "action")):
        with pytest.raises(Exception, match=f"{table} is only added to"), ledger_engine(place).begin() as connection:
            connection.execute(text(change.format(table, column)))
    assert (ledger.broken_decision(place), ledger.audit_log.broken_line(place)) == (None, None)


@pytest.mark.parametrize("not_there_yet", [(), ("messages", "mails", "four_eyes")])
def test_a_ledger_from_before_revisions_is_adopted(tmp_path, not_there_yet):
    settings = Settings(home=tmp_path)
    with sqlite3.connect(Home(tmp_path).ledger) as connection:
        connection.executescript(BEFORE_REVISIONS.read_text(encoding="utf-8"))
        for table in not_there_yet:
            connection.execute(f"drop table {table}")
        connection.execute(A_SUBMISSION)
    connection.close()
    assert [each["original_name"] for each in ledger.submissions(settings)] == ["figures.csv"]
    assert differences(ledger_engine(settings)) == []
    with ledger_engine(settings).connect() as connection:
        assert revision_of(connection) == HEAD
