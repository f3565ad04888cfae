"""Which words are known? Those of the content, which a misspelt word may stand for, and those of the language.

A known word is never repaired: a rare English word is no slip of one of ours.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property

from bot.english import POLITE, SHORTHAND, STOP
from bot.spelling import Speller
from bot.words import stem

COMMON = STOP | POLITE | frozenset(word for full in SHORTHAND.values() for word in full.split())
"""Words that any message may hold."""


class Vocabulary:
    """The words of the phrasings and how often each is used, their synonyms, and what else is known."""

    def __init__(
        self,
        counts: Mapping[str, int],
        *,
        synonyms: Iterable[str] = (),
        words: Iterable[str] = (),
        english: frozenset[str] = frozenset(),
    ) -> None:
        self.counts = counts
        self.synonyms = frozenset(synonyms)
        self.words = frozenset(words)
        """Words of the content that no phrasing holds."""
        self.english = english
        """Words that are none of the content's, and need no repair."""

    @cached_property
    def roots(self) -> frozenset[str]:
        """The stems of the words that the phrasings and their synonyms hold."""
        return frozenset(map(stem, {*self.counts, *self.synonyms}))

    @cached_property
    def stems(self) -> dict[str, str]:
        """Every word of the content and its stem: what a misspelt word may stand for."""
        return {word: stem(word) for word in sorted({*self.counts, *self.synonyms, *self.words})}

    def holds(self, word: str) -> bool:
        """Say whether a word, or a form of it, is one of the content's."""
        return word in self.stems or stem(word) in self._stems_of_content

    def knows(self, word: str) -> bool:
        """Say whether a word is known at all."""
        return self.holds(word) or word in COMMON or word in self.english or stem(word) in self._stems_of_english

    @cached_property
    def speller(self) -> Speller:
        """What finds the words near an unknown one; made when the first is met."""
        return Speller({word: self.counts.get(word, 1) for word in self.stems}, beside=COMMON | self.english)

    @cached_property
    def _stems_of_content(self) -> frozenset[str]:
        return frozenset(self.stems.values())

    @cached_property
    def _stems_of_english(self) -> frozenset[str]:
        return frozenset(map(stem, self.english))
