"""The observatory's own figures for Prometheus: numbers of files, releases, bytes and countries, no name of any.

https://prometheus.io/docs/instrumenting/exposition_formats/; units and endings as
https://prometheus.io/docs/practices/naming/ asks.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ingestion import ledger
from ingestion.settings import Settings
from ingestion.status import looks
from ingestion.store.home import Home
from ingestion.store.published import release_ids
from ingestion.warehouse import last_failure

CONTENT_TYPE = CONTENT_TYPE_LATEST


def metrics_text(settings: Settings) -> bytes:
    """Return all figures of this moment in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Figures(settings))
    return generate_latest(registry)


class _Figures(Collector):
    """Counted when they are asked for: they stand in files and in the ledger, not in a process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def describe(self) -> list[Metric]:
        """Return nothing: a description would count everything once more."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Count."""
        yield from _files(self.settings)
        yield from _releases(self.settings)
        yield from _machine(self.settings)
        yield from _reporting(self.settings)


def _files(settings: Settings) -> Iterator[Metric]:
    found = looks.queue(settings)
    states = GaugeMetricFamily("pcm_queue_files", "Files without an answer, by state.", labels=["state"])
    for state in ("waiting", "reading", "failed"):
        states.add_metric([state], getattr(found, state))
    yield states
    yield _gauge("pcm_queue_oldest_seconds", "How long the oldest file has had no answer.", found.oldest_seconds)


def _releases(settings: Settings) -> Iterator[Metric]:
    release = looks.current_release(settings)
    yield _gauge("pcm_releases", "Releases that were published.", len(release_ids(settings)))
    if release:
        published = datetime.fromisoformat(release.published_at).timestamp()
        yield _gauge("pcm_release_published_timestamp_seconds", "When the current release was published.", published)
    yield _gauge(
        "pcm_unreleased_seconds", "How long accepted figures wait for a build.", looks.unreleased_seconds(settings)
    )
    has_failed = last_failure(Home(settings.home)) is not None
    yield _gauge("pcm_build_failed", "1 when the latest build failed, else 0.", has_failed)
    yield _gauge("pcm_builds_held", "Builds that the gate holds.", len(looks.held_builds(settings)))
    yield _gauge("pcm_submissions_held", "Submissions left out by the gate.", len(ledger.holds_in_force(settings)))


def _machine(settings: Settings) -> Iterator[Metric]:
    disk = looks.disk_room(Home(settings.home))
    yield _gauge("pcm_disk_free_bytes", "Free on the disk of the home.", disk.free_bytes)
    yield _gauge("pcm_disk_needed_bytes", "What the next release may need while it is made.", disk.needed_bytes)
    yield _gauge("pcm_mails_waiting", "Mails that were not sent yet.", len(looks.mails_waiting(settings)))


def _reporting(settings: Settings) -> Iterator[Metric]:
    deadline = looks.reporting_deadline(settings)
    closed = datetime.combine(deadline.closes_on + timedelta(days=1), time(), UTC).timestamp()
    yield _gauge("pcm_round_closes_timestamp_seconds", "When the deadline of the round has passed.", closed)
    yield _gauge("pcm_countries_expected", "Countries that are to report.", deadline.expected_count)
    yield _gauge("pcm_countries_silent", "Countries that have not reported.", len(deadline.silent))


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)
