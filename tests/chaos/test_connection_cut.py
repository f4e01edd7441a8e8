"""Cut the connections to a ledger in PostgreSQL, or stop its server and start it again, in the middle of a step.

A cut falls before a statement or a commit, or at any time; a restart at any time. The step may end with an error then;
done again unaided it must come to the undisturbed result.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

import pytest

from ingestion.ledger.copying import copy_ledger
from ingestion.settings import Settings
from ingestion.store.home import Home
from tests.chaos.checking import Disturbed
from tests.chaos.forked import ledger_statements, operations_of, run
from tests.chaos.tally import tallied
from tests.postgresql import Server

pytestmark = pytest.mark.chaos

CUTS_IN_A_ROUND = 3
LONGEST_DOWN_SECONDS = 0.5


def test_a_step_whose_ledger_is_cut_off_comes_to_the_same_result(
    prepared, stage_on_a_server, postgresql, tmp_path, chance, seed, results, request
):
    stage = stage_on_a_server
    with tallied(results, "connection cut", seed, stage) as tally:
        full = _full_ledger(prepared.home(stage), postgresql, tmp_path)

        def disturbed(name: str) -> Disturbed:
            made = Disturbed(prepared, stage, tmp_path / name, tally)
            made.settings = replace(made.settings, ledger=postgresql.copy_of(full))
            Home(made.settings.home).ledger.unlink()
            return made

        statements, seconds = _extent(disturbed("measured"))
        for number in range(CUTS_IN_A_ROUND * request.config.getoption("--chaos-rounds")):
            harmed = disturbed(f"disturbed-{number}")
            harmed.attempt(**_moment(chance, statements, seconds, postgresql, harmed.settings.ledger))
            harmed.require_whole(stage)
            harmed.require_result(stage)
            tally.trials[stage] += 1
            postgresql.drop(harmed.settings.ledger)


def _full_ledger(home, server: Server, folder) -> str:
    """Return the address of a database that holds the ledger of a home."""
    address = server.new_database()
    ended = run(lambda: copy_ledger(Settings(home=home), Settings(home=folder, ledger=address)), folder)
    assert ended.error is None, ended.error
    return address


def _extent(measured: Disturbed) -> tuple[int, float]:
    """Return how many statements a step asks, and how many seconds it takes."""
    started = time.monotonic()
    statements = operations_of(lambda: measured.stage.work(measured.settings), measured.folder, ledger_statements)
    return statements, time.monotonic() - started


def _moment(chance: Random, statements: int, seconds: float, server: Server, address: str) -> dict[str, object]:
    cut = partial(server.end_sessions, address)
    if chance.random() < 0.5:
        return {"at_operation": chance.randint(1, statements), "operations": ledger_statements, "harm": cut}
    harm: Callable[[], None] = chance.choice([cut, partial(_restart, server, chance.uniform(0, LONGEST_DOWN_SECONDS))])
    return {"after_seconds": chance.uniform(0, seconds), "harm": harm}


def _restart(server: Server, down_seconds: float) -> None:
    server.stop()
    time.sleep(down_seconds)
    server.start()
