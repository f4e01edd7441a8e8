"""Kill each step at any moment and do it again: nothing is lost or half done, and the result is the undisturbed one.

Half of the kills hit an operation that lasts (a file opened, a rename, a commit), half a time, which also falls into
what libraries do; half of them leave the processes alive that the killed one had started.
"""

import math
import time
from random import Random

import pytest

from tests.chaos.checking import Disturbed
from tests.chaos.forked import operations_of
from tests.chaos.stages import STAGES
from tests.chaos.tally import tallied

pytestmark = pytest.mark.chaos

# How the kills are shared among the steps: many where much is written, few where dbt works for seconds.
SHARES = {"intake": 30, "desk": 26, "build": 2, "gate": 4, "publish": 24, "site": 2, "packing": 12}
# After so many kills the step is let to its end, and a new copy of the home is disturbed.
MOST_KILLS_OF_A_HOME = 12


def test_every_step_has_its_share():
    assert SHARES.keys() == STAGES.keys()


def test_a_killed_step_comes_to_the_same_result(prepared, stage, tmp_path, chance, seed, results, request):
    wanted = math.ceil(request.config.getoption("--chaos-kills") * SHARES[stage] / sum(SHARES.values()))
    with tallied(results, "kill", seed, stage) as tally:
        operations, seconds = _extent(prepared, stage, tmp_path / "measured", tally)
        homes = 0
        while (killed := sum(tally.trials.values())) < wanted:
            homes += 1
            disturbed = Disturbed(prepared, stage, tmp_path / f"disturbed-{homes}", tally)
            step = stage
            for _ in range(min(wanted - killed, chance.randint(1, MOST_KILLS_OF_A_HOME))):
                ended = disturbed.attempt(**_moment(chance, operations, seconds))
                assert ended.error is None, ended.error
                if ended.killed_in is None:
                    break
                step = ended.killed_in
                tally.trials[step] += 1
                disturbed.require_whole(step)
            disturbed.require_result(step)


def _extent(prepared, stage, folder, tally) -> tuple[int, float]:
    """Return how many operations a step takes, and how many seconds."""
    measured = Disturbed(prepared, stage, folder, tally)
    started = time.monotonic()
    operations = operations_of(lambda: measured.stage.work(measured.settings), folder)
    return operations, time.monotonic() - started


def _moment(chance: Random, operations: int, seconds: float) -> dict[str, object]:
    alone = chance.random() < 0.5
    if chance.random() < 0.5:
        return {"at_operation": chance.randint(1, operations), "alone": alone}
    return {"after_seconds": chance.uniform(0, seconds), "alone": alone}
