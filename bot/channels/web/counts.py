"""How often did a client ask? Counted in memory that is taken once and never grows, whoever asks.

A table of names would grow with every address that anyone can claim, and what is thrown out of a full one is forgotten:
a client could have its own count thrown out. So there is no table of names. A name falls on one place in each of four
rows, and its count is the least of the four: strangers who fall on a place can only raise it (a count-min sketch).
"""

import hashlib
import math
import secrets
import struct
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from limits import RateLimitItem

ROWS, PLACES = 4, 65_536
"""A megabyte for each limit: minutes and hours took 2 MB for 400,000 clients, a table of names 265 MB. After
them a client that had not asked was taken to have asked 2.4 times, 4 at the most; an hour's limit is 300."""


@dataclass(frozen=True, slots=True)
class _Window:
    number: int
    counts: "array[int]"


class Counts:
    """Hits by limit and name; windows are fixed, and begin with the process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._key = secrets.token_bytes(32)
        """Known to nobody, so that nobody can choose a name that falls on another's places."""
        self._windows: dict[RateLimitItem, _Window] = {}

    def hit(self, items: Iterable[RateLimitItem], name: str, cost: int = 1) -> int:
        """Count a hit; give the seconds to wait, 0 if it may pass. A limit that is met counts no further."""
        places = self._find_places(name)
        waits = (self._hit(item, places, cost) for item in items)
        return next((wait for wait in waits if wait), 0)

    def _hit(self, item: RateLimitItem, places: Sequence[int], cost: int) -> int:
        number, gone = divmod(self._clock() - self._began, item.get_expiry())
        counts = self._turn_to(item, int(number))
        seen = min([counts[place] for place in places]) + cost
        if seen > item.amount:
            return max(1, math.ceil(item.get_expiry() - gone))
        for place in places:
            counts[place] = max(counts[place], seen)
        return 0

    def _turn_to(self, item: RateLimitItem, number: int) -> "array[int]":
        """Give the counts of a window; at its turn they begin afresh."""
        window = self._windows.get(item)
        if window is None or window.number != number:
            window = self._windows[item] = _Window(number, array("I", bytes(ROWS * PLACES * array("I").itemsize)))
        return window.counts

    def _find_places(self, name: str) -> list[int]:
        digest = hashlib.blake2b(name.encode(), key=self._key, digest_size=2 * ROWS).digest()
        return [row * PLACES + place for row, place in enumerate(struct.unpack(f"<{ROWS}H", digest))]
