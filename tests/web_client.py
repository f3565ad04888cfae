"""How do tests call the server? In-process, without a socket: one call is one request and its response."""

import asyncio
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from bot import Bot
from bot.channels.web.app import create_app
from bot.channels.web.lines import make_writer
from bot.channels.web.settings import Settings

PLENTY = Settings(rate_client="1000000/minute", rate_network="2000000/minute", rate_total="2000000/minute")
"""Settings for tests that are not about limits."""
RASA = replace(PLENTY, rasa=True, rasa_token="a-token-that-only-the-clinic-s-own-program-knows")  # noqa: S106 -- of tests
BEARER = {"authorization": f"Bearer {RASA.rasa_token}"}
JSON = {"content-type": "application/json"}


@dataclass
class Site:
    """A server and what it wrote down."""

    bot: Bot
    settings: Settings = PLENTY
    log: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        self.app = create_app(self.bot, self.settings, write=make_writer(self.log))

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] = {},
        client: str = "192.0.2.1",
    ) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(client, 5000))
            async with httpx.AsyncClient(transport=transport, base_url="http://faq.example") as http:
                return await http.request(method, path, content=body, headers=headers)

        return asyncio.run(send())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.call("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(
        self, path: str, values: object, *, headers: Mapping[str, str] = {}, client: str = "192.0.2.1"
    ) -> httpx.Response:
        return self.call("POST", path, body=json.dumps(values).encode(), headers={**JSON, **headers}, client=client)

    def ask(self, question: str, context: Mapping[str, object] | None = None) -> dict[str, object]:
        turn = {"question": question, **({"context": context} if context is not None else {})}
        response = self.post("/api/reply", turn)
        assert response.status_code == 200, response.text
        return response.json()

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]
