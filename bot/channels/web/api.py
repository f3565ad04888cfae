"""What does the HTTP API say? The same as the Python API: question and context in, reply out, nothing kept in between.

The context travels with the request and is checked like anything from outside, so any number of processes can serve
behind any balancer.
"""

import hashlib
import json
import secrets
from collections import OrderedDict
from typing import assert_never

from starlette.requests import Request
from starlette.responses import Response

from bot import Context, ContextError, Reply, __version__
from bot.channels.web.bodies import check_keys, parse_object, read_body, read_text
from bot.channels.web.catalogue import Catalogue
from bot.channels.web.desk import Desk
from bot.channels.web.faults import Fault
from bot.channels.web.settings import Settings
from bot.channels.web.tokens import Token, link_words, read_tokens
from bot.likeness import describe_meaning
from bot.reply import Block, Part

REMEMBERED = 1_000
"""Replies that are kept ready: about 3 MB, and more than the questions that visitors choose from a list."""


class Api:
    """The endpoints under /api, and those that say whether the server lives."""

    def __init__(self, desk: Desk, catalogue: Catalogue, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._catalogue = catalogue
        self._topics = _dump(catalogue.to_dict())
        self._ready = _dump(
            {
                "status": "ready",
                "version": __version__,
                "content": catalogue.digest,
                "meaning": describe_meaning().removeprefix("meaning: "),
            }
        )
        self._memory = Memory()

    async def reply(self, request: Request) -> Response:
        """POST /api/reply."""
        body = await read_body(request, self._settings)
        known = self._memory.find(body)
        return _json(known or await self._work_out(request, body))

    async def _work_out(self, request: Request, body: bytes) -> bytes:
        question, context = read_turn(body)
        reply = await self._desk.reply(request, question, context)
        if reply is None:
            return _dump({**make_reply_dict(self._desk.refuse(context), self._catalogue), "unread": True})
        found = _dump(make_reply_dict(reply, self._catalogue))
        if not reply.context.unanswered:  # what a visitor typed is in no memory
            self._memory.keep(body, found)
        return found

    async def topics(self, _request: Request) -> Response:
        """GET /api/topics."""
        return _json(self._topics)

    async def health(self, _request: Request) -> Response:
        """GET /healthz: the process answers."""
        return _json(b'{"status": "ok"}')

    async def ready(self, _request: Request) -> Response:
        """GET /readyz: the content has loaded, and which; and whether meaning is read."""
        return _json(self._ready)


class Memory:
    """Replies by request, the oldest forgotten first.

    A reply is a pure function of what was sent, so that saying it again is as good as working it out. What was sent is
    known only by a digest with a key that ends with the process; the replies themselves are curated texts.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._replies: OrderedDict[bytes, bytes] = OrderedDict()

    def find(self, body: bytes) -> bytes | None:
        """Give the reply to this very request, if it is remembered."""
        return self._replies.get(self._digest(body))

    def keep(self, body: bytes, reply: bytes) -> None:
        """Remember a reply."""
        self._replies[self._digest(body)] = reply
        if len(self._replies) > REMEMBERED:
            self._replies.popitem(last=False)

    def _digest(self, body: bytes) -> bytes:
        return hashlib.blake2b(body, key=self._key, digest_size=24).digest()


def read_turn(body: bytes) -> tuple[str, Context]:
    """Read the question and the context.

    Raises:
        Fault: the body is not what the API takes.
    """
    found = parse_object(body)
    check_keys(found, ("question", "context"))
    question = read_text(found, "question")
    values = found.get("context")
    if values is None:
        return question, Context()
    try:
        return question, Context.from_dict(values if isinstance(values, dict) else [])  # type: ignore[arg-type]  # refused there, in its own words
    except ContextError as error:
        raise Fault(422, "invalid", str(error)) from None


def make_reply_dict(reply: Reply, catalogue: Catalogue) -> dict[str, object]:
    """Give the reply as the command line does, and its text as tokens."""
    return {**reply.to_dict(), "tokens": [token.to_dict() for token in mark_parts(reply, catalogue)]}


def mark_parts(reply: Reply, catalogue: Catalogue) -> tuple[Token, ...]:
    """Tell titles, sources and the contact line from the other text, so that a page can set them apart."""
    return tuple(token for block in reply.blocks for token in _draw(block, catalogue))


def _draw(block: Block, catalogue: Catalogue) -> tuple[Token, ...]:
    text = link_words(read_tokens(block.text), catalogue.links)
    title = (Token("title", children=(Token("text", text=block.title),)),) if block.title else ()
    match block.part:
        case Part.CONTACT | Part.CONTACT_SHORT:
            return (Token(block.part.value, children=text),)
        case Part.ANSWER:
            source = Token("source", ref=block.ref, children=(Token("text", text=block.source),))
            return (*title, *text, source)
        case Part.URGENT | Part.NOTICE | Part.UNANSWERED:
            return (*title, *text)
        case _:
            assert_never(block.part)


def _dump(values: dict[str, object]) -> bytes:
    return json.dumps(values).encode()  # escaped to ASCII: half a surrogate pair in a context must not end in an error


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
