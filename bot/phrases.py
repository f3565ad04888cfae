"""Where in a message do plain phrases stand? A phrase is found whatever its endings, and with a word or two between.

What a place means is no business of this file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.message import Message
from bot.words import split_words, stem

Span = tuple[int, int]
"""First word, and the word after the last."""
Places = Mapping[str, tuple[Span, ...]]
"""Where the phrases of each list stand, in order; lists of which nothing is found are not in it."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Lists of phrases, ready to be found."""

    by_first: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
    """The lists and phrases that begin with a stem, each phrase as its stems."""
    gap: int
    """How many other words may stand between two of a phrase."""
    parting: frozenset[str]
    """Stems that may not: "i do not have a fever" is no "i have a fever"."""


def build_phrases(lists: Mapping[str, Iterable[str]], *, gap: int = 0, parting: Iterable[str] = ()) -> Phrases:
    """Compile lists of phrases."""
    by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for name, phrases in lists.items():
        for phrase in phrases:
            if stems := stems_of(phrase):
                by_first.setdefault(stems[0], []).append((name, stems))
    parts = frozenset(part for phrase in parting for part in stems_of(phrase))
    return Phrases({first: tuple(found) for first, found in by_first.items()}, gap, parts)


def find_phrases(message: Message, phrases: Phrases) -> Places:
    """Find every place at which a phrase stands within one sentence."""
    places: dict[str, list[Span]] = {}
    for start, first in enumerate(message.stems):
        for name, stems in phrases.by_first.get(first, ()):
            end = _find_end(message, start, stems, phrases)
            if end:
                places.setdefault(name, []).append((start, end))
    return {name: tuple(dict.fromkeys(spans)) for name, spans in places.items()}


def _find_end(message: Message, start: int, stems: tuple[str, ...], phrases: Phrases) -> int:
    """Give the word after a phrase that begins at `start`; 0 if it does not stand there."""
    at = start
    for wanted in stems[1:]:
        at = _find_next(message, at, wanted, phrases)
        if not at or message.sentence[at] != message.sentence[start]:
            return 0
    return at + 1


def _find_next(message: Message, at: int, wanted: str, phrases: Phrases) -> int:
    """Give the place of a stem within the gap after a place; 0 for none."""
    for i in range(at + 1, min(at + 2 + phrases.gap, len(message.stems))):
        if message.stems[i] == wanted:
            return i
        if message.stems[i] in phrases.parting:
            return 0
    return 0


def stems_of(phrase: str) -> tuple[str, ...]:
    """Give the stems of a phrase."""
    return tuple(map(stem, split_words(phrase)))
