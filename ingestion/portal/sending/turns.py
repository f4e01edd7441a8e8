"""Turns at the few workers: countries one after the other, so that a flood of one does not delay another.

Within a country whoever comes first is served first. No country takes the last free worker: one is there for the next
country at once.
"""

import os
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Any

# An examination is a process of its own, with a core of its own.
WORKERS = max(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Turn:
    """A piece of work that waits or is under way."""

    key: str
    country_code: str
    work: Callable[[], Any]
    result: Future[Any]


class Turns:
    """Hands work to `workers` threads. All methods may be called from any thread, and return at once."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._workers = workers
        self._changed = Condition()
        # The country whose turn is next stands first; one that was served goes to the end.
        self._waiting: OrderedDict[str, deque[Turn]] = OrderedDict()
        self._under_way: list[Turn] = []
        self._threads: list[Thread] = []

    def ask(self, key: str, country_code: str, work: Callable[[], Any]) -> Future[Any]:
        """Return what will hold the result; who asks again for what waits or is under way gets the same."""
        with self._changed:
            for known in (*self._under_way, *self._waiting.get(country_code, ())):
                if known.key == key:
                    return known.result
            turn = Turn(key, country_code, work, Future())
            self._waiting.setdefault(country_code, deque()).append(turn)
            self._changed.notify()
            if len(self._threads) < self._workers:
                self._threads.append(Thread(target=self._serve, name="turns", daemon=True))
                self._threads[-1].start()
            return turn.result

    def place(self, key: str) -> int | None:
        """Return the place of what waits, 1 for the next; 0 for what is under way; None for anything else."""
        with self._changed:
            if any(turn.key == key for turn in self._under_way):
                return 0
            for country_code, queue in self._waiting.items():
                for index, turn in enumerate(queue):
                    if turn.key == key:
                        return 1 + self._before(country_code, index)
        return None

    def does_wait(self, country_code: str) -> bool:
        """Say whether anything of a country waits."""
        with self._changed:
            return country_code in self._waiting

    def _before(self, country_code: str, index: int) -> int:
        """How many turns come before the one at an index of a country's queue, if none is added."""
        countries = list(self._waiting)
        own = countries.index(country_code)
        rounds = {code: index + 1 if place < own else index for place, code in enumerate(countries)}
        return sum(min(len(queue), rounds[code]) for code, queue in self._waiting.items())

    def _serve(self) -> None:
        while True:
            with self._changed:
                while (turn := self._next()) is None:
                    self._changed.wait()
                self._under_way.append(turn)
            self._work(turn)
            with self._changed:
                self._under_way.remove(turn)
                self._changed.notify_all()

    @staticmethod
    def _work(turn: Turn) -> None:
        if not turn.result.set_running_or_notify_cancel():
            return  # whoever asked has gone; from here on nobody can take the result away from the worker
        try:
            turn.result.set_result(turn.work())
        except BaseException as error:
            turn.result.set_exception(error)

    def _next(self) -> Turn | None:
        busy = [turn.country_code for turn in self._under_way]
        for country_code, queue in self._waiting.items():
            if busy.count(country_code) < self._workers - 1:
                turn = queue.popleft()
                del self._waiting[country_code]
                if queue:
                    self._waiting[country_code] = queue
                return turn
        return None
