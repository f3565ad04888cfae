"""What must be known before a question can be read? Everything that is built from a content, once."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import Content, SafetyRules
from bot.frames import Frames, build_frames
from bot.index import Index, Memory, build_index
from bot.likeness import Likeness, build_likeness
from bot.meaning import find_encoder, read_english
from bot.phrases import Phrases, build_phrases
from bot.qualifiers import Qualifiers, build_qualifiers
from bot.safety import Safety, build_safety
from bot.words import split_words


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is built from a content folder, once."""

    content: Content
    index: Index
    safety: Safety
    qualifiers: Qualifiers
    frames: Frames
    treated: Phrases
    """What says that the treatment has been had."""
    titles: Mapping[str, str]
    """Titles of ordinary answers and their refs: an option that is sent back needs no match."""


def build_knowledge(content: Content, memory: Memory | None = None) -> Knowledge:
    """Build what answering needs. To learn is the slow part of a start; the memory keeps what was learned."""
    english = read_english()
    index = _index_all(content, english, memory)
    return Knowledge(
        content,
        index,
        build_safety(content.safety, _learn_danger(content, index, memory)),
        build_qualifiers(content.qualifiers, index.list_said()),
        build_frames(content, _index_aspects(content, english, memory)),
        build_phrases({"treated": content.recovery.said}, gap=1),
        {answer.title: answer.ref for answer in content.answers.values() if answer.section},
    )


def _learn_danger(content: Content, index: Index, memory: Memory | None) -> Likeness:
    asked = [phrasing for phrasing, _ in pair_phrasings(content)]
    return build_likeness(content.safety, asked, index.read, memory)


def pair_phrasings(content: Content) -> list[tuple[str, str]]:
    """Give every phrasing with what it asks for: an intent, or a topic that is out of scope."""
    pairs = [(phrasing, intent.name) for intent in content.intents.values() for phrasing in intent.phrasings]
    return pairs + [(phrasing, topic) for topic, phrasings in content.out_of_scope.items() for phrasing in phrasings]


def _list_words(rules: SafetyRules) -> list[str]:
    """Give the words of the phrases that danger is told by: a misspelt word may stand for one of them."""
    phrases = [phrase for sign in rules.signs for phrase in (*sign.phrases, *sign.alone)]
    phrases += [phrase for phrases in rules.evidence.values() for phrase in phrases]
    return [word for phrase in phrases for word in split_words(phrase)]


def _index_all(content: Content, english: frozenset[str], memory: Memory | None) -> Index:
    """Index everything that may be said, so that each kind keeps the others from what is theirs."""
    topics = {intent.name: intent.topic for intent in content.intents.values() if intent.topic}
    return build_index(
        pair_phrasings(content),
        synonyms=content.synonyms,
        out_of_scope=tuple(content.out_of_scope),
        topics=topics,
        words=_list_words(content.safety),
        english=english,
        encoder=find_encoder(),
        memory=memory,
    )


def _index_aspects(content: Content, english: frozenset[str], memory: Memory | None) -> Index:
    """Index the sides of topics by themselves: "how long" is no question until it is known of what."""
    pairs = ((way, name) for name, ways in content.aspects.items() for way in ways)
    return build_index(pairs, synonyms=content.synonyms, english=english, encoder=find_encoder(), memory=memory)
