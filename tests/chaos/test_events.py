"""Lose, double and reorder what wakes the work, and let two do it at once: the result is the undisturbed one."""

import importlib
import os
import time
import traceback
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from ingestion.settings import Settings
from ingestion.store.home import Home
from tests.chaos.checking import Disturbed
from tests.chaos.forked import run
from tests.chaos.stages import STAGES
from tests.chaos.tally import tallied

pytestmark = pytest.mark.chaos

ROUNDS_OF_EVENTS = 5
LONGEST_LEAD_SECONDS = 0.2


def test_two_schedulers_do_a_step_once(prepared, stage, tmp_path, chance, seed, results, request):
    with tallied(results, "two schedulers", seed, stage) as tally:
        for number in range(request.config.getoption("--chaos-rounds")):
            disturbed = Disturbed(prepared, stage, tmp_path / f"disturbed-{number}", tally)
            lead = chance.uniform(0, LONGEST_LEAD_SECONDS)
            ended = run(lambda given=disturbed, lead=lead: _at_once(given, lead), disturbed.folder)
            if ended.error:
                tally.wrong(stage, "stuck", ended.error[-1500:])
            disturbed.require_whole(stage)
            disturbed.require_result(stage)
            tally.trials[stage] += 1


def test_lost_doubled_and_reordered_events_change_nothing(prepared, tmp_path, chance, seed, results, request):
    with tallied(results, "events", seed, "intake") as tally:
        for number in range(ROUNDS_OF_EVENTS * request.config.getoption("--chaos-rounds")):
            disturbed = Disturbed(prepared, "intake", tmp_path / f"disturbed-{number}", tally)
            settings = disturbed.settings
            ended = run(lambda given=settings: _woken_badly(given, chance), disturbed.folder)
            tally.trials["intake"] += 1
            if ended.error:
                tally.wrong("intake", "stuck", ended.error[-1500:])
                continue
            found = run(lambda given=settings: STAGES["desk"].outcome(given, tmp_path), disturbed.folder).returned
            # Every receipt beside the inbox, and every answer.
            if found != prepared.expected("desk"):
                tally.wrong("intake", "other_result", f"{found} instead of {prepared.expected('desk')}")
            disturbed.require_whole("intake")


def _at_once(disturbed: Disturbed, lead: float) -> None:
    """Do the step in this process and, a moment later, in another one."""
    other = os.fork()
    if not other:
        status = 1
        try:
            time.sleep(lead)
            disturbed.stage.work(disturbed.settings)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    disturbed.stage.work(disturbed.settings)
    _, status = os.waitpid(other, 0)
    assert status == 0, "the second one failed"


def _woken_badly(settings: Settings, chance: Random) -> None:
    """Let files arrive one by one, in any order and some of them twice, and lose, double and shuffle what they wake."""
    from ingestion.intake import claim_pending, process_submission

    inbox = Home(settings.home).inbox
    files = [path for path in inbox.glob("*/*") if path.is_file()]
    waiting = [(path, path.read_bytes()) for path in files]
    for path in files:
        path.unlink()
    arrivals = [*waiting, *chance.sample(waiting, 1)]
    chance.shuffle(arrivals)
    events: list[str] = []
    seen: list[str] = []
    while arrivals or events:
        happens = chance.choice(["arrives", "rings", "works"])
        if happens == "arrives" and arrivals:
            path, content = arrivals.pop()
            path.write_bytes(content)
        elif happens == "rings":
            ids = claim_pending(settings)
            seen += ids
            events += [each for each in ids for _ in range(chance.choice([0, 1, 2]))]
            chance.shuffle(events)
        elif events:
            process_submission(settings, events.pop())
            if chance.random() < 0.3:
                process_submission(settings, chance.choice(seen))
    _sweep(settings, claim_pending, process_submission)


def _sweep(settings: Settings, claim: Callable[[Settings], Any], process: Callable[[Settings, str], Any]) -> None:
    """What the timed sweep does, when the minute is over after which a submission without answer is announced again."""
    # `ingestion.ledger.submissions` is a function of the package, too; this fork ends with the sweep.
    importlib.import_module("ingestion.ledger.submissions").ANNOUNCEMENT_SECONDS = -1
    for submission_id in claim(settings):
        process(settings, submission_id)
