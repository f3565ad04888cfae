"""What does a client read when a request cannot be answered? One JSON shape, which always carries the contact line.

A visitor whose message is refused may be the one who is burnt: a refusal never leaves them without the line that says
whom to call. A fault says what would be right, and never repeats what was sent.
"""

import json
from collections.abc import Mapping

from starlette.responses import Response

TOO_MANY = "Too many questions at once. Please wait a moment, then try again."
BUSY = "Too many people are asking at the moment. Please wait a moment, then try again."
TOO_LARGE = "That message is too long to be read here. Please ask again in one or two short sentences."
TOO_MANY_HEADERS = "The headers of the request are too long to be read here."
TOO_SLOW = "The message took too long to arrive. Please try again."
NO_REQUEST = "This is no request that can be read here; send HTTP/1.1."
STOPPING = "The service is being restarted. Please try again in a moment."
BROKEN = "Something went wrong here, so there is no answer. Please try again later."


class Fault(Exception):  # noqa: N818 -- the word that clients see
    """A request that cannot be answered."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        """For programs: too_many, too_large, too_slow, invalid ..."""
        self.message = message
        """For people: what would be right."""
        self.headers = headers or {}


def make_fault_body(code: str, message: str, contact: str) -> bytes:
    """Write a fault as JSON."""
    return json.dumps({"error": {"code": code, "message": message, "contact": contact}}).encode()


def make_fault_response(fault: Fault, contact: str) -> Response:
    """Turn a fault into a response."""
    body = make_fault_body(fault.code, fault.message, contact)
    return Response(body, fault.status, headers=fault.headers, media_type="application/json")
