"""Who may hold a connection, and for how long? Few for each address, and nobody without an end.

A connection is let in, or told at once that there are too many. Whatever it has to do next has its time: the headers
arrive, the body arrives, what was sent is taken. What Uvicorn would refuse in words of its own is refused in ours, with
the contact line; nothing here needs the bot.
"""

import asyncio
import socket
import struct
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.channels.web.addresses import Address, is_inside, list_names, read_address, read_networks
from bot.channels.web.faults import BUSY, NO_REQUEST, TOO_MANY_HEADERS, TOO_SLOW, Fault, make_fault_body
from bot.channels.web.headers import ALWAYS
from bot.channels.web.lines import Write
from bot.channels.web.settings import Settings

HEADER_BYTES = 16_384
"""A request line and its headers; those of a browser are far shorter."""
PIECE = 1_024
"""Bytes that h11 is given at a time: it measures headers only while their end is not there."""
PARTING = 1.0
"""Seconds in which a refusal can be read, while what still arrives is thrown away. A connection that is closed with
something unread is reset, and its client may never see what it was told."""
MOST_PARTING = 16
"""Connections that were not let in and are given that time; any more are told and closed at once."""
NETWORK = 4
"""So many times as many connections as one address may a whole network hold: a customer has a thousand addresses."""
COUNTED_APART = ("",)
"""Those from proxies and from the clinic: only all together have a limit."""
REFUSED = ("refused",)

FULL = Fault(503, "busy", BUSY, {"retry-after": "5"})
SLOW = Fault(408, "too_slow", TOO_SLOW)
LARGE = Fault(431, "too_large", TOO_MANY_HEADERS)


class Gate:
    """How many connections are open, by address, by network and in all."""

    def __init__(self, settings: Settings) -> None:
        self._limit = settings.connection_limit
        self._limit_each = settings.connection_client
        self._apart = read_networks((*settings.trusted_proxies, *settings.shared_addresses))
        self._open: Counter[str] = Counter()
        self._all = 0

    @property
    def refused(self) -> int:
        """How many that were not let in have not left yet."""
        return self._open[REFUSED[0]]

    def enter(self, address: Address | None) -> tuple[str, ...]:
        """Count a connection; give the names that it counts under: the address, and the widest network around it."""
        names = COUNTED_APART if is_inside(address, self._apart) else list_names(address)
        names = tuple(dict.fromkeys((names[0], names[-1])))
        if self._all >= self._limit or (names != COUNTED_APART and self._is_crowded(names)):
            names = REFUSED
        self._all += names != REFUSED
        self._open.update(names)
        return names

    def leave(self, names: tuple[str, ...]) -> None:
        """Forget a connection."""
        self._all -= names != REFUSED
        for name in names:
            self._open[name] -= 1
            if not self._open[name]:
                del self._open[name]

    def _is_crowded(self, names: tuple[str, ...]) -> bool:
        return self._open[names[0]] >= self._limit_each or self._open[names[-1]] >= NETWORK * self._limit_each


@dataclass(frozen=True, slots=True)
class House:
    """What all connections share."""

    gate: Gate
    contact: str
    write: Write
    header_seconds: float
    body_seconds: float


class Connection(H11Protocol):
    """One connection. Uvicorn makes it; `make_protocol` gives it its house."""

    house: House

    _names: tuple[str, ...] = COUNTED_APART
    _awaited: object = None
    """What the client was last given time for: its headers (IDLE), its body (SEND_BODY), or nothing."""
    _timer: asyncio.TimerHandle | None = None
    _parting = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as Uvicorn has it
        """Let a connection in; one too many is told so when it asks, or after a while."""
        super().connection_made(transport)
        self._names = self.house.gate.enter(read_address(self.client[0]) if self.client else None)
        if self._names != REFUSED:
            self._watch()
        elif self.house.gate.refused <= MOST_PARTING:
            self._give(PARTING, self._refuse_full)
        else:
            self._refuse_full()
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        self._take_back()
        self.house.gate.leave(self._names)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the client was refused."""
        if self._names == REFUSED and not self._parting:
            self._refuse_full()
        for start in range(0, len(data), PIECE):
            if self._parting or self.transport.is_closing():
                return
            super().data_received(data[start : start + PIECE])
        self._watch()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 -- Uvicorn's words, which we replace
        """Refuse what is no request; called where h11's error is being handled."""
        error = sys.exception()
        status = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        self._refuse(LARGE if status == LARGE.status else Fault(status, "invalid", NO_REQUEST))

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Give a client that does not take what it is sent its time, too."""
        super().pause_writing()
        self._give(self.house.body_seconds, self._cut)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        self._awaited = None
        self._watch()

    def _watch(self) -> None:
        """Give the client the time for what it has to do next: once, however often a byte of it arrives."""
        state = self.conn.their_state
        if self._parting or state is self._awaited:
            return
        self._awaited = state
        self._take_back()
        if state is h11.IDLE:
            self._give(self.house.header_seconds, self._end)
        elif state is h11.SEND_BODY:
            self._give(self.house.body_seconds + PARTING, self._end)  # whoever reads the body gives up before

    def _end(self) -> None:
        """End a connection whose time is up. One that never spoke is closed without a word, for nobody asked."""
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._refuse(SLOW)
        else:
            self.transport.abort()

    def _cut(self) -> None:
        """Close with a reset, so that the system does not keep what nobody takes: up to 4 MB a connection."""
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _refuse_full(self) -> None:
        self._refuse(FULL)

    def _refuse(self, fault: Fault) -> None:
        """Say why, unless an answer is on its way already, and part."""
        if self.transport.is_closing():
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(make_response(fault, self.house.contact))
            self.house.write({"event": "refused", "status": fault.status, "code": fault.code})
        self._part()

    def _part(self) -> None:
        """Say no more; read, and throw away, until the client has closed or its time is up."""
        self._parting = True
        self._unset_keepalive_if_required()
        if self._is_at_work():
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write_eof()
        self._give(PARTING, self.transport.abort)

    def _is_at_work(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _give(self, seconds: float, then: Callable[[], None]) -> None:
        self._take_back()
        self._timer = self.loop.call_later(seconds, then)

    def _take_back(self) -> None:
        if self._timer:
            self._timer.cancel()


def make_protocol(settings: Settings, contact: str, write: Write) -> type[H11Protocol]:
    """Make what Uvicorn takes as its `http`."""

    class Ours(Connection):
        house = House(Gate(settings), contact, write, settings.header_seconds, settings.body_seconds)

    return Ours


def make_response(fault: Fault, contact: str) -> bytes:
    """Write a whole response."""
    body = make_fault_body(fault.code, fault.message, contact)
    headers = {
        **ALWAYS,
        "content-type": "application/json",
        "content-length": str(len(body)),
        "connection": "close",
        **fault.headers,
    }
    lines = [f"HTTP/1.1 {fault.status} {HTTPStatus(fault.status).phrase}", *map(": ".join, headers.items()), "", ""]
    return "\r\n".join(lines).encode() + body
