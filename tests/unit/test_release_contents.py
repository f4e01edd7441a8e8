"""What a release gives away as files, and that no half of one lies there."""

import csv
import itertools

import duckdb

from ingestion.formulas import FORMULA_STARTS, neutralised
from ingestion.release import contents
from ingestion.release.publish import _remove_if_another_build
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from tests.chaos import forked

TEXTS = [*(f"{sign}cmd|' /C calc'!A0" for sign in FORMULA_STARTS), "-", "a registry", "", None]


def test_no_text_of_a_sender_is_a_formula_in_a_csv_file(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "MACROS", tmp_path / "none.sql")  # they look into tables that are not here
    contents.MACROS.touch()
    with duckdb.connect(str(tmp_path / "build.duckdb")) as build:
        build.execute("create schema quality")
        build.execute("create table quality.justifications (number integer, text varchar)")
        build.executemany("insert into quality.justifications values (?, ?)", [*enumerate(TEXTS, start=-5)])
    folder = tmp_path / "release"
    folder.mkdir()
    contents.export_tables(tmp_path / "build.duckdb", folder)
    with (folder / "csv" / "justifications.csv").open(newline="", encoding="utf-8") as lines:
        written = list(csv.DictReader(lines))
    assert [line["text"] for line in written] == [neutralised(text or "") for text in TEXTS]
    assert [int(line["number"]) for line in written] == list(range(-5, len(TEXTS) - 5))
    kept = duckdb.sql(f"select text from '{folder}/parquet/justifications.parquet'").fetchall()
    assert [text for (text,) in kept] == TEXTS  # programs get what was written


def test_a_release_that_makes_way_is_there_whole_or_not_at_all(settings, tmp_path):
    """One that was assembled and not published, in the place of the next; the next publication reads what it is."""
    folder = Home(settings.home).releases / "2026.1"
    for moment in itertools.count(1):
        write_json(folder / "release.json", {"release_id": "2026.1", "release_sequence": 1, "build_id": "b-first"})
        write_json(folder / "manifest.json", {})
        ended = forked.run(
            lambda: _remove_if_another_build(settings, folder, "b-second"), tmp_path, at_operation=moment
        )
        assert not folder.exists() or (folder / "release.json").exists()
        if not ended.killed_in:
            break
    assert not folder.exists()
