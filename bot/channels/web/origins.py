"""Which sites may use the API from a visitor's browser? Those that are listed, letter by letter, and this server's own.

A request that names an origin that is not listed is refused, not only left without permission to read: what the browser
would hide from the page is not even worked out.
"""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.channels.web.addresses import find_peer, is_inside, read_networks
from bot.channels.web.faults import Fault, make_fault_response
from bot.channels.web.settings import Settings, read_origin

REFUSED = Fault(403, "origin", "This site may not use the service; its operator can add it to allowed_origins.")


class Origins:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, *, settings: Settings, public: frozenset[str], contact: str) -> None:
        self._app = app
        self._allowed = frozenset(settings.allowed_origins)
        self._own = read_origin(settings.public_url)
        self._proxies = read_networks(settings.trusted_proxies)
        self._credentials = settings.allow_credentials
        self._public = public
        """Paths that any site may load: the widget's script."""
        self._contact = contact

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, answer a preflight, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if not origin or scope["path"] in self._public:
            await self._app(scope, receive, self._mark(send, {}))
            return
        granted = self._grant(origin)
        if not granted and not self._is_own(origin, headers, scope):
            await make_fault_response(REFUSED, self._contact)(scope, receive, self._mark(send, {}))
        elif scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _send_preflight(self._mark(send, granted))
        else:
            await self._app(scope, receive, self._mark(send, granted))

    def _grant(self, origin: str) -> Mapping[str, str]:
        """Give the headers that let a page of this origin read the response; none if it may not."""
        if "*" in self._allowed:
            return {"access-control-allow-origin": "*"}
        if origin not in self._allowed:
            return {}
        extra = {"access-control-allow-credentials": "true"} if self._credentials else {}
        return {"access-control-allow-origin": origin, **extra}

    def _is_own(self, origin: str, headers: Headers, scope: Scope) -> bool:
        """Ask the browser, which no page can make lie; an old one does not say, so then the address is compared."""
        if "sec-fetch-site" in headers:
            return headers["sec-fetch-site"] == "same-origin"
        return origin in (self._own, f"{self._find_scheme(headers, scope)}://{headers.get('host', '')}")

    def _find_scheme(self, headers: Headers, scope: Scope) -> str:
        """Say how the visitor came: behind a proxy that speaks HTTPS, only the proxy knows."""
        said = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        believed = said in ("http", "https") and is_inside(find_peer(scope), self._proxies)
        return said if believed else str(scope["scheme"])

    def _mark(self, send: Send, granted: Mapping[str, str]) -> Send:
        added = [(name.encode(), value.encode()) for name, value in granted.items()] + [(b"vary", b"Origin")]

        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        return mark


async def _send_preflight(send: Send) -> None:
    headers = [
        (b"access-control-allow-methods", b"GET, POST"),
        (b"access-control-allow-headers", b"content-type"),
        (b"access-control-max-age", b"600"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
