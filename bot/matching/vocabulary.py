"""What do the words of a question stand for among the words that the phrasings use? Every repair is written down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.matching.features import Term
from bot.spelling import Speller
from bot.words import STOP, drop_polite, split_words, stem

# Repairing is the dearest step a word can need; a long text of unknown words is another language, not misspelt.
MOST_REPAIRS = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """A question put into known words."""

    terms: tuple[Term, ...]
    unknown: tuple[str, ...]
    """Content words that no phrasing holds and that no repair explains."""
    repairs: tuple[tuple[str, str], ...]
    """Words as typed and as they were understood: ("swolen", "swollen")."""


class Synonyms:
    """Words that mean the same to this bot; each list is one meaning, and its first word stands for it."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self.groups = tuple(tuple(group) for group in groups)
        self._plain: dict[tuple[str, ...], str] = {}
        for group in self.groups:
            keys = [tuple(map(stem, split_words(synonym))) for synonym in group]
            for key in filter(None, keys):
                self._plain.setdefault(key, "_".join(keys[0]))
        self._longest = max(map(len, self._plain), default=0)

    def merge(self, terms: Sequence[Term]) -> Sequence[Term]:
        """Put the plain word in the place of each of its synonyms; the longest synonym first."""
        if not self._plain:
            return terms
        merged: list[Term] = []
        at = 0
        while at < len(terms):
            term, size = self._merge_at(terms, at)
            merged.append(term)
            at += size
        return merged

    def _merge_at(self, terms: Sequence[Term], at: int) -> tuple[Term, int]:
        for size in range(min(self._longest, len(terms) - at), 0, -1):
            run = terms[at : at + size]
            if plain := self._plain.get(tuple(stem for stem, _ in run)):
                return (plain, min(sure for _, sure in run)), size
        return terms[at], 1


def _stem_all(counts: Mapping[str, int], synonyms: Synonyms) -> dict[str, str]:
    known = {word: stem(word) for word in counts}
    extra = {word for group in synonyms.groups for synonym in group for word in split_words(synonym)}
    return known | {word: stem(word) for word in sorted(extra)}


class Vocabulary:
    """The words of the phrasings, how often each is used, and the synonyms that stand for one another."""

    def __init__(self, counts: Mapping[str, int], synonyms: Synonyms, stems: dict[str, str] | None = None) -> None:
        self.counts = counts
        self.synonyms = synonyms
        self.stems = stems if stems is not None else _stem_all(counts, synonyms)
        """Every known word and its stem."""

    @cached_property
    def roots(self) -> frozenset[str]:
        """The stems of the known words."""
        return frozenset(self.stems.values())

    @cached_property
    def speller(self) -> Speller:
        """What finds the known words near an unknown one; made when the first is met."""
        return Speller({word: self.counts.get(word, 1) for word in self.stems})

    def read(self, words: Sequence[str]) -> Reading:
        """Put words into terms, in order: as they are, joined, repaired, parted, or unknown."""
        reader = _Reader(self)
        words = drop_polite(words)
        used = False
        for at, word in enumerate(words):
            used = not used and reader.take(word, words[at + 1] if at + 1 < len(words) else "")
        return Reading(
            tuple(self.synonyms.merge(reader.terms)),
            tuple(dict.fromkeys(reader.unknown)),
            tuple(dict.fromkeys(reader.repairs)),
        )


class _Reader:
    """Takes words one by one; a class only because three lists grow together."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known = vocabulary.stems
        self.terms: list[Term] = []
        self.unknown: list[str] = []
        self.repairs: list[tuple[str, str]] = []

    def take(self, word: str, after: str) -> bool:
        """Take a word; say whether the word after it was used up as well ("sun block" for "sunblock")."""
        known = self._known.get(word)
        if known is not None and (after in self._known or not after):
            self.terms.append((known, 1.0))
            return False
        if after and (joined := self._known.get(word + after)):
            self.repairs.append((f"{word} {after}", word + after))
            self.terms.append((joined, 1.0))
            return True
        if known is not None:
            self.terms.append((known, 1.0))
        else:
            self._take_unknown(word)
        return False

    def _take_unknown(self, word: str) -> None:
        if (root := stem(word)) in self._vocabulary.roots:
            self.terms.append((root, 1.0))
            return
        readings = self._vocabulary.speller.find_nearest(word) if len(self.repairs) < MOST_REPAIRS else ()
        if readings:
            best, likeness = readings[0]
            self.repairs.append((word, best))
            self.terms.append((self._known[best], likeness))
            return
        if halves := self._vocabulary.speller.split(word):
            self.repairs.append((word, " ".join(halves)))
            self.terms += [(self._known[half], 1.0) for half in halves]
            return
        self.terms.append((root, 1.0))
        if word not in STOP:
            self.unknown.append(word)
