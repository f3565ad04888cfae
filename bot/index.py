"""How are phrasings kept so that a question finds them fast? They go in once; nothing is changed afterwards.

What is learned from them takes seconds, and is nothing but numbers: a memory may keep it from one start to the next.
Words and texts never come from there, and numbers that do not fit the phrasings of today are learned again.
"""

import hashlib
import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from itertools import chain
from typing import Protocol

from bot.matching.confidence import STEPS, Curve, calibrate
from bot.matching.learned import Rows
from bot.matching.ranking import Ranker, build_ranker
from bot.matching.synonyms import Synonyms
from bot.message import Message, read_message

# How many signals a curve reads (`measure` gives them).
_SIGNALS = 6
_CURVE = (_SIGNALS, _SIGNALS, _SIGNALS + 1, STEPS)
"""How many numbers each part of a curve holds."""
# Of numbers within these, whatever is added up stays finite.
_FARTHEST, _NARROWEST = 1e6, 1e-20


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

    def read(self, text: str) -> Message:
        """Read a message with the words that are known here."""
        return read_message(text, self.ranker.vocabulary)

    def to_plain(self) -> dict[str, object]:
        """Give what was learned, and nothing else, as JSON can hold it."""
        return {
            "rows": (self.ranker.weights.rows if self.ranker.weights else Rows()).to_plain(),
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

    @property
    def build(self) -> "partial[Ranker]":
        """Build a ranker of pairs with the words that are known in all of them."""
        return partial(build_ranker, synonyms=Synonyms(self.synonyms), words=self.words, english=self.english)

    def hash(self) -> str:
        """Give the SHA-256, in hex: of the very values, so that no file can change between hashing and learning."""
        known = [sorted(words) for words in (self.out_of_scope, self.words, self.english)]
        plain = [self.pairs, self.synonyms, self.topics, known]
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def build_index(  # noqa: PLR0913 - each by its name
    pairs: Iterable[tuple[str, str]],
    *,
    synonyms: Iterable[Sequence[str]] = (),
    out_of_scope: Collection[str] = (),
    topics: Mapping[str, str] | None = None,
    words: Iterable[str] = (),
    english: frozenset[str] = frozenset(),
    memory: Memory | None = None,
) -> Index:
    """Build an index from pairs of phrasing and intent.

    `synonyms` are lists of words that mean the same. `out_of_scope` names the intents that hold what must not be
    answered. A misspelt word may stand for one of the phrasings, the synonyms, or `words`; words of `english` are
    known, and are never taken for misspelt ones. What was learned before is taken from the memory; what is not there,
    or does not fit, is learned and kept.
    """
    lesson = _Lesson(list(pairs), list(synonyms), frozenset(out_of_scope), topics or {}, frozenset(words), english)
    if memory is None:
        return _learn(lesson)
    key = lesson.hash()
    index = _recall(lesson, memory.find(key))
    if index is None:
        index = _learn(lesson)
        memory.keep(key, index.to_plain())
    return index


def _learn(lesson: _Lesson) -> Index:
    build = lesson.build
    ranker = build(lesson.pairs)
    ranker.warm()
    return Index(ranker, calibrate(lesson.pairs, build, lesson.out_of_scope, lesson.topics), lesson.out_of_scope)


def _recall(lesson: _Lesson, kept: object) -> Index | None:
    """Build the index with what was kept; None if that cannot have been learned from this lesson."""
    try:
        match kept:
            case {"rows": rows, "curve": curve}:
                ranker = lesson.build(lesson.pairs, rows=Rows.from_plain(rows))
                return Index(ranker, _read_curve(curve), lesson.out_of_scope)
            case _:
                return None
    except ValueError:
        return None


def _read_curve(plain: object) -> Curve | None:
    if plain is None:
        return None
    parts = [_read_numbers(part) for part in plain] if isinstance(plain, list) else []
    if tuple(map(len, parts)) != _CURVE:
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
