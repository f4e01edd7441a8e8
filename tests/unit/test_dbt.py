"""What dbt has read of its project once serves every new home."""

import shutil
from pathlib import Path

from ingestion.warehouse import dbt

NOTHING = Path(str(shutil.which("true")))  # does nothing


def test_a_new_home_takes_over_what_dbt_has_read_and_keeps_what_it_has(tmp_path, monkeypatch):
    monkeypatch.setattr(dbt, "READ_AHEAD", tmp_path)
    notes = tmp_path / "home" / "dbt"
    dbt.run(tmp_path, notes, program=NOTHING)
    assert not notes.exists()
    (tmp_path / dbt.READ).write_bytes(b"read at the installation")
    dbt.run(tmp_path, notes, program=NOTHING)
    assert (notes / dbt.READ).read_bytes() == b"read at the installation"
    (notes / dbt.READ).write_bytes(b"read later")
    dbt.run(tmp_path, notes, program=NOTHING)
    assert (notes / dbt.READ).read_bytes() == b"read later"
