"""What a file would make of its country's figures: the SQL of the releases, and nothing that a release hides."""

import dataclasses
import math

import pytest

from ingestion.portal.sending import preview
from ingestion.portal.sending.preview import Level, preview_of
from tests.earlier_figures import released, sent_before
from tests.files import PROPORTION, figures

Z = 1.959963984540054


def wilson(count, total):
    """Per cent with its interval, by the formula of Newcombe (1998), https://doi.org/10.1002/sim.1555, method 3."""
    share, square = count / total, Z * Z
    middle, spread = 2 * count + square, Z * math.sqrt(square + 4 * count * (1 - share))
    return Level(*(pytest.approx(100 * each) for each in (share, *_ends(middle, spread, total, square))))


def _ends(middle, spread, total, square):
    return (middle - spread) / (2 * (total + square)), (middle + spread) / (2 * (total + square))


@pytest.fixture
def known(tmp_path, monkeypatch):
    """Figures in force, and a release that shows the same."""
    landed = sent_before(tmp_path / "before", figures())
    key = (PROPORTION["INDICATOR"], PROPORTION["TIME_PERIOD"], PROPORTION.get("SITE") or "TOTAL", "TOTAL")
    release = released(tmp_path / "release", [("LU", *key, 25.0, 1.0, 1.0)])
    made = dataclasses.replace(release, landed=landed.landed)
    monkeypatch.setattr(preview, "earlier_figures", lambda *_, **__: made)
    return made


def accepted_of(folder, rows):
    return sent_before(folder, rows).landed[0].path


def test_levels_intervals_and_gaps_before_and_after(settings, tmp_path, known):
    total, women, men, _ = figures()
    changed = [
        {**total, "NUMERATOR": "110"},
        {**women, "NUMERATOR": "80"},
        {**men, "NUMERATOR": "30"},
    ]
    told = preview_of(settings, accepted_of(tmp_path / "after", changed), country_code="LU")
    [line] = told.lines
    assert (line.before, line.after) == (wilson(100, 400), wilson(110, 400))
    gap = line.gaps["SEX"]
    assert [round(gap[side].value, 9) for side in ("before", "after")] == [10, 25]
    assert gap["after"].lower_ci < 25 < gap["after"].upper_ci
    assert (told.release_id, told.touched_count) == ("2026.1", 1)


def test_what_the_release_shows_alike_is_not_counted(settings, tmp_path, known):
    told = preview_of(settings, accepted_of(tmp_path / "after", figures()), country_code="LU")
    assert told.touched_count == 0


def test_a_median_has_no_interval_and_a_first_file_no_before(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(preview, "earlier_figures", lambda *_, **__: preview.Earlier())
    told = preview_of(settings, accepted_of(tmp_path / "after", figures()), country_code="LU")
    assert {line.before for line in told.lines} == {None}
    assert Level(120.5) in [line.after for line in told.lines]
    assert told.release_id is None


def test_a_file_of_which_nothing_counts_changes_nothing(settings, tmp_path):
    assert preview_of(settings, tmp_path / "accepted.parquet", country_code="LU").lines == []
