"""Kill the whole chain at random moments and start it again: the result is that of an undisturbed run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingestion.settings import Settings
from ingestion.store.atomic import read_json
from ingestion.store.home import Home
from tests.rounds import prepare_round, send_to

pytestmark = pytest.mark.chaos

LONGEST_RUN_SECONDS = 600


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PCM_HOME": str(settings.home), "PCM_SETTLE_SECONDS": "0"}
    command = [str(Path(sys.executable).parent / "pcm"), "run"]
    return subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _run_to_the_end(settings: Settings) -> float:
    started = time.monotonic()
    process = _start(settings)
    output, _ = process.communicate(timeout=LONGEST_RUN_SECONDS)
    assert process.returncode == 0, output.decode()
    return time.monotonic() - started


def _kill_after(settings: Settings, seconds: float) -> bool:
    """Start the chain, kill it and all its children; say whether it was still running."""
    process = _start(settings)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    finally:
        process.stdout.close()
    return False


def _content_hash(settings: Settings) -> str:
    return str(read_json(Home(settings.home).releases / "current" / "release.json")["content_hash"])


def _new_observatory(folder: Path, round_folder: Path, *, reverse: bool = False) -> Settings:
    settings = Settings(home=folder)
    send_to(Home(settings.home), round_folder, "wave1", reverse=reverse)
    return settings


def test_a_run_killed_at_random_moments_ends_in_the_same_release(tmp_path, request, chance, seed):
    """The disturbed observatories also get their files in another order: that must not show either."""
    round_folder = prepare_round(tmp_path / "round")
    undisturbed = _new_observatory(tmp_path / "undisturbed", round_folder)
    whole_run_seconds = _run_to_the_end(undisturbed)
    expected = _content_hash(undisturbed)

    kills, homes = 0, 0
    while kills < request.config.getoption("--chaos-rounds"):
        homes += 1
        settings = _new_observatory(tmp_path / f"disturbed-{homes}", round_folder, reverse=True)
        while _kill_after(settings, chance.uniform(0.1, whole_run_seconds)):
            kills += 1
            if kills >= request.config.getoption("--chaos-rounds"):
                break
        _run_to_the_end(settings)
        assert _content_hash(settings) == expected, f"after {kills} kills with seed {seed}"
        assert len(list(Home(settings.home).releases.glob("2026.*"))) == 1
    print(f"{kills} kills in {homes} observatories, seed {seed}, a whole run takes {whole_run_seconds:.1f} s")
