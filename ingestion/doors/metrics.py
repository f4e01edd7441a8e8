"""`/metrics`: the observatory's own figures for Prometheus, counted anew every few seconds at most."""

from threading import Lock
from time import monotonic

from starlette.requests import Request
from starlette.responses import Response

from ingestion.settings import Settings

# Whoever asks more often gets the same figures: asking costs a tenth of a second when a build is due.
KEPT_SECONDS = 5.0


class MetricsDoor:
    """Answers with numbers only; no name of a country, a person or a file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._counted_at = 0.0
        self._text = b""

    def answer(self, _: Request) -> Response:
        """Return the figures in Prometheus' text format."""
        from ingestion.status.metrics import CONTENT_TYPE, metrics_text

        with self._lock:
            if not self._text or monotonic() - self._counted_at > KEPT_SECONDS:
                self._text, self._counted_at = metrics_text(self.settings), monotonic()
        return Response(self._text, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})
