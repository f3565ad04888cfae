"""What does the server write down? One JSON line a request, and nothing that a person typed or is known by.

Not in it: the question, the reply, the address, the query, headers, the words of an exception. A path that is no route
is written as "other", for it could hold anything. All else is escaped to ASCII, so no line can be forged or steer a
terminal. This is also the last resort: an exception that nobody caught ends here.
"""

import asyncio
import json
import logging
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.faults import BROKEN, STOPPING, make_fault_body

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"})
Values = dict[str, str | int | float | list[str]]
Write = Callable[[Values], None]


def make_writer(stream: TextIO | None = None) -> Write:
    """Give the function that writes one line, to standard error unless told otherwise."""

    def write(values: Values) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        print(json.dumps({"time": now, **values}), file=stream or sys.stderr, flush=True)

    return write


class Formatter(logging.Formatter):
    """Uvicorn's own messages, as lines of the same shape; of an exception only its kind and where it came from."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        now = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        values: Values = {"time": now, "event": "server", "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[1]:
            values |= describe(record.exc_info[1])
        elif record.levelno < logging.WARNING:
            values["message"] = record.getMessage()
        else:
            values["message"] = str(record.msg)  # the template only: its arguments may come from a client
        return json.dumps(values)


def describe(error: BaseException) -> Values:
    """Say what happened without the exception's words, which may quote what a person typed."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return {"error": type(error).__name__, "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}


class Lines:
    """ASGI middleware, the outermost."""

    def __init__(self, app: ASGIApp, *, write: Write, routes: frozenset[str], contact: str) -> None:
        self._app = app
        self._write = write
        self._routes = routes
        self._broken = make_fault_body("broken", BROKEN, contact)
        self._stopping = make_fault_body("stopping", STOPPING, contact)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and write its line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception as error:  # noqa: BLE001 -- the last resort
            self._write({"event": "error", **describe(error)})
            if not status:
                status = 500
                await _send(send, status, self._broken)
        except asyncio.CancelledError:  # the server stops, and has waited long enough; nobody else cancels a request
            if not status:
                status = 503
                await _send(send, status, self._stopping)
        self._write(
            {
                "event": "request",
                "method": scope["method"] if scope["method"] in METHODS else "other",
                "route": scope["path"] if scope["path"] in self._routes else "other",
                "status": status,
                "ms": round((time.perf_counter() - began) * 1000, 2),
            }
        )


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
