"""Set the clock a day back or on between the steps: the release is the same.

The clock is that of the whole process and its children, by Debian's `faketime`; the desk's children, which get nothing
of our environment, keep the real one, so that clocks differ within a step, too.
"""

import os
import shutil
import subprocess
import sys

import pytest

from ingestion.settings import PROJECT_ROOT
from tests.chaos.checking import Disturbed
from tests.chaos.tally import tallied

pytestmark = pytest.mark.chaos

OFFSETS = ("-1d", "+0d", "+1d")
STEPS = ("intake", "desk", "publish")


def test_a_clock_that_is_set_changes_nothing(prepared, tmp_path, chance, seed, results, request):
    if not shutil.which("faketime"):
        pytest.skip("Setting the clock needs Debian's faketime (apt-get install faketime).")
    with tallied(results, "clock set", seed, "chain") as tally:
        for number in range(request.config.getoption("--chaos-rounds")):
            disturbed = Disturbed(prepared, "publish", tmp_path / f"disturbed-{number}", tally)
            shutil.rmtree(disturbed.settings.home)
            prepared.copy("intake", disturbed.settings.home)
            for step in STEPS:
                _do_at(step, chance.choice(OFFSETS), disturbed, tally)
                tally.trials[step] += 1
            disturbed.require_result("publish")


def _do_at(step, offset, disturbed, tally) -> None:
    environment = {**os.environ, "PCM_HOME": str(disturbed.settings.home), "PYTHONPATH": str(PROJECT_ROOT)}
    command = ["faketime", "-f", offset, sys.executable, "-m", "tests.chaos.stages", step]
    ended = subprocess.run(command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True)
    if ended.returncode:
        tally.wrong(step, "stuck", f"at {offset}: {ended.stderr[-1500:]}")
