"""What our programs write to their logs: which submission a line is about, and nothing that a sender wrote.

A log is read by more people than `received/` is. So a line names no file, no person and no figure, and of an error
that is not ours it has the kind and the place, not the words: these may hold a value of a cell.
"""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.settings import Settings

_about: ContextVar[str] = ContextVar("submission", default="")


@contextmanager
def about(submission_id: str) -> Iterator[None]:
    """Name a submission in every line that is logged meanwhile."""
    before = _about.set(submission_id)
    try:
        yield
    finally:
        _about.reset(before)


def set_up_logging(settings: "Settings") -> None:
    """Write the log of this process to its standard error, as the settings say."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)


def wordless(error: BaseException) -> str:
    """Return an error as its kind and the places that it passed, without its words."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{places}{type(error).__name__}"


class _Careful(logging.Formatter):
    """Leaves out the words of errors."""

    def formatException(self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | object) -> str:
        """Return the error of a line without its words."""
        assert isinstance(ei, tuple)
        return wordless(ei[1])


class TextLines(_Careful):
    """For people: level, logger, submission, message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line."""
        submission_id = _about.get()
        line = super().format(record)
        return f"{record.levelname} {record.name}: {f'[{submission_id}] ' if submission_id else ''}{line}"


class JsonLines(_Careful):
    """For programs: one object a line, https://jsonlines.org/."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a line."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "submission_id": _about.get() or None,
            "message": record.getMessage(),
            "error": self.formatException(record.exc_info) if record.exc_info else None,
        }
        return json.dumps({name: value for name, value in said.items() if value is not None}, ensure_ascii=False)
