"""What does a line typed in a conversation get? A line goes in, blocks come out; nothing is read or printed here.

A line is a question, the number of what is on offer, or a command. Only the bot answers questions: what this file says
of its own is about the program.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from bot import Bot, Context, Reply
from bot.channels.markdown import Look, Paragraph, Span, entries, paragraph, read_markdown, restyle
from bot.channels.why import explain
from bot.likeness import describe_meaning, find_meaning
from bot.reply import Block, Part

WELCOME = "bot.md#welcome"
HINT = "Type a question and press Enter; /help says what else there is."
LEAVE = "To leave, press Ctrl-D or type /quit."
GOODBYE = "Goodbye."
LONGEST = 20_000
"""Characters of a line that are looked at; the bot reads fewer of a question, and says itself when it is too long."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be chosen by its number."""

    label: str
    line: str
    """What choosing it is the same as typing."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a line gets."""

    blocks: tuple[Paragraph, ...] = ()
    alert: tuple[Paragraph, ...] = ()
    """What must be seen before the rest: an urgent text, or that of a crisis."""


class Chat:
    """One conversation: it keeps the context between the lines, and what is on offer."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.offers: tuple[Offer, ...] = ()
        self.over = False
        self._before = Context()
        self._context = Context()
        self._question = ""

    def welcome(self) -> Said:
        """Greet, and say what this is; and where meaning is not read, that."""
        text = self.bot.content.answers[WELCOME].text
        lack = [] if find_meaning() else [paragraph(describe_meaning(), Look.SOFT)]
        return Said((*read_markdown(text), *lack, paragraph(HINT, Look.SOFT)))

    def respond(self, line: str) -> Said:
        """Give what a line gets; nothing for an empty one."""
        line = line[:LONGEST]
        text = " ".join(line.split())
        if not text:
            return Said()
        if text.startswith("/") or text.lower() in _LEAVING:
            return self._obey(text)
        number = _read_number(text) if self.offers else None
        if number is None:
            return self._ask(line.replace("\n", " ").strip())
        if not 1 <= number <= len(self.offers):
            return Said((paragraph(f"There is no number {number}; {_name_numbers(len(self.offers))}."),))
        return self.respond(self.offers[number - 1].line)

    def _ask(self, question: str) -> Said:
        reply = self.bot.reply(question, self._context)
        self._question, self._before, self._context = question, self._context, reply.context
        self.offers = tuple(Offer(option, option) for option in reply.options)
        return say(reply)

    def _obey(self, text: str) -> Said:
        name, _, rest = text.partition(" ")
        command = COMMANDS.get(_LEAVING.get(name.lower(), name.lower()))
        if command is None:
            return Said((paragraph(f"There is no {name}; there are {', '.join(COMMANDS)}."),))
        return command.run(self, rest)

    def _help(self, _rest: str) -> Said:
        known = [f"{name}: {command.does}" for name, command in COMMANDS.items()]
        typed = ("Ask in your own words, one thing at a time. What is offered with a number can be chosen by it.",)
        return Said((*map(paragraph, typed), *entries(known), paragraph(LEAVE)))

    def _topics(self, rest: str) -> Said:
        """List the sections of the article, or the questions of one of them."""
        sections = self.questions()
        number = _read_number(rest) if rest else 0
        if number and 1 <= number <= len(sections):
            section, titles = list(sections.items())[number - 1]
            self.offers = tuple(Offer(title, title) for title in titles)
            return Said((paragraph(section, Look.STRONG), paragraph("Type a number to ask:")))
        self.offers = tuple(
            Offer(f"{section} ({_count(len(titles), 'question')})", f"/topics {number}")
            for number, (section, titles) in enumerate(sections.items(), 1)
        )
        return Said((paragraph("What can be asked, by the article's sections. Type a number to see the questions:"),))

    def _why(self, rest: str) -> Said:
        question, context = (rest, self._context) if rest else (self._question, self._before)
        if not question:
            return Said((paragraph("Nothing has been asked yet. Ask something first, or type /why and a question."),))
        most = self.bot.content.safety.max_length
        if len(question) > most:
            return Said((paragraph(f"A question of more than {most:,} characters is not read. Ask a shorter one."),))
        return Said(explain(self.bot, question, context))

    def _quit(self, _rest: str) -> Said:
        self.over = True
        return Said()

    def questions(self) -> Mapping[str, tuple[str, ...]]:
        """Give the titles of what can be asked, by the section of the article that answers it."""
        sections: dict[str, list[str]] = {}
        for answer in self.bot.content.answers.values():
            if answer.section:
                sections.setdefault(answer.section, []).append(answer.title)
        return {section: tuple(titles) for section, titles in sections.items()}


@dataclass(frozen=True, slots=True)
class Command:
    """What can be typed with a slash."""

    does: str
    run: Callable[[Chat, str], Said]


COMMANDS: Mapping[str, Command] = {
    "/help": Command("what can be typed here", Chat._help),  # noqa: SLF001 - the table is part of the class
    "/topics": Command("what can be asked", Chat._topics),  # noqa: SLF001
    "/why": Command("what was found for the last question, and how it was judged", Chat._why),  # noqa: SLF001
    "/quit": Command("leave; so does /exit", Chat._quit),  # noqa: SLF001
}
_LEAVING = {"/exit": "/quit", "exit": "/quit", "quit": "/quit"}


def say(reply: Reply) -> Said:
    """Lay out a reply: what is urgent is told apart, and the short line about the clinic steps back."""
    alert = [row for block in reply.blocks if block.part is Part.URGENT for row in draw(block)]
    return Said(
        tuple(row for block in reply.blocks if block.part is not Part.URGENT for row in draw(block)), tuple(alert)
    )


def draw(block: Block) -> tuple[Paragraph, ...]:
    """Lay out a block: its title above it, where it comes from below."""
    title = (paragraph(block.title, Look.STRONG),) if block.title else ()
    source = (paragraph(f"{SOURCE}{block.source}", Look.SOFT),) if block.source else ()
    rows = read_markdown(block.text)
    match block.part:
        case Part.CONTACT_SHORT:
            return restyle(rows, Look.SOFT)
        case Part.URGENT | Part.NOTICE | Part.ANSWER | Part.UNANSWERED | Part.CONTACT:
            return (*title, *rows, *source)
        case _:
            assert_never(block.part)


SOURCE = "From "


def list_offers(offers: tuple[Offer, ...]) -> tuple[Paragraph, ...]:
    """Lay out what is on offer, numbered."""
    return entries((offer.label for offer in offers), numbered=True)


def name_speaker(name: str, blocks: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    """Put the speaker's name before what is said."""
    if not blocks:
        return ()
    first, *rest = blocks
    if first.marker:
        return (paragraph(f"{name}:"), *blocks)
    return (Paragraph((Span(f"{name}: "), *first.spans), tight=first.tight), *rest)


def _read_number(text: str) -> int | None:
    found = re.fullmatch(r"[#(]?(\d{1,3})[.)]?", text)
    return int(found[1]) if found else None


def _name_numbers(count: int) -> str:
    return "there is only 1" if count == 1 else f"choose from 1 to {count}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
