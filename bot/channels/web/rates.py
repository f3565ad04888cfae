"""How much may a client ask for? So much a minute and an hour, and all together so much.

A client is known by the address that connects, or by what a trusted proxy says of it, never by what it says itself. The
counts live in memory or, for several processes, in Redis; if Redis fails, each process counts for itself. Windows are
fixed: at the turn of a minute twice as much may pass, which harms nobody here, and a hit costs half of a sliding one.
"""

import ipaddress
import math
import time
from collections.abc import Callable, Iterable

from limits import RateLimitItem, parse_many
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import FixedWindowRateLimiter
from limits.storage import storage_from_string
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.faults import TOO_MANY, Fault, make_fault_response
from bot.channels.web.lines import Write
from bot.channels.web.settings import Network, Settings, networks

PATIENCE = 0.25
"""Seconds that Redis may take: a visitor waits for it."""
REST = 10.0
"""Seconds that Redis is left alone after it failed."""


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
        self._total = parse_many(settings.rate_total)
        self._proxies = networks(settings.trusted_proxies)
        self._shared = networks(settings.shared_addresses)
        self._counter = Counter(settings.rate_storage, write)

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
        if not _inside(client, self._shared) and (wait := await self._counter.hit(self._client, name_client(client))):
            return wait
        return await self._counter.hit(self._total, "all")


class Counter:
    """Counts hits in the storage, and in memory while the storage fails."""

    def __init__(self, url: str, write: Write, clock: Callable[[], float] = time.monotonic) -> None:
        self._near = FixedWindowRateLimiter(MemoryStorage())
        self._far = None if url.startswith("memory:") else FixedWindowRateLimiter(_connect(url))
        self._write = write
        self._clock = clock
        self._resting_until = 0.0

    async def hit(self, items: Iterable[RateLimitItem], key: str) -> int:
        """Count one hit; give the seconds to wait, 0 if none."""
        if self._far and self._clock() >= self._resting_until:
            try:
                return await _hit(self._far, items, key)
            except Exception as error:  # noqa: BLE001 -- whatever ails the storage, a visitor is answered
                self._resting_until = self._clock() + REST
                self._write({"event": "rate_storage", "error": type(error).__name__})
        return await _hit(self._near, items, key)


async def _hit(limiter: FixedWindowRateLimiter, items: Iterable[RateLimitItem], key: str) -> int:
    for item in items:
        if not await limiter.hit(item, key):
            window = await limiter.get_window_stats(item, key)
            return max(1, math.ceil(window.reset_time - time.time()))
    return 0


def _connect(url: str) -> Storage:
    """Make the storage; it connects when it is first used."""
    waits = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    found = storage_from_string(f"async+{url}", implementation="redispy", **waits)
    if not isinstance(found, Storage):
        raise TypeError(f"{type(found).__name__} is not an asynchronous storage")
    return found


def find_client(scope: Scope, proxies: tuple[Network, ...]) -> str:
    """Give the client's address: of the hops that proxies report, the nearest that is not a trusted proxy itself."""
    peer = scope["client"][0] if scope.get("client") else ""
    if not _inside(peer, proxies):
        return peer
    hops = [hop.strip() for hop in ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",") if hop.strip()]
    for hop in reversed(hops):
        if not _is_address(hop):
            return peer
        peer = hop
        if not _inside(hop, proxies):
            return hop
    return peer


def name_client(address: str) -> str:
    """Name who is counted: an IPv6 client owns a whole /64 and could change its address with every request.

    >>> name_client("2001:db8::1:2:3:4")
    '2001:db8::/64'
    """
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _inside(address: str, known: tuple[Network, ...]) -> bool:
    if not known or not _is_address(address):
        return False
    found = ipaddress.ip_address(address)
    return any(found in network for network in known)
