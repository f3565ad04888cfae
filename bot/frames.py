"""Which topics does a message name, and which side of them does it ask for? An intent is one side of one topic.

A follow-up brings one of the two and what was said before brings the other; a side of a topic that no intent is, is a
cell of the grid that stands empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import Content
from bot.english import JOINS_ON, LEADING_IN, POLITE
from bot.index import Index
from bot.match import find_match
from bot.meaning import Encoder
from bot.message import Message
from bot.words import split_words, stem

WHAT = "what"
"""The side that says what something is."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a message names and asks, as far as it does."""

    topics: tuple[str, ...]
    """The topics that it names, in the order of the content."""
    aspect: str
    """The side that it is nearest to; "" where it says nothing but names."""
    sure: float
    """How sure that is, 0 to 1."""
    bare: bool = False
    """Whether it says nothing beside the names of topics, and words that join it to what was said before."""
    exact: bool = False
    """Whether all of it is a way of asking for the aspect: "and the risks" names a topic, and is one."""


@dataclass(frozen=True, slots=True)
class Frames:
    """The grid of topics and aspects."""

    names: Mapping[str, tuple[tuple[str, ...], ...]]
    """The stems of each name of a topic."""
    cells: Mapping[tuple[str, str], str]
    """The intent of a topic and an aspect."""
    first: Mapping[str, str]
    """What is told of a topic where no side is asked for: what it is, or its intent that stands first."""
    subject: str
    """The topic that everything is about; a side of it that is no cell is that which is asked otherwise."""
    aspects: Index

    def read(self, message: Message, encoder: Encoder | None) -> Frame:
        """Find the topics that a message names, and the aspect that its other words ask for."""
        named: dict[str, None] = {}
        taken: set[int] = set()
        for topic, names in self.names.items():
            for name in names:
                for at in range(len(message.stems) - len(name) + 1):
                    if message.stems[at : at + len(name)] == name:
                        named[topic] = None
                        taken.update(range(at, at + len(name)))
        left = [at for at in range(len(message.words)) if at not in taken]
        bare = all(message.words[at] in JOINS_ON or message.words[at] in POLITE for at in left)
        if exact := self._find_exact(message):
            return Frame(tuple(named), exact, 1.0, bare=bare, exact=True)
        if bare:
            return Frame(tuple(named), "", 0.0, bare=True)
        match = find_match(message.pick(left) if taken else message, self.aspects, encoder)
        aspect, sure = (match.candidates[0].intent, match.confidence) if match.candidates else ("", 0.0)
        return Frame(tuple(named), aspect, 1.0 if taken and self.aspects.find_exact(message.pick(left)) else sure)

    def _find_exact(self, message: Message) -> str:
        """Give the aspect that all of a message asks for, beside a word that joins it on; "" for none."""
        lead = LEADING_IN.match(message.said)
        joined = len(lead.group().split()) if lead else 0
        rest = message.part(joined, len(message.words)) if 0 < joined < len(message.words) else message
        return self.aspects.find_exact(message) or self.aspects.find_exact(rest)


def build_frames(content: Content, aspects: Index) -> Frames:
    """Lay out the grid, and stem the names of the topics, once."""
    placed = [intent for intent in content.intents.values() if intent.topic]
    cells = {(intent.topic, aspect): intent.name for intent in placed for aspect in intent.aspects}
    first = {intent.topic: intent.name for intent in reversed(placed)}
    usual = content.intents.get(content.otherwise.get(WHAT, ""))
    return Frames(
        names={
            topic: tuple(tuple(map(stem, split_words(name))) for name in names)
            for topic, names in content.topics.items()
        },
        cells=cells,
        first={topic: cells.get((topic, WHAT), name) for topic, name in first.items()},
        subject=usual.topic if usual else "",
        aspects=aspects,
    )
