"""Does the server hold on a real socket? Each test speaks to `serve.run` in a process of its own, on loopback."""

import json
import signal
import subprocess
import sys

import httpx
import pytest
from web_server import START, serve


def test_the_server_answers_writes_lines_and_stops_when_told():
    with serve() as server:
        with httpx.Client(base_url=server.url) as http:
            reply = http.post("/api/reply", json={"question": "how much does it cost"})
            assert reply.json()["kind"] == "answer"
            assert "server" not in reply.headers
            assert http.get("/", headers={"accept-encoding": "gzip"}).headers["content-encoding"] == "gzip"
        lines = server.stop()
    assert server.process.returncode in (0, -signal.SIGTERM)
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/api/reply", "/"]
    assert "how much" not in json.dumps(lines)
    assert {line["event"] for line in lines} == {"request", "server"}


def test_a_body_that_does_not_arrive_is_given_up():
    with serve("--body-seconds", "0.3") as server:
        head = b"POST /api/reply HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        answer = server.send(head)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"contact the clinic now" in answer


def test_a_body_that_hides_its_size_is_cut_off():
    with serve("--body-limit", "1024") as server:
        head = b"POST /api/reply HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        head += b"Transfer-Encoding: chunked\r\n\r\n"
        answer = server.send(head + b"400\r\n" + b"x" * 1024 + b"\r\n" + b"400\r\n" + b"x" * 1024 + b"\r\n0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"contact the clinic now" in answer


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 30_000,
        b"\x16\x03\x01 not http\r\n\r\n",
        b"POST /api/reply HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["endless header", "no HTTP", "two lengths"],
)
def test_what_is_no_request_is_refused_and_not_quoted(data: bytes):
    with serve() as server:
        answer = server.send(data)
        assert answer.startswith(b"HTTP/1.1 4")
        assert httpx.get(server.url + "/healthz").status_code == 200
        lines = server.stop()
    assert "yyyy" not in json.dumps(lines)
    assert "not http" not in json.dumps(lines)


def test_a_setting_that_cannot_be_used_stops_the_start():
    command = [sys.executable, "-c", START, "--allowed-origins", "*", "--allow-credentials", "yes"]
    failed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "name the sites" in failed.stderr
