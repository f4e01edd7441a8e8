"""`pcm template` as a contact types it."""

import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.catalogue import rows
from ingestion.reading import read_table
from ingestion.templates import Asked, expected_figures

PCM = Path(sys.executable).parent / "pcm"
ROUND = rows("rounds")[-1]["round_id"]


def _template(folder: Path, **options: str) -> subprocess.CompletedProcess[str]:
    words = {"country": "LU", "round": ROUND, "out": "lu.xlsx"} | options
    arguments = [word for name, value in words.items() for word in (f"--{name}", value)]
    return subprocess.run(
        [PCM, "--home", "home", "template", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
    )


def test_a_template_is_written_and_nothing_else(tmp_path):
    answered = _template(tmp_path, theme="RSM")
    count = len(expected_figures(Asked("LU", ROUND, "RSM")))
    assert (answered.returncode, answered.stderr) == (0, "")
    assert answered.stdout.startswith(f"lu.xlsx: {count} rows to fill, and 0 of groups")
    assert [path.name for path in tmp_path.iterdir()] == ["lu.xlsx"]
    assert len(read_table(tmp_path / "lu.xlsx", country_code="LU").rows) == count


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("country", "GR", "GR is not on the roster."),
        ("round", "1999", "There is no round 1999."),
        ("theme", "XYZ", "There is no theme XYZ."),
        ("out", "lu.csv", "The template is an Excel workbook: call it lu.xlsx."),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(tmp_path, option, value, said):
    answered = _template(tmp_path, **{option: value})
    assert answered.returncode == 2
    assert answered.stderr.startswith(f"pcm: {said}")
    assert list(tmp_path.iterdir()) == []
