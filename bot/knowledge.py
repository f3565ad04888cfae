"""What must be known before a question can be read? Everything that is built from a content, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import Content
from bot.index import Index, Memory, build_index
from bot.qualifiers import Qualifiers, build_qualifiers
from bot.safety import Safety, build_safety
from bot.topics import Topics, build_topics


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is built from a content folder, once."""

    content: Content
    index: Index
    manners: Index
    """Small talk by itself."""
    safety: Safety
    qualifiers: Qualifiers
    topics: Topics
    titles: Mapping[str, str]
    """Titles of ordinary answers and their refs: an option that is sent back needs no match."""


def build_knowledge(content: Content, memory: Memory | None = None) -> Knowledge:
    """Build what answering needs. To learn is the slow part of a start; the memory keeps what was learned."""
    index = _index_all(content, memory)
    return Knowledge(
        content,
        index,
        _index_small_talk(content, memory),
        build_safety(content.safety),
        build_qualifiers(content.safety.qualifiers, {i.name: i.phrasings for i in content.intents.values()}),
        build_topics(content, index),
        {answer.title: answer.ref for answer in content.answers.values() if answer.section},
    )


def _index_all(content: Content, memory: Memory | None) -> Index:
    """Index everything that may be said, so that each kind keeps the others from what is theirs."""
    pairs = [(phrasing, intent.name) for intent in content.intents.values() for phrasing in intent.phrasings]
    pairs += [(phrasing, topic) for topic, phrasings in content.out_of_scope.items() for phrasing in phrasings]
    topics = {intent.name: intent.topic for intent in content.intents.values() if intent.topic}
    return build_index(
        pairs, synonyms=content.synonyms, out_of_scope=tuple(content.out_of_scope), topics=topics, memory=memory
    )


def _index_small_talk(content: Content, memory: Memory | None) -> Index:
    """Index small talk by itself as well: there "good morning" is not outweighed by the question that follows it."""
    talk = [intent for intent in content.intents.values() if not content.is_ordinary(intent.name)]
    pairs = ((phrasing, intent.name) for intent in talk for phrasing in intent.phrasings)
    return build_index(pairs, memory=memory)
