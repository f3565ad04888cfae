"""How are phrasings kept so that a question finds them fast? They go in once; nothing is changed afterwards.

What is learned from them takes seconds, and is nothing but numbers: a memory may keep it from one start to the next.
Words and texts never come from there, and numbers that do not fit the phrasings of today are learned again.
"""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from itertools import accumulate, chain
from typing import Protocol

from bot.matching.confidence import STEPS, Curve, calibrate
from bot.matching.learned import Weights
from bot.matching.ranking import MOST_INTENTS, Ranker, build_ranker
from bot.matching.sense import recall_sense
from bot.matching.synonyms import Synonyms
from bot.meaning import Encoder, hash_model, remember
from bot.message import Message, read_message

# How many signals a curve reads (`measure` gives them).
_SIGNALS, _WITH_MEANING = 6, 8
# Of numbers within these, whatever is added up stays finite.
_FARTHEST, _NARROWEST = 1e6, 1e-20


MOST_MEANT = 20_000
"""Phrasings whose meaning is read: as many as are calibrated in a minute or two, 1.6 ms each."""


class Memory(Protocol):
    """Keeps values that JSON can hold, by a key."""

    def find(self, key: str) -> object:
        """Give what was kept; None if there is nothing."""

    def keep(self, key: str, value: object) -> None:
        """Keep a value."""


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Phrasings and their intents, ready to be searched."""

    ranker: Ranker
    curve: Curve | None
    """None where there were too few phrasings to measure a confidence."""
    out_of_scope: frozenset[str]
    """Intents whose being best means that the question should not be answered."""
    encoder: Encoder | None
    """What says what a question means; None where words alone are read."""

    def read(self, text: str) -> Message:
        """Read a message with the words that are known here."""
        return read_message(text, self.ranker.vocabulary)

    def find_exact(self, message: Message) -> str:
        """Give the intent of the phrasing that a message says word for word; "" for none."""
        place = self.ranker.find_exact(message)
        return "" if place is None else self.ranker.intents[self.ranker.find_intent(place)]

    def list_said(self) -> Iterator[tuple[str, str]]:
        """Give the words of each phrasing, and its intent."""
        ranker = self.ranker
        return ((text, ranker.intents[ranker.find_intent(place)]) for text, place in ranker.exact.items())

    def to_plain(self) -> dict[str, object]:
        """Give what was learned, and nothing else, as JSON can hold it."""
        return {
            "weights": self.ranker.weights.to_plain() if self.ranker.weights else None,
            "sense": self.ranker.sense.to_plain() if self.ranker.sense else None,
            "curve": [list(part) for part in astuple(self.curve)] if self.curve else None,
        }


@dataclass(frozen=True, slots=True)
class _Lesson:
    """All that is learned from."""

    pairs: Sequence[tuple[str, str]]
    synonyms: Sequence[Sequence[str]]
    out_of_scope: frozenset[str]
    topics: Mapping[str, str]
    words: frozenset[str]
    english: frozenset[str]
    encoder: Encoder | None

    @property
    def build(self) -> "partial[Ranker]":
        """Build a ranker of pairs with the words that are known in all of them."""
        return partial(build_ranker, synonyms=Synonyms(self.synonyms), words=self.words, english=self.english)

    @property
    def begins(self) -> list[int]:
        """Say where the phrasings of each intent begin, once they are sorted by intent."""
        return list(
            accumulate((count for _, count in sorted(Counter(name for _, name in self.pairs).items())), initial=0)
        )

    def hash(self) -> str:
        """Give the SHA-256, in hex: of the very values, so that no file can change between hashing and learning."""
        known = [sorted(words) for words in (self.out_of_scope, self.words, self.english)]
        plain = [self.pairs, self.synonyms, self.topics, known, hash_model() if self.encoder else ""]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def build_index(  # noqa: PLR0913 - each by its name
    pairs: Iterable[tuple[str, str]],
    *,
    synonyms: Iterable[Sequence[str]] = (),
    out_of_scope: Collection[str] = (),
    topics: Mapping[str, str] | None = None,
    words: Iterable[str] = (),
    english: frozenset[str] = frozenset(),
    encoder: Encoder | None = None,
    memory: Memory | None = None,
) -> Index:
    """Build an index from pairs of phrasing and intent.

    `synonyms` are lists of words that mean the same. `out_of_scope` names the intents that hold what must not be
    answered. A misspelt word may stand for one of the phrasings, the synonyms, or `words`; words of `english` are
    known, and are never taken for misspelt ones. With an encoder questions are told by their meaning, too, as long as
    there are no more than MOST_MEANT phrasings. What was learned before is taken from the memory; what is not there, or
    does not fit, is learned and kept.
    """
    held = list(pairs)
    lesson = _Lesson(
        held,
        list(synonyms),
        frozenset(out_of_scope),
        topics or {},
        frozenset(words),
        english,
        encoder if 0 < len(held) <= MOST_MEANT else None,
    )
    if memory is None:
        return _learn(lesson)
    key = lesson.hash()
    index = _recall(lesson, memory.find(key))
    if index is None:
        index = _learn(lesson)
        memory.keep(key, index.to_plain())
    return index


def _learn(lesson: _Lesson) -> Index:
    once = remember(lesson.encoder)
    build = partial(lesson.build, encoder=once)
    ranker = build(lesson.pairs)
    ranker.warm()
    curve = calibrate(lesson.pairs, build, lesson.out_of_scope, lesson.topics, once)
    return Index(ranker, curve, lesson.out_of_scope, lesson.encoder)


def _recall(lesson: _Lesson, kept: object) -> Index | None:
    """Build the index with what was kept; None if that cannot have been learned from this lesson."""
    try:
        match kept:
            case {"weights": weights, "curve": curve, "sense": sense}:
                begins = lesson.begins
                learns = 0 < len(begins) - 1 <= MOST_INTENTS
                known = Weights.from_plain(weights, len(begins) - 1) if learns else None
                felt = recall_sense(sense, begins) if learns and lesson.encoder else None
                read = _read_curve(curve, _WITH_MEANING if felt else _SIGNALS)
            case _:
                return None
        return Index(lesson.build(lesson.pairs, learned=(known, felt)), read, lesson.out_of_scope, lesson.encoder)
    except ValueError:
        return None


def _read_curve(plain: object, signals: int) -> Curve | None:
    if plain is None:
        return None
    parts = [_read_numbers(part) for part in plain] if isinstance(plain, list) else []
    if tuple(map(len, parts)) != (signals, signals, signals + 1, STEPS):
        raise ValueError("no curve")
    centres, spreads, weights, wrong = parts
    far = max(map(abs, chain.from_iterable(parts)))
    if not (far < _FARTHEST and min(spreads) > _NARROWEST and 0 <= min(wrong) <= max(wrong) <= 1):
        raise ValueError("a curve that cannot be learned")
    return Curve(centres, spreads, weights, wrong)


def _read_numbers(plain: object) -> tuple[float, ...]:
    if not isinstance(plain, list) or not all(type(number) is float and math.isfinite(number) for number in plain):
        raise ValueError("no list of numbers")
    return tuple(plain)
