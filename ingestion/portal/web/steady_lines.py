"""Slow lines: whoever sends or takes hardly anything for a while is cut off, so that a connection is held by work only.

uvicorn itself waits for ever: for the end of a request's head, for its body, and for a reader to take an answer. And it
takes lines until the process has no handle left for a file.
"""

import asyncio
import logging
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 64 << 10
# Less than this in the time that a line may be slow is a trickle; the slowest modem brings a hundred times as much.
LEAST_BYTES = 1 << 10
# At once. Of the 1024 handles that a process may have by default, the others are for files, ledger and mail.
MOST_LINES = 500
TOO_SLOW, HEAD_TOO_LARGE = "408 Request Timeout", "431 Request Header Fields Too Large"
TOO_MANY = "503 Service Unavailable"
_log = logging.getLogger(__name__)


class SteadyLine(HttpToolsProtocol):
    """One connection. In `slow_seconds` a head has come whole, and of a body or an answer something went through."""

    slow_seconds: float

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Wait for the first head."""
        super().connection_made(transport)
        self._is_head, self._came = True, 0
        # One ends what does not come, the other an answer that is not taken.
        self._sending, self._taking = Timer(self.loop, self.slow_seconds), Timer(self.loop, self.slow_seconds)
        if len(self.connections) > MOST_LINES:
            self._cut_off(TOO_MANY)
        else:
            self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take what came, and end a head that is too long."""
        self._came += len(data)
        super().data_received(data)
        is_idle = self.cycle is None or self.cycle.response_complete
        if is_idle and not self._sending.is_on and not self.transport.is_closing():
            self._wait_for_head()  # something came that begins nothing
        if self._is_head and self._sending.is_on and self._came > MOST_HEAD_BYTES:
            self._cut_off(HEAD_TOO_LARGE)

    def on_message_begin(self) -> None:
        """Wait for the head that has begun."""
        super().on_message_begin()
        if not self._sending.is_on:
            self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        super().on_headers_complete()
        self._is_head = False
        self._sending.begin(self._look_at_body)

    def on_message_complete(self) -> None:
        """Wait for nothing more of this request."""
        super().on_message_complete()
        self._sending.end()

    def pause_writing(self) -> None:
        """Begin to wait for a reader who has not taken what was written."""
        super().pause_writing()
        self._taking.begin(self.transport.abort)

    def resume_writing(self) -> None:
        """Go on, as most of it was taken."""
        super().resume_writing()
        self._taking.end()

    def on_response_complete(self) -> None:
        """Wait for who does not take the end of the last answer."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._taking.begin(self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        """Close a line that nobody uses any more."""
        super().timeout_keep_alive_handler()
        self._taking.begin(self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing."""
        self._sending.end()
        super().connection_lost(exc)
        self._taking.end()

    def _wait_for_head(self) -> None:
        self._is_head, self._came = True, 0
        self._sending.begin(lambda: self._cut_off(TOO_SLOW))

    def _look_at_body(self) -> None:
        came, self._came = self._came, 0
        # A line that we ourselves do not read is not slow.
        if came >= LEAST_BYTES or self.flow.read_paused:
            self._sending.begin(self._look_at_body)
        else:
            self._cut_off(TOO_SLOW)

    def _cut_off(self, status: str) -> None:
        _log.info("A line was cut off: %s", status)
        self._sending.end()
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        self.transport.close()
        self._taking.begin(self.transport.abort)  # a closed line still waits until all is taken


class Timer:
    """Does something after some seconds, unless it is ended before or begun anew."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop, self._seconds = loop, seconds
        self._handle: asyncio.TimerHandle | None = None

    @property
    def is_on(self) -> bool:
        """Whether something will be done."""
        return self._handle is not None

    def begin(self, work: Callable[[], object]) -> None:
        """Do this after the seconds, and nothing else."""
        self.end()
        self._handle = self._loop.call_later(self._seconds, work)

    def end(self) -> None:
        """Do nothing."""
        if self._handle:
            self._handle.cancel()
        self._handle = None


def steady_lines(slow_seconds: float) -> type[SteadyLine]:
    """Return what uvicorn takes as `http`: lines that may be slow for so many seconds."""
    return type("SteadyLine", (SteadyLine,), {"slow_seconds": slow_seconds})
