"""Fill the disk before or within each step: nothing is lost or half done, and with room again the step goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.checking import Disturbed
from tests.chaos.tally import tallied

pytestmark = pytest.mark.chaos

DISK_MB = 700
# The most room that is left to each step: it needs about as much.
ROOM_MB = {"intake": 0.3, "desk": 1, "build": 25, "gate": 0.2, "publish": 50, "site": 60, "packing": 4}


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """A disk of its own, in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    asked = [mount or "mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", place]
    if not mount or os.geteuid() != 0 or subprocess.run(asked, capture_output=True).returncode != 0:
        pytest.skip("A full disk needs root and the right to mount a tmpfs; neither is forced here.")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_stops_a_step_and_no_more(prepared, stage, small_disk, tmp_path, chance, seed, results, request):
    with tallied(results, "full disk", seed, stage) as tally:
        for number in range(request.config.getoption("--chaos-rounds")):
            disturbed = Disturbed(prepared, stage, tmp_path / f"disturbed-{number}", tally, home=small_disk / "home")
            ballast = small_disk / "ballast"
            _fill(ballast, leaving_bytes=int(chance.uniform(0, ROOM_MB[stage]) * 1e6))
            disturbed.attempt()
            disturbed.require_whole(stage)
            ballast.unlink()
            disturbed.require_result(stage)
            tally.trials[stage] += 1
            shutil.rmtree(small_disk / "home")


def _fill(ballast: Path, *, leaving_bytes: int) -> None:
    free = shutil.disk_usage(ballast.parent).free
    with ballast.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(free - leaving_bytes, 1))
