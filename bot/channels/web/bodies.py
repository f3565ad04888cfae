"""What did the client send? A JSON object of bounded size that arrived in bounded time, or a Fault."""

import asyncio
import json
from collections.abc import Mapping

from starlette.requests import Request

from bot.channels.web.faults import TOO_LARGE, TOO_SLOW, Fault
from bot.channels.web.settings import Settings


async def read_body(request: Request, settings: Settings) -> bytes:
    """Read a JSON body, unparsed.

    Raises:
        Fault: it is of another type, too large or too slow.
    """
    _check_type(request.headers.get("content-type", ""))
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > settings.body_limit:
        raise Fault(413, "too_large", TOO_LARGE, {"connection": "close"})
    try:
        async with asyncio.timeout(settings.body_seconds):
            return await _collect(request, settings.body_limit)
    except TimeoutError:
        raise Fault(408, "too_slow", TOO_SLOW, {"connection": "close"}) from None


def parse_object(body: bytes) -> Mapping[str, object]:
    """Parse a JSON object.

    Raises:
        Fault: it is not one.
    """
    try:
        found = json.loads(body.decode(), parse_float=_read_float, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Fault(400, "invalid", "The body is not JSON; send an object in UTF-8.") from None
    if not isinstance(found, dict):
        raise Fault(422, "invalid", "The body must be a JSON object.")
    return found


def check_keys(found: Mapping[str, object], known: tuple[str, ...]) -> None:
    """Refuse keys that mean nothing here, so that a misspelt one is noticed.

    Raises:
        Fault: there is such a key.
    """
    if not found.keys() <= set(known):
        raise Fault(422, "invalid", f"The body holds a key that is not known; known are {', '.join(known)}.")


def read_text(found: Mapping[str, object], key: str) -> str:
    """Give a text that must be there.

    Raises:
        Fault: it is missing, or is no text.
    """
    value = found.get(key)
    if not isinstance(value, str):
        raise Fault(422, "invalid", f"'{key}' must be given, and be a text.")
    return value


def _check_type(content_type: str) -> None:
    """Refuse what is not JSON: a page of another site can send a form without asking, but not JSON."""
    kind, _, parameters = content_type.lower().partition(";")
    charset = parameters.strip().removeprefix("charset=").strip('"')
    if kind.strip() != "application/json" or charset not in ("", "utf-8"):
        raise Fault(415, "unsupported", "Send the content type application/json, in UTF-8.")


async def _collect(request: Request, limit: int) -> bytes:
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Fault(400, "invalid", "The request broke off.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            raise Fault(413, "too_large", TOO_LARGE, {"connection": "close"})
    return body


def _read_float(text: str) -> int | float:
    """Read 1.0 as the whole number that it is to JSON."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
