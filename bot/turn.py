"""What is asked, given what was said before? A message becomes readings of it; `decide.py` judges which counts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.content import Content, Intent
from bot.context import Context
from bot.index import Index
from bot.knowledge import Knowledge
from bot.match import Match, find_match, find_nearest
from bot.safety import tells_of_body
from bot.words import POLITE, STOP, split_words, stem

MOST_PARTS = 5
"""Questions in one message that are looked at; a longer message is read as one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take the message, or a part of it."""

    text: str
    match: Match
    carried: str = ""
    """The topic that was carried over from the last turn; "" where the words stand alone."""
    lacks: tuple[str, ...] = ()
    """Qualifiers of the text, by group, that no phrasing of the best intent holds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, read."""

    question: str
    whole: Reading
    """The message by itself."""
    followed: Reading | None
    """The message as a follow-up of the last answer, where it can be one."""
    parts: tuple[Reading, ...]
    """The questions in it, in order, where there are several."""
    manners: Match
    """The message held against small talk."""
    only_told: bool
    """It tells of somebody's body, and asks nothing."""
    picked: str
    """The ref of the option that was picked, by its title, number or place; "" for none."""


def read_turn(question: str, context: Context, knowledge: Knowledge) -> Turn:
    """Read a message with what the last turn left."""
    content, index = knowledge.content, knowledge.index
    text = drop_lead(question)
    match = find_match(text, index)
    best = match.candidates[0].intent if match.candidates else ""
    whole = Reading(text, match, lacks=knowledge.qualifiers.find_missing(text, best))
    return Turn(
        question=question,
        whole=whole,
        followed=_follow(text, whole.match, content.intents.get(context.topic), content, index),
        parts=_read_parts(text, knowledge),
        manners=find_match(question, knowledge.manners),
        only_told=_only_tells(text) and tells_of_body(text, knowledge.safety),
        picked=knowledge.titles.get(question.strip()) or _pick(question, context.options),
    )


# --- options ---------------------------------------------------------------------------------------------------------

_PLACES = {
    "1": 0, "one": 0, "first": 0, "1st": 0, "a": 0, "top": 0,
    "2": 1, "two": 1, "second": 1, "2nd": 1, "b": 1, "middle": 1,
    "3": 2, "three": 2, "third": 2, "3rd": 2, "c": 2,
    "last": -1, "bottom": -1, "latter": -1, "former": 0,
}  # fmt: skip
_AROUND_PLACE = POLITE | frozenset(
    "the option number no one i mean meant want would like to take choose pick go with is it that yes answer".split()
)


def _pick(question: str, options: tuple[str, ...]) -> str:
    """Find the option that a number or place means: "2", "the second one", "number two please"."""
    words = split_words(question)
    left = [word for word in words if word not in _AROUND_PLACE] or words
    if len(left) != 1 or left[0] not in _PLACES or len(words) > 8:
        return ""
    place = _PLACES[left[0]]
    return options[place] if options and place < len(options) else ""


_LEAD = re.compile(
    r"\W*(?:(?:no|nope|nah|fine|ok|okay|alright|right|well|actually|sorry|oh|hmm|yes|yeah|yep|thanks|thank you|cheers"
    r"|great|never ?mind(?: that)?|i meant?|what i meant(?: was)?|back to (?=the|my|that)|one more(?: thing)?"
    r"|another question|hi|hiya|hello|hey|good (?:morning|afternoon|evening|day))\b\W*)+",
    re.IGNORECASE,
)


def drop_lead(message: str) -> str:
    """Leave out words that only join a message to the one before, if two words or more are left.

    >>> drop_lead("no, I meant how soon they show")
    'how soon they show'
    >>> drop_lead("no thanks")
    'no thanks'
    """
    lead = _LEAD.match(message)
    rest = message[lead.end() :] if lead else message
    return rest if len(split_words(rest)) >= 2 else message


# --- follow-ups ------------------------------------------------------------------------------------------------------

_POINTING = frozenset("it its that this they them those these one then".split())
_LEADING_IN = re.compile(r"\s*(and|but|so|or|what about|how about|ok|also|then|what if)\b", re.IGNORECASE)


def _follow(text: str, alone: Match, last: Intent | None, content: Content, index: Index) -> Reading | None:
    """Read a message as a follow-up of the last answer, if it leans on one."""
    if last is None or not last.topic:
        return None
    named = set(find_topics(text, content)) - {last.topic}
    if _leans(text):
        among = [intent.name for intent in content.intents.values() if intent.topic == last.topic]
        found = find_nearest(text, index, among)
        if found and found[0].score >= (LEAST_NAMED if named else LEAST_HEARD):
            return Reading(text, replace(alone, candidates=found), carried=last.topic)
    if named and not _content_words(text, content):
        return _ask_same_of(text, last, named, content, index)
    return None


def _leans(text: str) -> bool:
    """Say whether a text points at what was said before, or is too short to stand alone."""
    words = [word for word in split_words(text) if word not in POLITE]
    return len(words) <= 4 or bool(_LEADING_IN.match(text)) or (len(words) <= 12 and not _POINTING.isdisjoint(words))


LEAST_HEARD = 45.0
LEAST_NAMED = 60.0
"""What the last topic must make of a message that leans on it, in points of likeness to its nearest phrasing. Set on
thirty follow-ups of our own: right ones reach 46 to 89, wrong ones 3 to 44. It must make more of one that names another
topic ("what about recovery?" after surgery)."""


def _ask_same_of(text: str, last: Intent, named: Iterable[str], content: Content, index: Index) -> Reading | None:
    """Ask the last question of another topic: "and swelling?" after "how long does the redness last?"."""
    topics = set(named)
    own = {stem(word) for name in content.topics[last.topic] for word in split_words(name)}
    asked = [word for word in split_words(content.answers[last.answer].title) if stem(word) not in own]
    match = find_match(f"{' '.join(asked)} {text}", index)
    best = match.candidates[0] if match.candidates else None
    if best is None or best.intent not in content.intents or content.intents[best.intent].topic not in topics:
        return None
    return Reading(text, match, carried=last.topic)


def find_topics(text: str, content: Content) -> tuple[str, ...]:
    """Find the topics that a text names."""
    stems = [stem(word) for word in split_words(text)]
    spaced = f" {' '.join(stems)} "
    return tuple(
        topic
        for topic, names in content.topics.items()
        if any(f" {' '.join(map(stem, split_words(name)))} " in spaced for name in names)
    )


def _content_words(text: str, content: Content) -> list[str]:
    names = {stem(word) for names in content.topics.values() for name in names for word in split_words(name)}
    return [word for word in split_words(text) if word not in STOP and word not in POLITE and stem(word) not in names]


# --- several questions -----------------------------------------------------------------------------------------------

_ASKING = (
    r"(?:what|whats|what's|how|when|why|which|who|where|is|are|am|do|does|did|can|could|will|would|should|may|might|"
    r"has|have|any)"
)
_SENTENCE = re.compile(r"(?<=[?!.;]) |(?<=\?)(?=\w)")
_JOINT = re.compile(
    rf",? (?:and|but|also|plus|or|then) (?:also |then |if so )?(?={_ASKING}\b)|, (?={_ASKING}\b)",
    re.IGNORECASE,
)
_OPENS = re.compile(
    rf"\W*(?:(?:first|second|third|firstly|secondly|also|and|so|ok|hi|hello|hey|but)\W+)*{_ASKING}\b", re.IGNORECASE
)


_ASKS = re.compile(
    r"\b(?:how|what|which|why)\b|\bor (?:not|no)\b"
    r"|\b(?:can|could|do|does|did|should|would|will|is|are|may)"
    r" (?:i|u|you|we|it|they|this|that|there|la[sz]er|the|my)\b",
    re.IGNORECASE,
)


def asks(message: str) -> bool:
    """Say whether a message asks anything, or only tells.

    >>> asks("is it normal"), asks("the laser, it can burn or not"), asks("my neck is sore since friday")
    (True, True, False)
    """
    return bool(split_questions(message)) or bool(_ASKS.search(message))


def _only_tells(message: str) -> bool:
    """Say whether a message tells something; a word or three, like "the swelling", name a topic."""
    return not asks(message) and len(split_words(message)) > 3


def _read_parts(question: str, knowledge: Knowledge) -> tuple[Reading, ...]:
    """Read each question of the message; one that leans on the one before is read with its topic."""
    content, index = knowledge.content, knowledge.index
    texts = split_questions(question)
    if not 2 <= len(texts) <= MOST_PARTS:
        return ()
    readings: list[Reading] = []
    last: Intent | None = None
    for text in texts:
        match = find_match(text, index)
        reading = _follow(text, match, last, content, index) if _weak(match) else None
        reading = reading or Reading(text, match)
        best = reading.match.candidates[0].intent if reading.match.candidates else ""
        readings.append(replace(reading, lacks=knowledge.qualifiers.find_missing(text, best)))
        last = content.intents.get(best)
    return tuple(readings)


def _weak(match: Match) -> bool:
    return not match.candidates or match.candidates[0].score < 60


def split_questions(message: str) -> list[str]:
    """Part a message into its questions; what only tells a story is left out.

    >>> split_questions("Does it hurt? I am a coward. And how much is it, and will it last?")
    ['Does it hurt?', 'And how much is it', 'will it last?']
    >>> split_questions("any cost involved in having several sessions")
    ['any cost involved in having several sessions']
    """
    found: list[str] = []
    lines = [" ".join(line.split()) for line in message.splitlines()]
    for sentence in (sentence for line in lines for sentence in _SENTENCE.split(line)):
        pieces = [piece for piece in _JOINT.split(sentence) if piece and piece.strip()]
        asks = [piece.strip() for piece in pieces if _OPENS.match(piece) or piece.rstrip().endswith("?")]
        found += asks
    return found
