"""What is asked, given what was said before? A message becomes readings of it; `decide.py` judges which counts."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.content import Intent
from bot.context import Context
from bot.english import (
    AFTER_JOINING,
    AROUND_PLACE,
    ASKING,
    BEFORE_ASKING,
    JOINING,
    LEAD,
    LEADING_IN,
    PLACES,
    POINTING,
    POLITE,
)
from bot.knowledge import Knowledge
from bot.match import Match, find_match
from bot.message import Message, join

MOST_PARTS = 5
"""Questions in one message that are looked at; a longer message is read as one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take the message, or a part of it."""

    message: Message
    match: Match
    carried: str = ""
    """The topic that was carried over from the last turn; "" where the words stand alone."""
    lacks: tuple[str, ...] = ()
    """Qualifiers of the message, by group, that no phrasing of the best intent holds."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, and what it may mean."""

    message: Message
    whole: Reading
    """The message by itself."""
    followed: Reading | None
    """The message as a follow-up of the last answer, where it can be one."""
    parts: tuple[Reading, ...]
    """The questions in it, in order, where there are several."""
    manners: Match
    """The message held against small talk."""
    picked: str
    """The ref of the option that was picked, by its title, number or place; "" for none."""


def read_turn(message: Message, context: Context, knowledge: Knowledge) -> Turn:
    """Find what a message may mean with what the last turn left."""
    told = drop_lead(message)
    whole = _read(told, knowledge)
    return Turn(
        message=message,
        whole=whole,
        followed=_follow(told, whole.match, knowledge.content.intents.get(context.topic), knowledge),
        parts=_read_parts(told, knowledge),
        manners=find_match(message, knowledge.manners),
        picked=knowledge.titles.get(message.text.strip()) or _pick(message, context.options),
    )


def _read(message: Message, knowledge: Knowledge) -> Reading:
    """Take a message by itself."""
    return _qualify(Reading(message, find_match(message, knowledge.index)), knowledge)


def _qualify(reading: Reading, knowledge: Knowledge) -> Reading:
    return replace(reading, lacks=knowledge.qualifiers.find_missing(reading.message, _best(reading.match)))


def _best(match: Match) -> str:
    return match.candidates[0].intent if match.candidates else ""


# --- options ---------------------------------------------------------------------------------------------------------


def _pick(message: Message, options: tuple[str, ...]) -> str:
    """Find the option that a number or place means: "2", "the second one", "number two please"."""
    left = [word for word in message.words if word not in AROUND_PLACE] or message.words
    if len(left) != 1 or left[0] not in PLACES or len(message.words) > 8:
        return ""
    place = PLACES[left[0]]
    return options[place] if options and place < len(options) else ""


def drop_lead(message: Message) -> Message:
    """Leave out words that only join a message to the one before, if two words or more are left.

    "no, I meant how soon they show" asks "how soon they show"; "no thanks" stays what it is.
    """
    lead = LEAD.match(message.said)
    dropped = len(lead.group().split()) if lead else 0
    return message.part(dropped, len(message.words)) if dropped and len(message.words) - dropped >= 2 else message


# --- follow-ups ------------------------------------------------------------------------------------------------------


def _follow(message: Message, alone: Match, last: Intent | None, knowledge: Knowledge) -> Reading | None:
    """Take a message as a follow-up of the last answer, if it leans on one."""
    if last is None or not last.topic:
        return None
    named = set(knowledge.topics.find(message)) - {last.topic}
    if _leans(message):
        found = alone.find_nearest(i.name for i in knowledge.content.intents.values() if i.topic == last.topic)
        if found and found[0].score >= (LEAST_NAMED if named else LEAST_HEARD):
            return Reading(message, replace(alone, candidates=found), carried=last.topic)
    if named and not knowledge.topics.says_more(message):
        return _ask_same_of(message, last, named, knowledge)
    return None


def _leans(message: Message) -> bool:
    """Say whether a message points at what was said before, or is too short to stand alone."""
    words = [word for word in message.words if word not in POLITE]
    if len(words) <= 4 or LEADING_IN.match(message.said):
        return True
    return len(words) <= 12 and not POINTING.isdisjoint(words)


LEAST_HEARD = 45.0
LEAST_NAMED = 60.0
"""What the last topic must make of a message that leans on it, in points of likeness to its nearest phrasing. Set on
thirty follow-ups of our own: right ones reach 46 to 89, wrong ones 3 to 44. It must make more of one that names another
topic ("what about recovery?" after surgery)."""


def _ask_same_of(message: Message, last: Intent, named: Collection[str], knowledge: Knowledge) -> Reading | None:
    """Ask the last question of another topic: "and swelling?" after "how long does the redness last?"."""
    match = find_match(join(knowledge.topics.asked[last.name], message), knowledge.index)
    found = knowledge.content.intents.get(_best(match))
    return Reading(message, match, carried=last.topic) if found and found.topic in named else None


# --- several questions -----------------------------------------------------------------------------------------------


def _read_parts(message: Message, knowledge: Knowledge) -> tuple[Reading, ...]:
    """Take each question of a message by itself; one that leans on the one before is read with its topic."""
    questions = find_questions(message)
    if not 2 <= len(questions) <= MOST_PARTS:
        return ()
    readings: list[Reading] = []
    last: Intent | None = None
    for start, end in questions:
        question = message.part(start, end)
        match = find_match(question, knowledge.index)
        reading = _follow(question, match, last, knowledge) if _weak(match) else None
        readings.append(_qualify(reading or Reading(question, match), knowledge))
        last = knowledge.content.intents.get(_best(readings[-1].match))
    return tuple(readings)


def _weak(match: Match) -> bool:
    return not match.candidates or match.candidates[0].score < 60


def find_questions(message: Message) -> list[tuple[int, int]]:
    """Find the first word of each question in a message, and the word after its last; what only tells is left out.

    "Does it hurt? I am a coward. And how much is it, and will it last?" holds three.
    """
    found: list[tuple[int, int]] = []
    for first, last in message.bounds():
        joints = [(at, begins) for at in range(first + 1, last) if (begins := _begins_at(message, at, last))]
        starts = [first, *(begins for _, begins in joints)]
        ends = [*(at for at, _ in joints), last]
        is_asked = message.sentences[message.sentence[first]].endswith("?")
        found += [
            (start, end)
            for start, end in zip(starts, ends, strict=True)
            if _opens(message.words[start:end]) or (is_asked and start < end == last)
        ]
    return found


def _begins_at(message: Message, at: int, last: int) -> int:
    """Say where the question begins that is joined on at a word: after "and", "but also", or there, after a comma."""
    words = message.words
    if words[at] not in JOINING:
        return at if at in message.commas and words[at] in ASKING else 0
    begins = at + 1
    begins += next((len(run) for run in AFTER_JOINING if words[begins : begins + len(run)] == run), 0)
    return begins if begins < last and words[begins] in ASKING else 0


def _opens(words: tuple[str, ...]) -> bool:
    return next((word in ASKING for word in words if word not in BEFORE_ASKING), False)
