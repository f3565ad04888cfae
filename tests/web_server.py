"""How do tests start the server? As an operator does: `serve.run` in a process of its own, on a free port here."""

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
