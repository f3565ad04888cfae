"""What may a browser do with a response? As little as it can: every response says so.

Nothing is kept, sniffed, framed or sent on as a referrer; a page runs the scripts of this server only, and none that is
made from a text. A route may loosen what it must (`cache-control`, the policy of a page); the rest is added here.
"""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
ALWAYS: Mapping[str, str] = {
    "content-security-policy": NOTHING,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Each costs some microseconds a response, so what means something to a document only is left to the pages."""
OF_A_PAGE: Mapping[str, str] = {
    "content-security-policy": PAGE,
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "x-frame-options": "DENY",
}
STRICT_TRANSPORT = "max-age=31536000"
"""A year; sent only where the operator says that visitors come by HTTPS."""


class Headers:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        always = {**ALWAYS, "strict-transport-security": STRICT_TRANSPORT} if https else ALWAYS
        self._always = [(name.encode(), value.encode()) for name, value in always.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add what a response has not said itself."""

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in self._always if pair[0] not in said)]
            await send(message)

        await self._app(scope, receive, add if scope["type"] == "http" else send)
