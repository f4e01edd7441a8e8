"""Work shared out among forks of this process, so that every core has some of it."""

import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple, TextIO, TypeVar

Item = TypeVar("Item")


class _Fork(NamedTuple):
    """A fork at work; what comes by `saying` is why it failed."""

    pid: int
    saying: TextIO


def share_out(work: Callable[[Iterable[Item]], None], items: Sequence[Item], count: int) -> None:
    """Do the work on all items: on every `count`-th of them here, on the others in forks, each as many.

    A fork has what is in memory here, gives back nothing but files that it writes, and ends with this process. Call it
    while no other thread holds what the work needs.
    Errors: what goes wrong here ends all forks; `RuntimeError` with its traceback when a fork fails or is killed.
    """
    forks: list[_Fork] = []
    try:
        for number in range(1, count):
            own = _while_child_of(os.getpid(), items[number::count])
            forks.append(_forked(partial(work, own)))
        work(items[::count])
        while forks:
            said = forks[-1].saying.read()  # until it ends
            _require_success(forks.pop(), said)
    finally:
        for fork in forks:
            _end(fork)


def _while_child_of(parent: int, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items until the process that wants the work is gone: killed, it cannot end its forks."""
    for item in items:
        if os.getppid() != parent:
            os._exit(os.EX_TEMPFAIL)
        yield item


def _forked(work: Callable[[], None]) -> _Fork:
    saying, teller = os.pipe()
    if pid := os.fork():
        os.close(teller)
        return _Fork(pid, os.fdopen(saying, encoding="utf-8", errors="replace"))
    status = os.EX_SOFTWARE
    try:
        work()
        status = os.EX_OK
    except BaseException:
        os.write(teller, traceback.format_exc().encode())
    finally:
        # Nothing else of the process may run here: neither its tidying up nor what its buffers hold.
        os._exit(status)


def _require_success(fork: _Fork, said: str) -> None:
    fork.saying.close()
    _, status = os.waitpid(fork.pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"failed:\n{said}"
        raise RuntimeError(f"A process that did a share of the work {how}")


def _end(fork: _Fork) -> None:
    fork.saying.close()
    os.kill(fork.pid, signal.SIGKILL)
    os.waitpid(fork.pid, 0)
