"""Workers that share a ledger in a real PostgreSQL, as those on several machines do."""

import multiprocessing
import os
import signal
import time
from dataclasses import replace

import pytest
from sqlalchemy import insert

from ingestion import ledger
from ingestion.care.backup import back_up, restore
from ingestion.care.doctor import look_at_ledger
from ingestion.errors import PcmError, UsageError
from ingestion.intake import claim_pending, receive
from ingestion.ledger.audit_log import audit_lines, record
from ingestion.ledger.messages import queue_mail
from ingestion.ledger.tables import SUBMISSIONS, ledger_engine
from ingestion.settings import Settings
from ingestion.status.looks import looks
from ingestion.store.home import Home
from ingestion.store.locks import exclusively_everywhere
from tests.postgresql import PASSWORD

pytestmark = pytest.mark.integration

# Children that are copies of this process must not speak through its connections.
WORKERS = multiprocessing.get_context("fork")
FILE_COUNT = 30
PATIENCE_SECONDS = 60


@pytest.fixture
def shared(tmp_path, postgresql) -> Settings:
    """A home whose ledger is in PostgreSQL."""
    made = Settings(home=tmp_path / "home", settle_seconds=0, ledger=postgresql.new_database())
    Home(made.home).create()
    return made


def send(settings: Settings, name: str) -> None:
    """Put a file of its own content into the inbox."""
    path = Home(settings.home).inbox / "LU" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(name)
    os.utime(path, (1e9, 1e9))


def hold_for_ever(settings: Settings, is_held) -> None:
    """Take the lock of builds and keep it."""
    with exclusively_everywhere(settings, "build"):
        is_held.set()
        time.sleep(600)


def test_a_killed_worker_keeps_no_lock(shared):
    is_held = WORKERS.Event()
    holder = WORKERS.Process(target=hold_for_ever, args=(shared, is_held))
    holder.start()
    assert is_held.wait(PATIENCE_SECONDS)
    waiter = WORKERS.Process(target=try_build_lock, args=(shared,))
    waiter.start()
    waiter.join(0.5)
    assert waiter.is_alive()  # it waits
    os.kill(holder.pid, signal.SIGKILL)
    waiter.join(PATIENCE_SECONDS)
    holder.join()
    assert (holder.exitcode, waiter.exitcode) == (-signal.SIGKILL, 0)


def try_build_lock(settings: Settings) -> None:
    """Take the lock of builds once."""
    with exclusively_everywhere(settings, "build") as require_lock:
        require_lock()


def test_locks_of_other_names_and_other_ledgers_do_not_wait_for_each_other(shared, postgresql):
    other = replace(shared, ledger=postgresql.new_database())
    with exclusively_everywhere(shared, "build"), exclusively_everywhere(shared, "publish"):
        try_build_lock(other)


def test_a_worker_that_lost_its_lock_is_told_before_it_publishes(shared, postgresql):
    with exclusively_everywhere(shared, "publish") as require_lock:
        require_lock()
        postgresql.end_sessions_with_locks()
        with exclusively_everywhere(shared, "publish"), pytest.raises(PcmError, match="the lock `publish`"):
            require_lock()


def claim(settings: Settings, claimed) -> None:
    """Be a worker of the intake until nothing waits."""
    claimed.put((os.getpid(), claim_pending(settings)))


def test_two_workers_take_every_file_once(shared):
    for number in range(FILE_COUNT):
        send(shared, f"{number}.csv")
    ledger.submissions(shared)  # both inherit a connection and must not use it
    claimed = WORKERS.Queue()
    workers = [WORKERS.Process(target=claim, args=(shared, claimed)) for _ in range(2)]
    for worker in workers:
        worker.start()
    taken = [submission_id for _ in workers for submission_id in claimed.get(timeout=PATIENCE_SECONDS)[1]]
    for worker in workers:
        worker.join()
    known = ledger.submissions(shared)
    assert len(taken) == len(set(taken)) == len(known) == FILE_COUNT
    assert [each["sequence_number"] for each in known] == list(range(1, FILE_COUNT + 1))


def test_what_is_sent_again_leaves_no_gap_in_the_order_of_arrival(shared, tmp_path):
    for name in ("first", "first", "second"):
        (tmp_path / name).write_text(name)
        receive(shared, tmp_path / name, country_code="LU", arrived_via="inbox")
    assert [each["sequence_number"] for each in ledger.submissions(shared)] == [1, 2]


def test_the_state_of_an_observatory_is_told_from_a_shared_ledger(shared):
    queue_mail(shared, "a-1", "news", "a test")
    assert looks(shared)["mails_waiting"] == 1


def write_lines(settings: Settings) -> None:
    """Write into the audit log and decide, many times."""
    for _ in range(10):
        record(settings, "signed in", account_id="a")
        ledger.decide(settings, "rollback", "2026.1", by="Ada", reason="a test")


def test_the_chains_stay_whole_when_two_add_to_them(shared):
    workers = [WORKERS.Process(target=write_lines, args=(shared,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(PATIENCE_SECONDS)
        assert worker.exitcode == 0
    assert len(audit_lines(shared)) == len(ledger.decisions(shared)) == 20
    assert (ledger.broken_decision(shared), ledger.audit_log.broken_line(shared)) == (None, None)


@pytest.mark.parametrize(("is_shared_before", "is_shared_after"), [(True, True), (False, True), (True, False)])
def test_a_backup_comes_back_whatever_the_database(shared, postgresql, tmp_path, is_shared_before, is_shared_after):
    before = shared if is_shared_before else replace(shared, ledger="")
    send(before, "figures.csv")
    claim_pending(before)
    write_lines(before)
    made = back_up(before, tmp_path / "backups")
    after = replace(before, home=tmp_path / "back", ledger=postgresql.new_database() if is_shared_after else "")
    restore(made.folder, after)
    assert ledger.submissions(after) == ledger.submissions(before)
    assert audit_lines(after) == audit_lines(before)
    assert [each.state for each in look_at_ledger(after)] == ["ok"]
    assert Home(after.home).ledger.exists() is not is_shared_after
    # Numbers go on where they were.
    send(after, "more figures.csv")
    claim_pending(after)
    write_lines(after)
    assert [each["sequence_number"] for each in ledger.submissions(after)] == [1, 2]
    assert [each.state for each in look_at_ledger(after)] == ["ok"]


def test_a_backup_is_not_restored_into_a_ledger_that_holds_something(shared, tmp_path):
    send(shared, "figures.csv")
    claim_pending(shared)
    made = back_up(shared, tmp_path / "backups")
    with pytest.raises(UsageError, match="holds submissions already"):
        restore(made.folder, replace(shared, home=tmp_path / "back"))
    assert not (tmp_path / "back").exists()


def test_a_backup_is_of_one_moment(shared, tmp_path):
    """A submission that is recorded while the ledger is copied is in the backup with its arrival, or not at all."""
    send(shared, "figures.csv")
    claim_pending(shared)
    with ledger_engine(shared).begin() as connection:
        connection.execute(
            insert(SUBMISSIONS).values(
                **{**ledger.submissions(shared)[0], "submission_id": "LU-other", "sequence_number": 2}
            )
        )
        made = back_up(shared, tmp_path / "backups")
    after = Settings(home=tmp_path / "back")
    restore(made.folder, after)
    assert len(ledger.submissions(after)) == 1


def test_the_password_comes_from_a_file_and_is_never_said(shared, postgresql, tmp_path):
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    (tmp_path / "wrong").write_text("a wrong one")
    by_network = replace(shared, ledger=postgresql.by_network(shared.ledger))
    settings = replace(by_network, ledger_password_file=str(tmp_path / "password"))
    assert ledger.submissions(settings) == []
    try_build_lock(settings)
    assert PASSWORD not in repr(settings)
    for wrong in (by_network, replace(by_network, ledger_password_file=str(tmp_path / "wrong"))):
        for ask in (ledger.submissions, try_build_lock):
            with pytest.raises(PcmError, match="password") as error:
                ask(wrong)
            assert "a wrong one" not in str(error.value)
    with pytest.raises(UsageError, match=r"PCM_LEDGER_PASSWORD_FILE names .*, which cannot be read"):
        try_build_lock(replace(by_network, ledger_password_file=str(tmp_path / "none")))


def test_a_database_without_a_language_of_its_own_serves_as_well(shared, postgresql):
    mute = postgresql.new_database("encoding 'SQL_ASCII' locale 'C' template template0")
    settings = replace(shared, ledger=mute)
    send(settings, "Zahlen für Lëtzebuerg.csv")
    claim_pending(settings)
    assert [found["original_name"] for found in ledger.submissions(settings)] == ["Zahlen für Lëtzebuerg.csv"]


def test_a_restarted_server_is_found_again(shared, postgresql):
    send(shared, "figures.csv")
    claim_pending(shared)
    postgresql.stop()
    [found] = look_at_ledger(shared)
    assert found.state == "broken" and "cannot be reached" in found.sentence
    with pytest.raises(PcmError, match="cannot be reached"):
        try_build_lock(shared)
    postgresql.start()
    assert len(ledger.submissions(shared)) == 1


def test_an_id_that_nobody_can_have_is_not_found(shared):
    send(shared, "figures.csv")
    claim_pending(shared)
    [known] = ledger.submissions(shared)
    assert ledger.find(shared, known["submission_id"] + "\0") is None
    assert ledger.messages.write_message(shared, known["submission_id"], "a", "no\0thing", is_steward=False)
    assert ledger.messages.thread(shared, known["submission_id"])[0]["text"] == "no\ufffdthing"
