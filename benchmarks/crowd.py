"""Does one visitor with the worst message found slow the others? Ordinary questions, alone and beside that visitor.

A server of its own, with the limits it ships with, is asked 10 ordinary questions a second, none of which was asked
before, by many visitors; then the same beside one visitor who sends the worst message 30 times a minute. It must show:
the others' median stays under 3 times their median alone, and every one of them is answered.

    python -m benchmarks.crowd [--seconds 20] [--rounds 3] [--worst FILE]
"""

import argparse
import asyncio
import itertools
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ORDINARY = "how long does the redness last"
A_SECOND = 10
BETWEEN_WORST = 2.0
"""Seconds: 30 a minute, as many as the limit per client lets pass."""
WORST = "my skin is dry on my cheek " + "㌖" * 1970
BEFORE_WORST = "what are the side effects"
"""The answer to it ends in the contact line, so that the next message is looked at with its name as well."""
MOST = 3.0
"""How many times their median alone the others may wait."""
numbers = itertools.count(1)


@contextmanager
def serve() -> Iterator[str]:
    """Serve the content that ships, as an operator would, in a process of its own."""
    command = [sys.executable, "-m", "bot", "serve", "--port", "0", "--trusted-proxies", "127.0.0.1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = next(line for line in process.stderr or () if "Uvicorn running" in line)
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
            yield re.findall(r"http://[\d.:]+", line)[0]
        finally:
            process.terminate()
            drain.wait()


async def ask(http: httpx.AsyncClient, client: str, turn: dict[str, object]) -> tuple[float, str]:
    """Ask once; give the seconds and what came of it."""
    began = time.perf_counter()
    try:
        response = await http.post("/api/reply", json=turn, headers={"x-forwarded-for": client})
    except httpx.HTTPError as error:
        return time.perf_counter() - began, type(error).__name__
    taken = time.perf_counter() - began
    if response.status_code != 200:
        return taken, str(response.status_code)
    return taken, "unread" if response.json().get("unread") else "read"


async def ask_ordinary(http: httpx.AsyncClient, seconds: int) -> list[tuple[float, str]]:
    """Ask at a steady pace, whatever becomes of the questions before."""
    tasks = []
    for _ in range(seconds * A_SECOND):
        number = next(numbers)
        client = f"10.1.{number // 250 % 250}.{number % 250}"
        tasks.append(asyncio.create_task(ask(http, client, {"question": f"{ORDINARY} {number}"})))
        await asyncio.sleep(1 / A_SECOND)
    return await asyncio.gather(*tasks)


async def ask_worst(http: httpx.AsyncClient, worst: str, context: object, found: list[str]) -> None:
    """Send the worst message again and again, from one address, until cancelled."""

    async def once(number: int) -> None:
        # A number at the end: a reply that is remembered would cost nothing.
        _, outcome = await ask(http, "10.2.0.1", {"question": f"{worst[:1990]} {number}", "context": context})
        found.append(outcome)

    async with asyncio.TaskGroup() as group:
        for number in itertools.count():
            group.create_task(once(number))
            await asyncio.sleep(BETWEEN_WORST)


async def measure(url: str, seconds: int, worst: str) -> float:
    """Measure one round; give how many times longer the others waited."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=20, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as http:
        before = (await http.post("/api/reply", json={"question": BEFORE_WORST})).json()["context"]
        alone = await ask_ordinary(http, seconds)
        outcomes: list[str] = []
        bad = asyncio.create_task(ask_worst(http, worst, before, outcomes))
        await asyncio.sleep(BETWEEN_WORST / 2)
        beside = await ask_ordinary(http, seconds)
        bad.cancel()
        await asyncio.gather(bad, return_exceptions=True)
    show("alone", alone)
    show("beside", beside)
    print(f"          the one visitor: {dict(Counter(outcomes))}")
    return statistics.median(taken for taken, _ in beside) / statistics.median(taken for taken, _ in alone)


def show(name: str, found: list[tuple[float, str]]) -> None:
    """Print how long the others waited."""
    waits = sorted(taken * 1000 for taken, _ in found)
    late = waits[int(len(waits) * 0.95)]
    outcomes = dict(Counter(outcome for _, outcome in found))
    print(f"{name:7} median {statistics.median(waits):7.1f} ms  95 % {late:7.1f}  worst {waits[-1]:7.1f}  {outcomes}")


def main() -> None:
    """Measure, and say whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worst", type=Path, help="a file with another message in it")
    options = parser.parse_args()
    worst = options.worst.read_text(encoding="utf-8") if options.worst else WORST
    with serve() as url:
        times = [asyncio.run(measure(url, options.seconds, worst)) for _ in range(options.rounds)]
    print(f"the others wait {statistics.median(times):.1f} times as long as alone; at most {MOST:.0f} is right")


if __name__ == "__main__":
    main()
