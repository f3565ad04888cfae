"""Which topics does a message name? Their names are split once, and so are the titles."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import Content
from bot.english import POLITE, STOP
from bot.index import Index
from bot.message import Message
from bot.words import split_words, stem


@dataclass(frozen=True, slots=True)
class Topics:
    """The words that name a topic, as they look once stemmed."""

    names: Mapping[str, tuple[str, ...]]
    """For each topic its names, each between spaces."""
    stems: frozenset[str]
    """The stems of all names."""
    asked: Mapping[str, Message]
    """For each intent that has a topic, what the title of its answer says beside the topic's own name."""

    def find(self, message: Message) -> tuple[str, ...]:
        """Find the topics that a message names."""
        spaced = f" {' '.join(message.stems)} "
        return tuple(topic for topic, names in self.names.items() if any(name in spaced for name in names))

    def says_more(self, message: Message) -> bool:
        """Say whether a message has content words beside the names of topics."""
        return any(
            word not in STOP and word not in POLITE and root not in self.stems
            for word, root in zip(message.words, message.stems, strict=True)
        )


def build_topics(content: Content, index: Index) -> Topics:
    """Split and stem the names of the topics, and read the titles, once."""
    roots = {topic: [tuple(map(stem, split_words(name))) for name in names] for topic, names in content.topics.items()}
    return Topics(
        names={topic: tuple(f" {' '.join(name)} " for name in names) for topic, names in roots.items()},
        stems=frozenset(root for names in roots.values() for name in names for root in name),
        asked={
            intent.name: _ask(content.answers[intent.answer].title, {*sum(roots[intent.topic], ())}, index)
            for intent in content.intents.values()
            if intent.topic
        },
    )


def _ask(title: str, own: set[str], index: Index) -> Message:
    message = index.read(title)
    return message.pick(at for at, root in enumerate(message.stems) if root not in own)
