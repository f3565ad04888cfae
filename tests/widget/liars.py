"""What may a server say that is no reply? Bytes on a real connection: the wrong body, half of one, one without an end."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import BaseServer

PLENTY = 64
"""Megabytes after which a body without an end gives up: a widget that reads them all has no bound."""


class Then(Enum):
    """What follows when all that was to be sent is sent."""

    CLOSE = auto()
    WAIT = auto()
    """Silence, with the connection open."""
    MORE = auto()
    """Blanks without an end, as fast as they are taken."""


@dataclass(frozen=True)
class Lie:
    """What is sent in place of an answer."""

    body: bytes
    status: int = 200
    type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None
    """What is announced; None for the truth."""
    then: Then = Then.CLOSE
    starts: bool = True
    """False where not even the head is sent."""

    def to(self, address: str) -> "Lie":
        """Send the visitor elsewhere."""
        return replace(self, headers={**self.headers, "location": address})


@dataclass
class Liar:
    """A server that says one thing to everybody, and remembers what it was asked."""

    address: str = ""
    lie: Lie = Lie(b"")
    asked: list[str] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when somebody hangs up on a body that has no end."""


@contextmanager
def lie_on_loopback() -> Iterator[Liar]:
    """Lie for as long as the block lasts."""
    liar = Liar()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, liar))
    server.daemon_threads = True
    liar.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield liar
    liar.done.set()
    server.shutdown()
    server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection to a liar."""

    def __init__(self, liar: Liar, request: socket, client: tuple[str, int], server: BaseServer) -> None:
        self._liar = liar
        super().__init__(request, client, server)

    def do_OPTIONS(self) -> None:
        """Let every page ask."""
        self._begin(204, {"access-control-allow-headers": "content-type"})

    def do_GET(self) -> None:
        """Answer where no body comes with the question."""
        self._say(self._liar.lie)

    def do_POST(self) -> None:
        """Answer a question."""
        self.rfile.read(int(self.headers["content-length"]))
        self._say(self._liar.lie)

    def log_message(self, *_: object) -> None:
        """Say nothing: pytest shows what is written."""

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self._liar.asked.append(f"{self.command} {self.path}")
        self.send_response_only(status)
        for name, value in {"access-control-allow-origin": "*", "connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def _say(self, lie: Lie) -> None:
        if lie.starts:
            self._begin(lie.status, _make_headers(lie))
        self.wfile.write(lie.body)
        if lie.then is Then.WAIT:
            self._liar.done.wait()
        if lie.then is Then.MORE:
            self._never_end()

    def _never_end(self) -> None:
        try:
            for _ in range(PLENTY):
                self.wfile.write(b" " * 2**20)
        except OSError:
            self._liar.left.set()


def _make_headers(lie: Lie) -> Mapping[str, str]:
    length = None if lie.then is Then.MORE else lie.length if lie.length is not None else len(lie.body)
    known = {"content-type": lie.type, "content-length": None if length is None else str(length)}
    return {name: value for name, value in known.items() if value is not None} | dict(lie.headers)


def change(honest: Mapping[str, object], **changes: object) -> Lie:
    """Say what an honest server says, but for one thing."""
    return Lie(json.dumps({**honest, **changes}).encode())


def leave_out(honest: Mapping[str, object], key: str) -> Lie:
    """Say what an honest server says, without one thing."""
    return Lie(json.dumps({name: value for name, value in honest.items() if name != key}).encode())


WORDS = {"type": "text", "text": "All is well."}
REPLY: Mapping[str, object] = {
    "kind": "answer",
    "text": "All is well.",
    "contact": "",
    "tokens": [{"type": "paragraph", "children": [WORDS]}],
    "answers": [{"ref": "a.md#b", "title": "A?", "section": "A", "text": "All is well."}],
    "options": ["What next?"],
    "context": {"topic": "a", "said": ["a.md#b"], "options": [], "misses": 0, "warned": False, "unanswered": ""},
}
TOPICS: Mapping[str, object] = {
    "version": "0.1.0",
    "lang": "en",
    "clinic": {"name": "", "phone": "", "email": "", "hours": "", "address": "", "website": ""},
    "contact": [{"type": "paragraph", "children": [WORDS]}],
    "help": {"type": "paragraph", "children": [WORDS]},
    "starters": ["What is it?"],
    "sections": [{"title": "A", "questions": [{"ref": "a.md#b", "title": "What is it?"}]}],
}


def _nest(levels: int) -> dict[str, object]:
    token: dict[str, object] = dict(WORDS)
    for _ in range(levels):
        token = {"type": "strong", "children": [token]}
    return token


def _list_bodies(honest: Mapping[str, object]) -> dict[str, Lie]:
    """Whatever was asked for: bodies that are not even an object, and answers that are none."""
    whole = json.dumps(honest).encode()
    half = whole[: len(whole) // 2]
    page = b"<!doctype html><title>Sign in</title><p>Sign in to the guest network"
    return {
        "a page": Lie(page, type="text/html"),
        "a page that is called JSON": Lie(page),
        "an empty object": Lie(b"{}"),
        "an empty list": Lie(b"[]"),
        "a list with the body in it": Lie(b"[" + whole + b"]"),
        "nothing": Lie(b""),
        "null": Lie(b"null"),
        "a number": Lie(b"5"),
        "a truth": Lie(b"true"),
        "a text": Lie(b'"ok"'),
        "the body as a text": Lie(json.dumps(whole.decode()).encode()),
        "an error with the status of success": Lie(b'{"error": {"code": "broken", "message": "no", "contact": "x"}}'),
        "half of it": Lie(half),
        "half of it and then a cut": Lie(half, length=len(whole)),
        "two of them": Lie(whole + whole),
        "a guard before it": Lie(b")]}'\n" + whole),
        "another type": Lie(whole, type="text/plain"),
        "a type that begins alike": Lie(whole, type="application/jsonp"),
        "no type": Lie(whole, type=None),
        "bytes that are no text": Lie(whole.replace(b"All is well.", b"All is w\xe9ll.")),
        "sixteen bits a letter": Lie(whole.decode().encode("utf-16")),
        "more than fits": Lie(whole + b" " * 2**19),
        "no end to it": Lie(whole, then=Then.MORE),
        "created": Lie(whole, status=201),
        "accepted": Lie(whole, status=202),
        "no content": Lie(b"", status=204, type=None),
        "a part": Lie(whole, status=206),
    }


REPLY_BODIES: dict[str, Lie] = {
    **_list_bodies(REPLY),
    "the topics": Lie(json.dumps(TOPICS).encode()),
    **{f"no {key}": leave_out(REPLY, key) for key in REPLY},
    **{f"{key} is null": change(REPLY, **{key: None}) for key in REPLY},
    "a kind that nobody knows": change(REPLY, kind="refund"),
    "a kind that every object has": change(REPLY, kind="constructor"),
    "a kind in a list": change(REPLY, kind=["answer"]),
    "a text that is a number": change(REPLY, text=5),
    "tokens in an object": change(REPLY, tokens={"length": 1, "0": WORDS}),
    "tokens as a text": change(REPLY, tokens="All is well."),
    "no token": change(REPLY, tokens=[]),
    "a token that is null": change(REPLY, tokens=[None]),
    "a token that is a text": change(REPLY, tokens=["All is well."]),
    "a token without a type": change(REPLY, tokens=[{"children": [WORDS]}]),
    "a token of another type": change(REPLY, tokens=[{"type": "script", "children": [WORDS]}]),
    "a type in a list": change(REPLY, tokens=[{"type": ["strong"], "children": [WORDS]}]),
    "a type that every object has": change(REPLY, tokens=[{"type": "constructor", "children": [WORDS]}]),
    "a token without its text": change(REPLY, tokens=[WORDS, {"type": "text"}]),
    "a token whose text is an object": change(REPLY, tokens=[{"type": "text", "text": {"a": 1}}]),
    "a token without children": change(REPLY, tokens=[WORDS, {"type": "paragraph"}]),
    "children as a text": change(REPLY, tokens=[WORDS, {"type": "paragraph", "children": "All is well."}]),
    "a bad child far down": change(REPLY, tokens=[{"type": "list", "children": [{"type": "item", "children": [5]}]}]),
    "a link to nowhere": change(REPLY, tokens=[{"type": "link", "children": [WORDS]}]),
    "a link to a number": change(REPLY, tokens=[{"type": "link", "href": 5, "children": [WORDS]}]),
    "a source of nothing": change(REPLY, tokens=[WORDS, {"type": "source", "children": [WORDS]}]),
    "tokens that say nothing": change(REPLY, tokens=[{"type": "paragraph", "children": [{"type": "text", "text": " "}]}]),
    "a depth of 200": change(REPLY, tokens=[_nest(200)]),
    "a depth without an end": Lie(b'{"tokens": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    "too many tokens": change(REPLY, tokens=[WORDS] * 1_001),
    "an answer that is null": change(REPLY, answers=[None]),
    "an answer without its address": change(REPLY, answers=[{"title": "A?", "section": "A", "text": "x"}]),
    "an answer whose text is a list": change(REPLY, answers=[{"ref": "a.md#b", "title": "A?", "section": "A", "text": []}]),
    "too many answers": change(REPLY, answers=[{"ref": "a.md#b", "title": "A?", "section": "A", "text": "x"}] * 21),
    "options as a text": change(REPLY, options="What next?"),
    "an option that is a number": change(REPLY, options=[5]),
    "an option that is a list": change(REPLY, options=[["What next?"]]),
    "an option that says nothing": change(REPLY, options=[""]),
    "an option that is too long": change(REPLY, options=["x" * 2_001]),
    "too many options": change(REPLY, options=["What next?"] * 21),
    "a context that is a text": change(REPLY, context="a"),
    "a context that is a list": change(REPLY, context=[]),
    "a context that is too large": change(REPLY, context={"topic": "x" * 16_000}),
    "a context without an end": Lie(json.dumps(dict(REPLY)).encode().replace(b'"topic": "a"', b'"topic": ' + b"[" * 20_000 + b"]" * 20_000)),
}  # fmt: skip

TOPICS_BODIES: dict[str, Lie] = {
    **_list_bodies(TOPICS),
    "a reply": Lie(json.dumps(REPLY).encode()),
    **{f"no {key}": leave_out(TOPICS, key) for key in ("lang", "help", "starters", "sections")},
    **{f"{key} is null": change(TOPICS, **{key: None}) for key in ("lang", "help", "starters", "sections")},
    "a language that is an object": change(TOPICS, lang={}),
    "a language that is too long": change(TOPICS, lang="e" * 100),
    "help that is a text": change(TOPICS, help="Call us"),
    "help that says nothing": change(TOPICS, help={"type": "paragraph", "children": []}),
    "help without children": change(TOPICS, help={"type": "paragraph"}),
    "help of a depth of 200": change(TOPICS, help=_nest(200)),
    "starters as a text": change(TOPICS, starters="What is it?"),
    "a starter that is null": change(TOPICS, starters=[None]),
    "a starter that says nothing": change(TOPICS, starters=[" "]),
    "too many starters": change(TOPICS, starters=["What is it?"] * 21),
    "sections in an object": change(TOPICS, sections={"a": 1}),
    "a section that is null": change(TOPICS, sections=[None]),
    "a section without a title": change(TOPICS, sections=[{"questions": []}]),
    "a section without questions": change(TOPICS, sections=[{"title": "A"}]),
    "questions as a text": change(TOPICS, sections=[{"title": "A", "questions": "What is it?"}]),
    "a question that is null": change(TOPICS, sections=[{"title": "A", "questions": [None]}]),
    "a question without a title": change(TOPICS, sections=[{"title": "A", "questions": [{"ref": "a.md#b"}]}]),
    "too many questions": change(TOPICS, sections=[{"title": "A", "questions": [{"ref": "a.md#b", "title": "B?"}] * 1_001}]),
}  # fmt: skip

SILENCES: dict[str, Lie] = {
    "nothing comes": Lie(b"", then=Then.WAIT, starts=False),
    "half of it comes": Lie(b'{"kind": "answer", ', length=900, then=Then.WAIT),
    "all of it comes but for the end": Lie(json.dumps(REPLY).encode(), length=9_000, then=Then.WAIT),
}
REFUSALS: dict[str, Lie] = {
    "a page of a proxy": Lie(b"<h1>Bad gateway</h1>", status=502, type="text/html"),
    "plain words": Lie(b"Service Unavailable", status=503, type="text/plain"),
    "null": Lie(b"null", status=500),
    "an error that is null": Lie(b'{"error": null}', status=500),
    "a message that is an object": Lie(b'{"error": {"message": {"a": 1}}}', status=429),
    "a message that is a list": Lie(b'{"error": {"message": ["Please wait."]}}', status=429),
    "a message that says nothing": Lie(b'{"error": {"message": " "}}', status=429),
    "a message that is too long": Lie(json.dumps({"error": {"message": "no " * 200}}).encode(), status=429),
    "a message of another type": Lie(b'{"error": {"message": "<b>no</b>"}}', status=400, type="text/html"),
    "the body of a reply": Lie(json.dumps(REPLY).encode(), status=500),
    "not modified": Lie(b"", status=304, type=None),
}
"""Statuses that say themselves that there is no reply; what they say beside it is as little to be believed."""
