"""Which release answers for a day."""

from datetime import date

import pytest

from ingestion.errors import UsageError
from ingestion.release.query import release_as_of
from ingestion.store.atomic import write_json
from ingestion.store.home import Home
from ingestion.store.published import point_at


def _publish(settings, release_id: str, published_at: str) -> None:
    folder = Home(settings.home).releases / release_id
    folder.mkdir()
    sequence = int(release_id.split(".")[1])
    release = {"release_id": release_id, "release_sequence": sequence, "published_at": published_at}
    write_json(folder / "release.json", release)
    point_at(settings, release_id)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-01", "2026.1"), ("2026-05-31", "2026.1"), ("2026-06-01", "2026.3"), ("2030-01-01", "2026.3")],
)
def test_the_newest_release_of_a_day_or_before_answers_for_it(settings, day, expected):
    _publish(settings, "2026.1", "2026-03-01T23:59:59+00:00")
    _publish(settings, "2026.2", "2026-06-01T00:00:00+00:00")
    _publish(settings, "2026.3", "2026-06-01T12:00:00+00:00")
    assert release_as_of(settings, date.fromisoformat(day)) == expected


def test_a_clock_that_was_set_back_does_not_bring_an_older_release_back(settings):
    _publish(settings, "2026.1", "2026-06-02T00:00:00+00:00")
    _publish(settings, "2026.2", "2026-06-01T00:00:00+00:00")
    assert release_as_of(settings, date(2026, 6, 2)) == "2026.2"


def test_a_day_before_the_first_release_is_one_sentence(settings):
    with pytest.raises(UsageError, match="Nothing is published yet"):
        release_as_of(settings, date(2026, 6, 1))
    _publish(settings, "2026.1", "2026-06-02T00:00:00+00:00")
    with pytest.raises(UsageError, match=r"Nothing was published by 2026-06-01; the first release, 2026\.1"):
        release_as_of(settings, date(2026, 6, 1))
