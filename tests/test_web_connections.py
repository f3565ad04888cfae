"""Can those who only hold a connection keep others out? Real sockets against a real server, on loopback."""

import asyncio
import io
import json
import select
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest
from starlette.types import Message
from web_server import Server, serve

from bot import Bot
from bot.channels.web.addresses import read_address
from bot.channels.web.app import create_app
from bot.channels.web.connections import REFUSED, Gate
from bot.channels.web.lines import make_writer
from bot.channels.web.settings import Settings

CONTACT = "contact the clinic now"
NEIGHBOUR = "127.0.0.2"
"""Another address on the same machine."""
PATIENT = 10
"""Seconds after which a test that fails ends."""
HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"


@contextmanager
def connect(server: Server, count: int = 1, first: bytes = b"") -> Iterator[list[socket.socket]]:
    """Open connections from one address, and say the same first bytes on each."""
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            found.append(stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENT)))
            found[-1].sendall(first)
        yield found


def healthy(server: Server, address: str) -> httpx.Response:
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address), base_url=server.url) as http:
        return http.get("/healthz")


def read(connection: socket.socket) -> bytes:
    """Read until the server has closed, in whatever way."""
    found = b""
    with suppress(ConnectionError):
        while data := connection.recv(65_536):
            found += data
    return found


def drip(connection: socket.socket, drops: Iterable[bytes]) -> bytes:
    """Send a drop whenever the server has nothing to say; give what it said before it closed."""
    connection.settimeout(0.05)
    found = b""
    for drop in drops:
        try:
            connection.sendall(drop)
            data = connection.recv(65_536)
        except TimeoutError:
            continue
        except ConnectionError:
            return found
        if not data:
            return found
        found += data
    pytest.fail("the server never closed the connection")


def check_refusal(answer: bytes, status: int, code: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    assert lines[0].startswith(f"http/1.1 {status} ")
    assert {"content-type: application/json", "connection: close", "cache-control: no-store"} <= set(lines)
    assert f"content-length: {len(body)}" in lines
    error = json.loads(body)["error"]
    assert error["code"] == code
    assert CONTACT in error["contact"]


@pytest.mark.parametrize("first", [b"", b"GET", HEAD], ids=["silent", "a word", "half a head"])
def test_hz39_one_address_that_holds_many_connections_keeps_nobody_else_out(first: bytes):
    with serve("--connection-limit", "20", "--connection-client", "5") as server, connect(server, 40, first):
        assert healthy(server, NEIGHBOUR).status_code == 200


def test_hz39_an_address_with_too_many_connections_is_told_so_and_served_again_after():
    with serve("--connection-client", "5") as server, connect(server, 5) as held:
        with connect(server, 1, HEAD + b"\r\n") as (more,):
            check_refusal(read(more), 503, "busy")
        held[0].close()
        assert 200 in (healthy(server, "127.0.0.1").status_code for _ in range(50))


def test_hz39_a_network_with_many_addresses_holds_no_more_than_a_few_of_them():
    gate = Gate(Settings(connection_client=2, connection_limit=100))
    one_customer = [gate.enter(read_address(f"2001:db8:1:{subnet:x}::1")) for subnet in range(20)]
    assert sum(names != REFUSED for names in one_customer) == 8
    assert gate.enter(read_address("2001:db8:2::1")) != REFUSED
    for names in one_customer:
        gate.leave(names)
    assert gate.enter(read_address("2001:db8:1::1")) != REFUSED


def test_hz39_whoever_comes_when_the_house_is_full_is_told_whom_to_call():
    with serve("--connection-limit", "5") as server, connect(server, 5), connect(server, 1, HEAD + b"\r\n") as (more,):
        check_refusal(read(more), 503, "busy")


@pytest.mark.parametrize("flag", ["--trusted-proxies", "--shared-addresses"])
def test_hz39_a_proxy_that_is_trusted_and_the_clinic_may_hold_more(flag: str):
    with serve("--connection-client", "5", flag, "127.0.0.0/30") as server, connect(server, 30):
        assert healthy(server, "127.0.0.1").status_code == 200


def test_hz39_a_connection_that_says_nothing_is_closed_without_a_word():
    with serve("--header-seconds", "0.2") as server, connect(server) as (silent,):
        assert read(silent) == b""


def test_hz39_headers_that_drip_are_cut_off_with_the_contact_line():
    with serve("--header-seconds", "0.2") as server, connect(server, 1, HEAD) as (slow,):
        check_refusal(drip(slow, [b"X: 1\r\n"] * 200), 408, "too_slow")


def test_hz39_headers_that_drip_are_cut_off_on_a_connection_that_was_used_before():
    with serve("--header-seconds", "0.2") as server, connect(server, 1, HEAD + b"\r\n" + HEAD) as (slow,):
        answer = drip(slow, [b"X: 1\r\n"] * 200)
    _, first, second = answer.split(b"HTTP/1.1 ")
    assert first.startswith(b"200")
    check_refusal(b"HTTP/1.1 " + second, 408, "too_slow")


def test_hz39_a_body_that_nobody_reads_may_not_drip_for_ever():
    with serve("--body-seconds", "0.2") as server, connect(server, 1, POST) as (slow,):
        assert drip(slow, [b"x"] * 200).startswith(b"HTTP/1.1 405")


def test_hz39_a_body_that_drips_is_cut_off_with_the_contact_line():
    head = POST.replace(b"/healthz", b"/api/reply").replace(b"\r\n\r\n", b"\r\nContent-Type: application/json\r\n\r\n")
    with serve("--body-seconds", "0.2", "--body-limit", "100000") as server, connect(server, 1, head) as (slow,):
        answer = drip(slow, [b" "] * 200)
    assert answer.startswith(b"HTTP/1.1 408")
    assert CONTACT.encode() in answer


def test_hz39_who_asks_and_never_reads_is_cut_off():
    requests = b"GET /clinic-faq.js HTTP/1.1\r\nHost: x\r\n\r\n" * 400
    with serve("--body-seconds", "0.2") as server, connect(server, 1, requests) as (deaf,):
        broken = select.poll()
        broken.register(deaf, 0)
        assert broken.poll(PATIENT * 1_000), "the server never closed the connection"


BOMBS = [
    ("one long header", HEAD + b"X: " + b"y" * 30_000 + b"\r\n\r\n"),
    ("many short headers", HEAD + b"X: y\r\n" * 5_000 + b"\r\n"),
    ("a long address", b"GET /" + b"y" * 30_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("a header without an end", HEAD + b"X: " + b"y" * 200_000),
]


@pytest.mark.parametrize("data", [data for _, data in BOMBS], ids=[name for name, _ in BOMBS])
def test_hz39_headers_of_more_than_16_kb_are_refused(data: bytes):
    with serve() as server, connect(server, 1, data) as (connection,):
        check_refusal(read(connection), 431, "too_large")


def test_headers_of_a_busy_browser_are_read():
    with (
        serve() as server,
        connect(server, 1, HEAD + b"X: " + b"y" * 15_000 + b"\r\nConnection: close\r\n\r\n") as (c,),
    ):
        assert read(c).startswith(b"HTTP/1.1 200")


NO_HTTP = [
    ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)), 400),
    ("nothing but zeros", bytes(500), 400),
    ("another protocol", b"EHLO clinic.example\r\n\r\n", 400),
    ("no host", b"GET / HTTP/1.1\r\n\r\n", 400),
    ("two lengths", HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
    ("an encoding that nobody knows", HEAD + b"Transfer-Encoding: gzip\r\n\r\n", 501),
]


@pytest.mark.parametrize(("data", "status"), [(d, s) for _, d, s in NO_HTTP], ids=[name for name, _, _ in NO_HTTP])
def test_hz39_what_is_no_request_is_refused_with_the_contact_line(data: bytes, status: int):
    with serve() as server, connect(server, 1, data) as (connection,):
        check_refusal(read(connection), status, "invalid")


def test_hz39_another_protocol_that_waits_for_an_answer_gets_one():
    with serve("--header-seconds", "0.2") as server, connect(server, 1, b"SSH-2.0-OpenSSH_9.6\r\n") as (connection,):
        check_refusal(read(connection), 408, "too_slow")


def test_a_broken_piece_of_a_body_ends_the_request_and_nothing_else():
    chunked = (
        b"POST /api/reply HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with serve() as server:
        with connect(server, 1, chunked + b"zz\r\n") as (connection,):
            check_refusal(read(connection), 400, "invalid")
        assert healthy(server, "127.0.0.1").status_code == 200
        lines = server.stop()
    assert not [line for line in lines if line["event"] == "error" or line.get("level") == "error"]


def test_a_refusal_at_the_door_is_written_down_without_a_word_of_the_client_s():
    with serve() as server:
        with connect(server, 1, b"ZYXWV\r\n\r\n") as (connection,):
            read(connection)
        lines = server.stop()
    assert [(line["status"], line["code"]) for line in lines if line["event"] == "refused"] == [(400, "invalid")]
    assert "ZYXWV" not in json.dumps(lines)
    assert "127.0.0.1" not in json.dumps([line for line in lines if line["event"] == "refused"])


def test_hz39_a_request_that_the_stopping_server_gives_up_is_told_whom_to_call(small: Bot):
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return await asyncio.Future()

    async def stop() -> None:
        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/api/reply", "headers": headers, "client": ("192.0.2.1", 1)}
        request = asyncio.create_task(create_app(small, write=make_writer(io.StringIO()))(scope, receive, send))
        await asyncio.sleep(0)
        request.cancel()
        await asyncio.wait({request})

    asyncio.run(stop())
    assert [message.get("status") for message in sent] == [503, None]
    assert CONTACT in json.loads(sent[1]["body"])["error"]["contact"]
