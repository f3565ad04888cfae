"""How do chat front ends made for Rasa talk to the bot? By Rasa's REST channel: POST /webhooks/rest/webhook.

That channel has no place for a context, so it is kept here, by sender: in memory, for a bounded number of senders and a
bounded time, under a digest of the sender's name. Several processes need a balancer that sends a sender to one only.

Whoever names a sender is told what that sender was told. So the channel is off unless the operator turns it on; then it
is for a program that knows the token and vouches for its senders, which no page in a browser can.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot import Context, Reply
from bot.channels.web.bodies import parse_object, read_body, read_text
from bot.channels.web.desk import Desk
from bot.channels.web.faults import Fault
from bot.channels.web.settings import Settings

MOST_SENDERS = 10_000
"""A context is some hundred bytes: a few megabytes in all."""
SECONDS_KEPT = 1_800.0
"""Half an hour without a word ends a conversation."""
LONGEST_NAME = 200
"""Characters in a sender's name; a longer one names nobody."""
NOBODY = "default"
"""Who is answered when no sender is named, as in Rasa; strangers may share that name, so it has no context."""


@dataclass(frozen=True, slots=True)
class _Kept:
    context: Context
    until: float


class Contexts:
    """What each sender was told last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, sender: str) -> Context:
        """Give the sender's context; an empty one if there is none, or if it is too old."""
        kept = self._kept.get(self._digest(sender))
        return kept.context if kept and self._clock() < kept.until else Context()

    def keep(self, sender: str, context: Context) -> None:
        """Keep a context, and drop those that are too old or too many; the oldest stand first."""
        now = self._clock()
        digest = self._digest(sender)
        self._kept.pop(digest, None)
        self._kept[digest] = _Kept(context, now + SECONDS_KEPT)
        while len(self._kept) > MOST_SENDERS or next(iter(self._kept.values())).until <= now:
            self._kept.popitem(last=False)

    def _digest(self, sender: str) -> bytes:
        return hashlib.blake2b(sender.encode(errors="surrogatepass"), key=self._key, digest_size=16).digest()


class Rasa:
    """The endpoint."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._contexts = Contexts()

    async def webhook(self, request: Request) -> Response:
        """POST /webhooks/rest/webhook; keys that Rasa knows beside these are left aside."""
        self._check_token(request.headers.get("authorization", ""))
        found = parse_object(await read_body(request, self._settings))
        message = read_text(found, "message")
        sender = read_sender(found)
        context = self._contexts.find(sender) if sender != NOBODY else Context()
        reply = await self._desk.reply(request, message, context) or self._desk.refuse(context)
        if sender != NOBODY:
            self._contexts.keep(sender, reply.context)
        return Response(json.dumps([make_message(reply, sender)]), media_type="application/json")

    def _check_token(self, sent: str) -> None:
        """Compare in a time that says nothing of how much was right."""
        scheme, _, token = sent.partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._settings.rasa_token.encode()):
            remedy = "Send the token of this server as 'Authorization: Bearer ...'."
            raise Fault(401, "token", remedy, {"www-authenticate": "Bearer"})


def read_sender(found: Mapping[str, object]) -> str:
    """Give the sender's name; NOBODY for what cannot tell one person from another."""
    name = found.get("sender")
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not any(map(str.isalnum, name)):
        return NOBODY
    return name


def make_message(reply: Reply, sender: str) -> dict[str, object]:
    """Give the reply as Rasa would."""
    message: dict[str, object] = {"recipient_id": sender, "text": reply.text}
    if reply.options:
        message["buttons"] = [{"title": option, "payload": option} for option in reply.options]
    return message
