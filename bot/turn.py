"""What is asked, given what was said before? A message becomes readings of it; `decide.py` judges which counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.content import Intent
from bot.context import Context
from bot.english import (
    AFTER_JOINING,
    ALL_OF_THEM,
    AROUND_PLACE,
    ASKED_INSIDE,
    ASKING,
    ASKS,
    ASSENTING,
    BEFORE_ASKING,
    EXCLAIMS,
    JOINING,
    LEAD,
    LEADING_IN,
    LISTING,
    OTHER_ONE,
    PASSED_ON,
    PLACES,
    POINTING,
    POLITE,
)
from bot.frames import Frame
from bot.knowledge import Knowledge
from bot.match import Match, find_match
from bot.meaning import Encoder
from bot.message import Message
from bot.phrases import find_phrases

MOST_UNITS = 24
"""Questions and sentences of one message that are looked at one by one; what comes after them is read in the whole."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take the message, or a part of it."""

    message: Message
    match: Match
    asks: bool
    """Whether it is put as a question."""
    lacks: tuple[str, ...] = ()
    """Qualifiers of the message, by group, that no phrasing of the best intent holds."""
    follows: "FollowUp | None" = None
    """What it means if it leans on what was said before; None where it cannot."""

    @property
    def best(self) -> str:
        """The intent that it is nearest to; "" for none."""
        return self.match.candidates[0].intent if self.match.candidates else ""

    @property
    def exact(self) -> bool:
        """Whether it says a phrasing word for word."""
        return bool(self.match.candidates) and self.match.candidates[0].score >= 100

    @property
    def sure(self) -> float:
        """How sure its best intent is, 0 to 1; a phrasing word for word needs no estimate."""
        return 1.0 if self.exact else self.match.confidence


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A message that takes half of what it asks from what was said before."""

    topic: str
    aspect: str
    intent: str
    """The cell of the two; "" where it stands empty."""
    sure: float
    """How sure it is that this is asked, 0 to 1."""
    leans: bool
    """Whether the words point at what was said before, or are too few to stand alone."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message, and what it may mean."""

    message: Message
    whole: Reading
    """The message by itself."""
    units: tuple[Reading, ...]
    """Its questions and sentences, in order, where there are several."""
    picked: tuple[str, ...]
    """The refs of the options that were picked, by title, number or place."""
    treated: bool
    """Whether it says that the treatment has been had."""


def read_turn(message: Message, context: Context, knowledge: Knowledge, encoder: Encoder | None) -> Turn:
    """Find what a message may mean with what the last turns left."""
    told = _take(message, knowledge, encoder)
    recent = _find_intents(context.topics, knowledge)
    whole = _read(told, recent, knowledge, encoder, asks=_asks(told))
    title = knowledge.titles.get(message.text.strip())
    return Turn(
        message=message,
        whole=whole,
        units=_read_units(told, recent, knowledge, encoder),
        picked=(title,) if title else _pick(message, context, recent),
        treated=bool(find_phrases(message, knowledge.treated)),
    )


def _take(message: Message, knowledge: Knowledge, encoder: Encoder | None) -> Message:
    """Leave out what only joins a message to the one before, unless all of it is small talk: "thanks a lot"."""
    if len(message.words) > LONGEST_FOLLOWING:  # in a longer one it counts for little, and would be read twice
        return drop_passing_on(message) if len(message.sentences) == 1 else message
    told = _correct(drop_passing_on(drop_lead(message)))
    if told is message:
        return message
    match = find_match(message, knowledge.index, encoder)
    best = match.candidates[0].intent if match.candidates else ""
    is_talk = best in knowledge.content.intents and not knowledge.content.is_ordinary(best)
    return message if is_talk and match.confidence >= SURE_TALK and not _asks(told) else told


SURE_TALK = 0.7
"""The confidence from which a message that begins as small talk is nothing else."""


def _find_intents(names: Sequence[str], knowledge: Knowledge) -> list[Intent]:
    intents = knowledge.content.intents
    return [intents[name] for name in names if name in intents]


def _read(
    message: Message, recent: Sequence[Intent], knowledge: Knowledge, encoder: Encoder | None, *, asks: bool
) -> Reading:
    """Take a message by itself, and as a follow-up of what was said."""
    match = find_match(message, knowledge.index, encoder)
    best = match.candidates[0].intent if match.candidates else ""
    lacks = knowledge.qualifiers.find_missing(message, best)
    follows = _follow(message, match, recent, knowledge, encoder) if recent else None
    return Reading(message, match, asks, lacks, follows)


def _asks(message: Message) -> bool:
    """Say whether a message is put as a question."""
    if any(sentence.rstrip(" )\"'").endswith("?") for sentence in message.sentences):
        return True
    return _opens(message.words) or bool(ASKS.search(EXCLAIMS.sub("", message.said)))


# --- options ---------------------------------------------------------------------------------------------------------


def _pick(message: Message, context: Context, recent: Sequence[Intent]) -> tuple[str, ...]:
    """Find the options that numbers or places mean: "2", "the second one", "1 and 3", "both", "the first two"."""
    options = context.options
    if not options or len(message.words) > 8:
        return ()
    said = " ".join(word for word in message.words if word not in POLITE)
    if OTHER_ONE.fullmatch(said):
        return options[:1]
    if (both := ALL_OF_THEM.fullmatch(said)) and len(options) > 1:
        count = 2 if both["two"] else len(options)
        return tuple(filter(None, options[:count]))
    left = [word for word in message.words if word not in AROUND_PLACE] or list(message.words)
    if not 1 <= len(left) <= 3 or any(word not in PLACES for word in left):
        return ()
    if message.sentences[-1].endswith("?") and _is_of_quantity(recent):
        return ()  # "2?" after a question about how many
    places = list(dict.fromkeys(PLACES[word] for word in left))
    return tuple(options[place] for place in places if place < len(options) and options[place])


def _is_of_quantity(recent: Sequence[Intent]) -> bool:
    return bool(recent) and any(aspect.startswith("how-") for aspect in recent[0].aspects)


def drop_passing_on(message: Message) -> Message:
    """Leave out who asks, and that it is asked, where a question is passed on: "my daughter wants to know if"."""
    passed = PASSED_ON.match(message.said)
    return message.part(len(passed.group().split()), len(message.words)) if passed else message


def drop_lead(message: Message) -> Message:
    """Leave out words that only join a message to the one before, if two words or more are left.

    "no, I meant how soon they show" asks "how soon they show"; "no thanks" stays what it is.
    """
    lead = LEAD.match(message.said)
    dropped = len(lead.group().split()) if lead else 0
    return message.part(dropped, len(message.words)) if dropped and len(message.words) - dropped >= 2 else message


def _correct(message: Message) -> Message:
    """Leave out what is said not to be meant, at the end: "the time, not the price" means the time."""
    words = message.words
    at = max((place for place, word in enumerate(words) if word == "not"), default=0)
    joined = at in message.commas or (at and words[at - 1] in {"and", "but"})
    if not at or not joined or len(words) - at > MOST_NOT_MEANT:
        return message
    return message.part(0, at if at in message.commas else at - 1)


MOST_NOT_MEANT = 5
"""Words of what is said not to be meant, with the "not"."""


# --- follow-ups ------------------------------------------------------------------------------------------------------


def _follow(
    message: Message, alone: Match, recent: Sequence[Intent], knowledge: Knowledge, encoder: Encoder | None
) -> FollowUp | None:
    """Take a message as a follow-up of one of the last answers, the last one first; None where it is none."""
    leans = _leans(message)
    best = alone.candidates[0].intent if alone.candidates else ""
    points = leans or knowledge.frames.aspects.find_exact(message)  # a way of asking for a side, word for word
    stands = not points and knowledge.content.is_ordinary(best) and alone.confidence >= STANDING
    if stands or not message.words or len(message.words) > LONGEST_FOLLOWING:
        return None
    frame = knowledge.frames.read(message, encoder)
    named = [topic for topic in frame.topics if topic != knowledge.frames.subject] or frame.topics
    new = [topic for topic in named if topic != recent[0].topic]
    found = _find_side(frame, recent, knowledge)
    if frame.exact and found:
        return replace(found, leans=True)
    if new:
        return _ask_same(new, recent[0], knowledge) if frame.bare else _find_named(frame, new, knowledge)
    if not frame.aspect:
        return None
    return replace(found, leans=leans) if found else _ask_otherwise(frame, recent[0], knowledge, leans=leans)


def _find_side(frame: Frame, recent: Sequence[Intent], knowledge: Knowledge) -> FollowUp | None:
    """Find the side that is asked for among the last topics, the last one first."""
    cells = knowledge.frames.cells
    topic = next((intent.topic for intent in recent if (intent.topic, frame.aspect) in cells), "")
    return FollowUp(topic, frame.aspect, cells[topic, frame.aspect], frame.sure, leans=True) if topic else None


def _find_named(frame: Frame, topics: Sequence[str], knowledge: Knowledge) -> FollowUp | None:
    """Find the side that is asked for among topics that the message names itself."""
    cells = knowledge.frames.cells
    topic = next((topic for topic in topics if (topic, frame.aspect) in cells), "")
    return FollowUp(topic, frame.aspect, cells[topic, frame.aspect], frame.sure, leans=False) if topic else None


def _ask_otherwise(frame: Frame, last: Intent, knowledge: Knowledge, *, leans: bool) -> FollowUp:
    """Ask a side of what it is usually asked of, since none of the last topics has it; or note that nobody has."""
    intent = knowledge.content.otherwise.get(frame.aspect, "")
    if not intent:
        return FollowUp(last.topic, frame.aspect, "", frame.sure, leans)
    return FollowUp(knowledge.content.intents[intent].topic, frame.aspect, intent, frame.sure, leans=False)


STANDING = 0.5
"""The confidence from which a message that points at nothing is not looked at as a follow-up."""
LONGEST_FOLLOWING = 14
"""Words of the longest message that is taken for a follow-up."""


def _ask_same(topics: Sequence[str], last: Intent, knowledge: Knowledge) -> FollowUp:
    """Ask the last question of another topic: "and swelling?" after "how long does the redness last?"."""
    cells = knowledge.frames.cells
    for topic in topics:
        for aspect in last.aspects:
            if cell := cells.get((topic, aspect)):
                return FollowUp(topic, aspect, cell, 1.0, leans=True)
    if knowledge.frames.subject in topics:
        usual = (knowledge.content.otherwise.get(aspect, "") for aspect in last.aspects)
        if intent := next(filter(None, usual), ""):
            return FollowUp(knowledge.frames.subject, last.aspects[0], intent, 1.0, leans=True)
    return FollowUp(topics[0], "", knowledge.frames.first.get(topics[0], ""), 1.0, leans=True)


def _leans(message: Message) -> bool:
    """Say whether a message points at what was said before, or is too short to stand alone."""
    words = [word for word in message.words if word not in POLITE]
    if len(words) <= 3 or LEADING_IN.match(message.said):
        return True
    return len(words) <= 12 and not POINTING.isdisjoint(words)


# --- questions and sentences -----------------------------------------------------------------------------------------


def _read_units(
    message: Message, recent: Sequence[Intent], knowledge: Knowledge, encoder: Encoder | None
) -> tuple[Reading, ...]:
    """Take each question and sentence of a message by itself; one that leans on the one before is read with it."""
    spans = find_units(message)
    if len(spans) < 2:
        return ()
    readings: list[Reading] = []
    before = list(recent)
    for start, end, asks in spans[:MOST_UNITS]:
        unit = drop_passing_on(message.part(start, end))
        passed_on = len(unit.words) < end - start
        reading = _read(unit, before, knowledge, encoder, asks=asks or passed_on)
        readings.append(reading)
        if reading.best in knowledge.content.intents and (intent := knowledge.content.intents[reading.best]).topic:
            before = [intent, *(other for other in recent if other is not intent)]
    return tuple(readings)


def find_units(message: Message) -> list[tuple[int, int, bool]]:
    """Find the first word of each question and sentence, the word after its last, and whether it asks.

    "Does it hurt? I am a coward. And how much is it, and will it last?" holds four, of which three ask. "Price + pain +
    how long" holds three.
    """
    found: list[tuple[int, int, bool]] = []
    for first, last in message.bounds():
        sentence = message.sentences[message.sentence[first]].rstrip(" )\"'")
        joints = [(at, begins) for at in range(first + 1, last) if (begins := _begins_at(message, at, last, first))]
        starts = [first, *(begins for _, begins in joints)]
        ends = [*(at for at, _ in joints), last]
        for start, end in zip(starts, ends, strict=True):
            if start < end:
                words = message.words[start:end]
                marked = end == last and sentence.endswith("?")
                found.append((start, end, _opens(words) or marked or bool(ASKED_INSIDE.search(" ".join(words)))))
    return found


def _begins_at(message: Message, at: int, last: int, first: int) -> int:
    """Say where what is joined on at a word begins: after "and", "but also", a comma; 0 where nothing is joined on.

    In a long sentence only a question is: there, commas and "and" join all sorts of things.
    """
    words = message.words
    short = last - first <= (LONGEST_LIST if _opens(words[first:last]) else LONGEST_TELEGRAM)
    if words[at] not in JOINING:
        return at if at in message.commas and (short or words[at] in ASKING) else 0
    if "between" in words[first:at]:  # "the difference between laser and surgery" is one thing
        return 0
    begins = at + 1
    begins += next((len(run) for run in AFTER_JOINING if words[begins : begins + len(run)] == run), 0)
    listed = short and words[at] in LISTING
    return begins if begins < last and (listed or words[begins] in ASKING) else 0


LONGEST_LIST = 20
"""Words of the longest question that is looked at for a list of things: "how much is redness, and swelling"."""
LONGEST_TELEGRAM = 12
"""The same for what is not put as a question: "price, pain and how long"."""


def _opens(words: Sequence[str]) -> bool:
    if tuple(words[:2]) in ASSENTING:
        return False
    return next((word in ASKING for word in words if word not in BEFORE_ASKING), False)
