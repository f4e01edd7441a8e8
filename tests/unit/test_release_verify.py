"""What a hand or a disk did to a release is noticed and said."""

import json
import shutil
from pathlib import Path

import pytest

from ingestion.catalogue import catalogue_hash
from ingestion.errors import UsageError
from ingestion.release.contents import FIGURES, checksums, content_hash
from ingestion.release.rebuild import rebuild
from ingestion.release.verify import verify
from ingestion.store.packed import BLOCKS
from ingestion.store.packing import pack
from ingestion.store.sums import SUMS
from ingestion.warehouse.manifest import code_version


@pytest.fixture
def release(tmp_path) -> Path:
    """The files of a release as far as they are verified: tables of figures, their hash, the sums."""
    folder = tmp_path / "2026.1"
    for kind in ("csv", "parquet", "site"):
        (folder / kind).mkdir(parents=True)
    for table in FIGURES:
        (folder / "csv" / f"{table}.csv").write_text(f"value\n{len(table)}\n")
    (folder / "parquet" / "fct_trends.parquet").write_bytes(b"PAR1 and so on PAR1")
    _describe(folder)
    (folder / SUMS).write_text(checksums(folder))
    (folder / "site" / "index.html").write_text("drawn later")
    return folder


def _describe(folder: Path, **other) -> None:
    described = {"release_id": folder.name, "content_hash": content_hash(folder), "source_commit": None}
    versions = {"code_version": code_version(), "catalogue_hash": catalogue_hash()}
    (folder / "release.json").write_text(json.dumps({**described, **versions, **other}))


def test_an_intact_release_has_no_problem(release):
    assert verify(release) == []


DAMAGES = {
    "a bit of a Parquet file": (
        lambda folder: (folder / "parquet" / "fct_trends.parquet").write_bytes(b"PAR1 and so oo PAR1"),
        "parquet/fct_trends.parquet has changed since it was published.",
    ),
    "a lost file": (lambda folder: (folder / "csv" / "fct_trends.csv").unlink(), "csv/fct_trends.csv is missing."),
    "an added file": (
        lambda folder: (folder / "csv" / "more.csv").touch(),
        "csv/more.csv was added after the release was published.",
    ),
    "lost sums": (
        lambda folder: (folder / SUMS).unlink(),
        "SHA256SUMS is missing or damaged: nothing can be verified. Restore the folder from a backup.",
    ),
    "garbled sums": (
        lambda folder: (folder / SUMS).write_bytes(b"\xff\x00"),
        "SHA256SUMS is missing or damaged: nothing can be verified. Restore the folder from a backup.",
    ),
}


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_named(release, damage, sentence):
    damage(release)
    assert verify(release) == [sentence]


def test_a_figure_that_was_edited_together_with_its_sum_is_noticed(release):
    (release / "csv" / "fct_estimates.csv").write_text("value\n99\n")
    (release / SUMS).unlink()
    shutil.rmtree(release / "site")
    (release / SUMS).write_text(checksums(release))
    [problem] = verify(release)
    assert "csv/ was edited, and SHA256SUMS with it" in problem


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"code_version": "old", "source_commit": "abc123"}, "another code version .* Check out commit abc123"),
        ({"code_version": "old"}, "another code version .* Check out the code of version old"),
        ({"catalogue_hash": "old"}, "another catalogue hash"),
    ],
)
def test_other_code_does_not_pretend_to_rebuild(release, settings, other, sentence):
    _describe(release, **other)
    (release / "manifest.json").write_text("{}")
    with pytest.raises(UsageError, match=sentence):
        rebuild(settings, release)


def test_a_packed_release_is_verified_and_stays_packed(release):
    pack(release)
    assert not (release / "csv").exists()
    assert verify(release) == []
    assert not (release / "csv").exists()


def test_a_flipped_byte_of_what_a_release_is_packed_in_is_noticed(release):
    pack(release)
    blocks = release / BLOCKS
    content = bytearray(blocks.read_bytes())
    content[len(content) // 2] ^= 1
    blocks.write_bytes(content)
    assert verify(release)
