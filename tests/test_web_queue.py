"""Does one visitor's message hold up another's? No test depends on how fast the machine is: gates open when told."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import httpx
import pytest
from web_client import BEARER, JSON, RASA, Site

from bot import Bot, Context, Reply
from bot.channels.web.queue import MOST_OF_ONE, MOST_WAITING, SHORT, Queue
from bot.channels.web.settings import Settings

SMALL = Path(__file__).parent / "content" / "small"
CONTACT = "If it blisters or gets worse, contact the clinic now."
PATHS = ("/api/reply", "/webhooks/rest/webhook")
GIVEN_UP = 2
"""Seconds after which a gate opens by itself, so that a test that fails ends."""


class Held(Bot):
    """A bot that reads a message with "held" in it only when told to, and notes what it does."""

    def reply(self, question: str, context: Context | None = None) -> Reply:
        notes = self.notes
        notes.began.append(question)
        notes.in_loop |= _is_in_loop()
        if "held" in question:
            notes.begun.set()
            notes.gate.wait(GIVEN_UP)
        reply = super().reply(question, context)
        notes.ended.append(question)
        return reply

    @property
    def notes(self) -> "Notes":
        return self.__dict__.setdefault("_notes", Notes())


@dataclass
class Notes:
    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    began: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    in_loop: bool = False


def _is_in_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@contextmanager
def held(settings: Settings = RASA) -> Iterator[tuple[Site, Notes]]:
    bot = Held.load(SMALL)
    try:
        yield Site(bot, settings), bot.notes
    finally:
        bot.notes.gate.set()


def together(site: Site, talk: Callable[[Callable[..., Awaitable[httpx.Response]]], Awaitable[None]]) -> None:
    """Let several visitors talk to the server in one event loop; `send` is one request of a client's."""

    async def run() -> None:
        async def send(path: str, question: str = "", client: str = "192.0.2.1") -> httpx.Response:
            transport = httpx.ASGITransport(site.app, client=(client, 5000))
            async with httpx.AsyncClient(transport=transport, base_url="http://faq.example") as http:
                if not question:
                    return await http.get(path)
                turn = {"question": question} if path == "/api/reply" else {"sender": client, "message": question}
                return await http.post(path, content=json.dumps(turn), headers={**JSON, **BEARER})

        await talk(send)

    asyncio.run(run())


async def begun(notes: Notes) -> None:
    await asyncio.to_thread(notes.begun.wait, GIVEN_UP)


@pytest.mark.parametrize("path", PATHS)
def test_hz38_the_bot_never_reads_in_the_event_loop(path: str):
    with held() as (site, notes):
        together(site, lambda send: send(path, "how much does it cost"))
    assert notes.began == ["how much does it cost"]
    assert not notes.in_loop


@pytest.mark.parametrize("path", PATHS)
def test_hz38_while_one_message_is_read_others_are_answered(path: str):
    async def talk(send) -> None:
        slow = asyncio.create_task(send(path, "held " * SHORT))
        await begun(notes)
        assert (await send("/healthz")).status_code == 200
        assert (await send(path, "how much does it cost", "192.0.2.2")).status_code == 200
        assert notes.ended == ["how much does it cost"]
        notes.gate.set()
        assert (await slow).status_code == 200

    with held() as (site, notes):
        together(site, talk)
    assert len(notes.ended) == 2


def test_hz38_a_message_that_nobody_came_to_in_time_is_told_so_with_the_contact_line():
    with held(replace(RASA, reply_seconds=0.05)) as (site, _notes):
        context = {"topic": "redness", "said": ["side-effects.md#redness"]}
        reply = site.ask("held", context)
        assert reply["kind"] == "fallback"
        assert reply["unread"] is True
        assert reply["text"] == f"I had no time to read that, and nothing of it was looked at.\n\n{CONTACT}"
        assert reply["tokens"][-1]["type"] == "contact"
        assert reply["answers"] == reply["options"] == []
        assert Context.from_dict(reply["context"]) == Context.from_dict(context)
        told = site.post(PATHS[1], {"sender": "ann", "message": "held"}, headers=BEARER).json()
        assert told == [{"recipient_id": "ann", "text": reply["text"]}]


def test_hz38_what_was_not_read_in_time_is_read_when_it_is_sent_again():
    with held(replace(RASA, reply_seconds=0.05)) as (site, notes):
        assert "unread" in site.ask("held: how much does it cost")
        notes.gate.set()
        assert any("unread" not in site.ask("held: how much does it cost") for _ in range(50))


def test_hz39_a_visitor_has_one_message_read_at_a_time_and_few_in_line():
    async def talk(send) -> None:
        mine = [asyncio.create_task(send("/api/reply", f"held {n}")) for n in range(MOST_OF_ONE)]
        await begun(notes)
        refused = await send("/api/reply", "my face is burning")
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["contact"] == CONTACT
        assert notes.began == ["held 0"]
        assert (await send("/api/reply", "how much does it cost", "192.0.2.2")).status_code == 200
        notes.gate.set()
        assert [(await reply).status_code for reply in mine] == [200] * MOST_OF_ONE
        assert (await send("/api/reply", "my face is burning")).status_code == 200

    with held() as (site, notes):
        together(site, talk)


def test_hz39_those_who_share_the_clinic_s_address_do_not_wait_for_each_other():
    async def talk(send) -> None:
        slow = asyncio.create_task(send("/api/reply", "held"))
        await begun(notes)
        assert (await send("/api/reply", "how much does it cost")).status_code == 200
        notes.gate.set()
        await slow

    with held(replace(RASA, shared_addresses=("192.0.2.0/24",))) as (site, notes):
        together(site, talk)
    assert notes.ended == ["how much does it cost", "held"]


def test_hz39_a_full_queue_is_refused_with_the_contact_line_and_the_other_lane_stays_open():
    async def talk(send) -> None:
        long = "held " * SHORT
        waiting = [asyncio.create_task(send("/api/reply", long, f"192.0.2.{n}")) for n in range(MOST_WAITING)]
        await begun(notes)
        refused = await send("/api/reply", long, "198.51.100.1")
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) >= 1
        assert refused.json()["error"]["code"] == "busy"
        assert refused.json()["error"]["contact"] == CONTACT
        assert (await send("/api/reply", "how much does it cost", "198.51.100.1")).status_code == 200
        notes.gate.set()
        assert {(await reply).status_code for reply in waiting} == {200}

    with held(replace(RASA, reply_seconds=60)) as (site, notes):
        together(site, talk)


def test_a_message_that_nobody_waits_for_any_more_is_not_begun():
    began: list[int] = []
    gate, first = threading.Event(), threading.Event()

    def read(number: int) -> None:
        began.append(number)
        first.set()
        gate.wait(GIVEN_UP)

    async def talk() -> None:
        queue = Queue(seconds=60)
        waiting = [asyncio.create_task(queue.run(f"visitor {n}", SHORT + 1, partial(read, n))) for n in range(9)]
        await asyncio.to_thread(first.wait, GIVEN_UP)
        for task in waiting:
            task.cancel()
        last = asyncio.create_task(queue.run("another", SHORT + 1, partial(read, 9)))
        await asyncio.gather(*waiting, return_exceptions=True)
        gate.set()
        await last

    asyncio.run(talk())
    assert began == [0, 9]


def test_what_goes_wrong_in_a_thread_is_told_to_whoever_waits_and_the_next_is_served():
    async def talk() -> None:
        queue = Queue(seconds=60)
        with pytest.raises(ZeroDivisionError):
            await queue.run("ann", 1, lambda: 1 // 0)
        assert await queue.run("ann", 1, lambda: 1) == 1

    asyncio.run(talk())
