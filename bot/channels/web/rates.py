"""How much may a client ask for? So much a minute and an hour; its network more, and all together so much.

Without the limit for networks, 41 clients would use up what all have, and one IPv6 customer can be 256 clients or more.
The counts live in memory or, for several processes, in Redis; if Redis fails, each process counts for itself. Windows
are fixed: at the turn of a minute twice as much may pass, which harms nobody here, and a hit costs half as much.
"""

import math
import time
from collections.abc import Callable, Iterable, Iterator

from limits import RateLimitItem, parse_many
from limits.aio.storage import Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.addresses import Client, find_client, is_inside, list_names, read_networks
from bot.channels.web.counts import Counts
from bot.channels.web.faults import TOO_MANY, Fault, make_fault_response
from bot.channels.web.lines import Write
from bot.channels.web.settings import Settings

PATIENCE = 0.25
"""Seconds that Redis may take: a visitor waits for it."""
REST = 10.0
"""Seconds that Redis is left alone after it failed."""
OF_A_CUSTOMER = 2
"""What a request costs a network within a network: a customer's /56 gets half of what its provider's /48 gets, and does
not use up its neighbours' share."""


class Rates:
    """ASGI middleware."""

    def __init__(
        self, app: ASGIApp, *, settings: Settings, limited: frozenset[str], contact: str, write: Write
    ) -> None:
        self._app = app
        self._limited = limited
        """Paths that cost work."""
        self._contact = contact
        self._client = parse_many(settings.rate_client)
        self._network = parse_many(settings.rate_network)
        self._total = parse_many(settings.rate_total)
        self._proxies = read_networks(settings.trusted_proxies)
        self._shared = read_networks(settings.shared_addresses)
        self._counter = Counter(settings.rate_storage, write)
        self._write = write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request, and refuse it if there were too many."""
        if scope["type"] != "http" or scope["path"] not in self._limited:
            await self._app(scope, receive, send)
            return
        wait = await self._count(scope)
        if not wait:
            await self._app(scope, receive, send)
            return
        fault = Fault(429, "too_many", TOO_MANY, {"retry-after": str(wait)})
        await make_fault_response(fault, self._contact)(scope, receive, send)

    async def _count(self, scope: Scope) -> int:
        """Give the seconds to wait; 0 if the request may pass."""
        client = find_client(scope, self._proxies)
        if not client.named:
            self._tell_of(client)
        for items, name, cost in self._list_limits(client):
            if wait := await self._counter.hit(items, name, cost):
                return wait
        return 0

    def _list_limits(self, client: Client) -> Iterator[tuple[Iterable[RateLimitItem], str, int]]:
        """Give the limits that hold for a client, what is counted, and what a request costs; the narrowest first."""
        if not is_inside(client.address, self._shared):
            own, *around = list_names(client.address)
            yield self._client, own, 1
            yield from ((self._network, name, 1 if name == around[-1] else OF_A_CUSTOMER) for name in around)
        yield self._total, "all", 1

    def _tell_of(self, client: Client) -> None:
        """Tell the operator that visitors are taken for one; the log holds no address in full, not even a proxy's."""
        self._write({"event": "client_unknown", "proxy": list_names(client.address)[-1]})


class Counter:
    """Counts hits in the storage, and in memory while the storage fails."""

    def __init__(self, url: str, write: Write, clock: Callable[[], float] = time.monotonic) -> None:
        self._near = Counts()
        self._far = None if url.startswith("memory:") else FixedWindowRateLimiter(_connect(url))
        self._write = write
        self._clock = clock
        self._resting_until = 0.0

    async def hit(self, items: Iterable[RateLimitItem], name: str, cost: int = 1) -> int:
        """Count one hit; give the seconds to wait, 0 if none."""
        if self._far and self._clock() >= self._resting_until:
            try:
                return await _hit(self._far, items, name, cost)
            except Exception as error:  # noqa: BLE001 -- whatever ails the storage, a visitor is answered
                self._resting_until = self._clock() + REST
                self._write({"event": "rate_storage", "error": type(error).__name__})
        return self._near.hit(items, name, cost)


async def _hit(limiter: FixedWindowRateLimiter, items: Iterable[RateLimitItem], name: str, cost: int) -> int:
    for item in items:
        if not await limiter.hit(item, name, cost=cost):
            window = await limiter.get_window_stats(item, name)
            return max(1, math.ceil(window.reset_time - time.time()))
    return 0


def _connect(url: str) -> Storage:
    """Make the storage; it connects when it is first used."""
    waits = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    found = storage_from_string(f"async+{url}", implementation="redispy", **waits)
    if not isinstance(found, Storage):
        raise TypeError(f"{type(found).__name__} is not an asynchronous storage")
    return found
