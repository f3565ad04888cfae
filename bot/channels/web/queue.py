"""Whose message is read next, and how long does anybody wait? Threads read; the event loop stays free for all others.

A visitor has one message read at a time and a few in line, so that nobody takes another's turn. Long messages are read
by a thread of their own: a short one never waits behind them. What waits is bounded, and so is how long anybody waits;
a message whose time is up is not begun any more, and one that was begun keeps its thread to itself until it is done.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from functools import partial
from threading import Lock
from typing import TypeVar

from bot.channels.web.faults import BUSY, TOO_MANY, Fault

SHORT = 400
"""Bytes of UTF-8 up to which a message is short: the worst of 405 that were tried cost 40 times an ordinary one, 75 ms;
the worst known of 2,000 characters costs 1,500 times as much."""
MOST_WAITING = 64
"""Messages of a lane that wait or are read: of the worst short ones that is 5 s of work, as long as anybody waits."""
MOST_OF_ONE = 4
"""Messages of one visitor that wait or are read."""
SWITCH = 0.0005
"""Seconds after which a thread that reads lets the event loop go on. Beside the worst message known the loop then waits
0.7 ms at a time, with Python's own 5 ms 5.2; others wait about twice as long as alone, with 5 ms 3.2 times as long."""

T = TypeVar("T")


class Lane(Enum):
    """Who reads a message, and with how many threads; each holds up the event loop a little, so there are few."""

    SHORT = 2
    LONG = 1


@dataclass(frozen=True, slots=True)
class _Job:
    lane: Lane
    do: Callable[[], None]


class Queue:
    """Safe to use from any thread and any event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pools = {lane: ThreadPoolExecutor(lane.value, f"reader-{lane.name.lower()}") for lane in Lane}
        self._lock = Lock()
        self._lines: dict[str, deque[_Job]] = {}
        """The jobs of each visitor; only the first of a line is handed to a pool, which takes them as they come."""
        self._waiting: Counter[Lane] = Counter()

    async def run(self, visitor: str, size: int, work: Callable[[], T]) -> T:
        """Do a visitor's work on a message of so many bytes, when it is its turn.

        Raises:
            Fault: too much is waiting.
            TimeoutError: its time is up.
        """
        future: Future[T] = Future()
        self._join(visitor, _Job(Lane.SHORT if size <= SHORT else Lane.LONG, partial(_settle, future, work)))
        async with asyncio.timeout(self._seconds):
            return await asyncio.wrap_future(future)

    def _join(self, visitor: str, job: _Job) -> None:
        with self._lock:
            if len(self._lines.get(visitor, ())) >= MOST_OF_ONE:
                raise Fault(429, "too_many", TOO_MANY, {"retry-after": "1"})
            if self._waiting[job.lane] >= MOST_WAITING:
                raise Fault(503, "busy", BUSY, {"retry-after": "5"})
            self._waiting[job.lane] += 1
            line = self._lines.setdefault(visitor, deque())
            line.append(job)
            if len(line) == 1:
                self._hand_on(visitor, job)

    def _hand_on(self, visitor: str, job: _Job) -> None:
        self._pools[job.lane].submit(self._serve, visitor, job)

    def _serve(self, visitor: str, job: _Job) -> None:
        job.do()
        with self._lock:
            self._waiting[job.lane] -= 1
            line = self._lines[visitor]
            line.popleft()
            if line:
                self._hand_on(visitor, line[0])
            else:
                del self._lines[visitor]


def _settle(future: Future[T], work: Callable[[], T]) -> None:
    """Do the work, unless nobody waits for it any more."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 -- whoever waits for it raises it again
        future.set_exception(error)
