"""Does the server hold on a real socket? Each test speaks to `serve.run` in a process of its own, on loopback."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

SMALL = Path(__file__).parent / "content" / "small"
START = """
import argparse, sys
from bot.channels.web import serve
parser = argparse.ArgumentParser()
parser.add_argument("--content")
serve.add_arguments(parser)
sys.exit(serve.run(parser.parse_args()))
"""
TURN = json.dumps({"question": "how much does it cost"}).encode()


@dataclass
class Server:
    process: subprocess.Popen[str]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> list[dict[str, object]]:
        """Stop it as an init system does, and give the lines that it wrote."""
        self.process.send_signal(signal.SIGTERM)
        _, lines = self.process.communicate(timeout=10)
        return [json.loads(line) for line in lines.splitlines()]

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are, and read until the server has closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            return b"".join(iter(lambda: connection.recv(65_536), b""))


@contextmanager
def serve(*flags: str) -> Iterator[Server]:
    command = [sys.executable, "-c", START, "--content", str(SMALL), "--port", "0", *flags]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr or ():
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                yield Server(process, int(found.group(1)))
                return
        pytest.fail("the server did not start")
    finally:
        process.kill()
        process.communicate()


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
