"""In which order do the intents come for a question? Learned weights decide; where there are none, likeness does."""

import math
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.english import STOP
from bot.matching.features import Features, Term, make_features, weigh_rarity
from bot.matching.learned import Weights, learn_weights
from bot.matching.nearest import Phrasings, make_phrasings
from bot.matching.sense import Sense, learn_sense
from bot.matching.synonyms import Synonyms
from bot.matching.weights import MOST_LEARNED
from bot.message import Message
from bot.vocabulary import Vocabulary
from bot.words import drop_polite, find_spoken, split_words, stem

if TYPE_CHECKING:
    from bot.meaning import Encoder, Vectors

Learned = tuple[Weights | None, Sense | None]
"""What cannot be worked out from the phrasings in a moment."""
MOST_RANKED = 4
# With more intents than this, learning takes minutes, and each question a millisecond and more only to look at all of
# them; the nearest phrasing is looked for instead, which costs what the rare words of the question cost.
MOST_INTENTS = 1500
# Packing takes about 15 us a row; beyond these figures it is left to the questions that need it.
MOST_WARMED = 500_000
MOST_WARMED_INTENTS = 1_000


@dataclass(frozen=True, slots=True)
class Ranked:
    """One intent, as a question sees it."""

    intent: int
    score: float
    """What speaks for it; infinite for a phrasing asked word for word."""
    words: float
    """What its words speak for, 0 to somewhat above 1; less where much of the question is unknown."""
    meaning: float = 0.0
    """What its meaning speaks for, -2 to about 2; 0 where meaning is not read."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What counts of a question, and the intents it comes near to, best first."""

    terms: tuple[Term, ...]
    unknown: tuple[str, ...]
    """Content words that no phrasing holds."""
    features: Features
    known: float
    """How much of what the question says is known, 0 to 1."""
    best: tuple[Ranked, ...]
    exact: int | None
    """The place of the phrasing that says word for word what was asked."""
    vector: "Vectors | None" = None
    """What the question means; None where meaning is not read."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Everything that ranking needs."""

    intents: tuple[str, ...]
    """The names, sorted; everything else speaks of an intent by its place here."""
    vocabulary: Vocabulary
    phrasings: Phrasings
    weights: Weights | None
    """None where there are too many intents to learn them."""
    synonyms: Synonyms
    exact: Mapping[str, int]
    """What a phrasing says, word for word, and its place."""
    sense: Sense | None = None
    """None where meaning is not read."""
    held: dict[int, frozenset[int]] = field(default_factory=dict)
    """The stems of an intent's phrasings, kept once they were asked for."""

    def rank(self, message: Message, encoder: "Encoder | None" = None) -> Ranking:
        """Rank the intents for a message; by its words alone where there is no encoder to say what it means."""
        spoken = find_spoken(message.words)
        terms = tuple(self.synonyms.merge([(message.stems[at], message.spelt[at].sure) for at in spoken]))
        roots = self.vocabulary.roots
        unknown = [message.words[at] for at in spoken if message.stems[at] not in roots]
        features = make_features(terms)
        vector = encoder.encode([message.mended])[0] if encoder and self.sense and message.words else None
        ranked, known = self._score(terms, features, vector)
        found = self.find_exact(message)
        if found is not None:
            intent = self.find_intent(found)
            ranked[intent] = Ranked(intent, math.inf, 1.0, ranked[intent].meaning if intent in ranked else 0.0)
            known = 1.0
        best = nlargest(MOST_RANKED, ranked.values(), key=lambda one: (one.score, -one.intent))
        left = tuple(dict.fromkeys(word for word in unknown if word not in STOP))
        return Ranking(terms, left, features, known, tuple(best), found, vector)

    def find_phrasing(self, ranking: Ranking, intent: int) -> tuple[str, float]:
        """Give the phrasing of an intent that is nearest to the question, and its likeness, 0 to 1.

        It is nearest in its meaning, where that is read, and in its words where it is not.
        """
        if ranking.exact is not None and self.find_intent(ranking.exact) == intent:
            return self.phrasings.texts[ranking.exact], 1.0
        if self.sense is not None and ranking.vector is not None:
            begins = self.phrasings.begins
            place, likeness = self.sense.find_nearest(ranking.vector, begins[intent], begins[intent + 1])
        else:
            place, likeness = self.phrasings.find_best(self.phrasings.weigh(dict(ranking.terms)), intent)
        return self.phrasings.texts[place], max(0.0, likeness)

    def warm(self) -> None:
        """Make now what is otherwise made when a question first needs it, so that no question is slower than others."""
        if self.weights is not None and len(self.weights.values) <= MOST_WARMED:
            self.weights.warm()
        for intent in range(min(len(self.intents), MOST_WARMED_INTENTS)):
            self.hold(intent)
        self.vocabulary.speller.find_nearest("warm")

    def find_intent(self, place: int) -> int:
        """Give the intent of a phrasing."""
        return bisect_right(self.phrasings.begins, place) - 1

    def hold(self, intent: int) -> frozenset[int]:
        """Give the stems that an intent's phrasings hold, by number."""
        if intent not in self.held:
            held = self.phrasings
            first, last = held.begins[intent], held.begins[intent + 1]
            self.held[intent] = frozenset(held.words[held.starts[first] : held.starts[last]])
        return self.held[intent]

    def explain(self, ranking: Ranking, intent: int) -> tuple[tuple[str, float], ...]:
        """Give what counted for an intent and how much each added, the weightiest first."""
        if self.weights is None:
            held, asked = self.hold(intent), self.phrasings.weigh(dict(ranking.terms)).weights
            numbers = self.phrasings.numbers
            parts = {stem: asked[numbers[stem]] for stem, _ in ranking.terms if numbers.get(stem) in held}
        else:
            parts = self.weights.explain(ranking.features, intent)
        counted = ((name, part * ranking.known) for name, part in parts.items() if part > 0)
        return tuple(sorted(counted, key=lambda part: (-part[1], part[0])))

    @property
    def rarest(self) -> float:
        """The rarity of a word that is used once."""
        return weigh_rarity(1, 1, len(self.intents), len(self.phrasings.texts))

    def _score(
        self, terms: Sequence[Term], features: Features, vector: "Vectors | None"
    ) -> tuple[dict[int, Ranked], float]:
        """Give the intents that something speaks for, by number, and how much of all words is known."""
        if self.weights is None:
            asked = self.phrasings.weigh(dict(terms))
            nearest = self.phrasings.rank_intents(asked)
            return {intent: Ranked(intent, score, score) for intent, score in nearest.items()}, 1.0
        weighed, known = self.weights.weigh(features)
        words = [known * max(score, 0.0) for score in self.weights.score(weighed)]
        if self.sense is None or vector is None:
            return {intent: Ranked(intent, score, score) for intent, score in enumerate(words) if score > 0.0}, known
        meant = self.sense.score(vector)
        both = enumerate(zip(words, meant, strict=True))
        return {intent: Ranked(intent, word + meaning, word, meaning) for intent, (word, meaning) in both}, known

    def find_exact(self, message: Message) -> int | None:
        """Give the place of the phrasing that says it word for word; where a word had to be guessed, none does."""
        if any(word.sure < 1.0 for word in message.spelt):
            return None
        place = self.exact.get(" ".join(message.words))
        spoken = find_spoken(message.words)
        return self.exact.get(" ".join(message.words[at] for at in spoken)) if place is None else place


def build_ranker(  # noqa: PLR0913 - each by its name
    pairs: Iterable[tuple[str, str]],
    synonyms: Synonyms,
    *,
    words: Iterable[str] = (),
    english: frozenset[str] = frozenset(),
    encoder: "Encoder | None" = None,
    learned: "Learned | None" = None,
) -> Ranker:
    """Build a ranker from pairs of phrasing and intent; `words` and `english` are known besides.

    With an encoder the meaning of the phrasings is learned, too. `learned` is what was learned from the same pairs
    before.
    """
    pairs = sorted(pairs, key=itemgetter(1))
    sizes = [len(list(group)) for _, group in groupby(pairs, key=itemgetter(1))]
    counts: Counter[str] = Counter()
    stems: dict[str, str] = {}
    numbers: dict[str, int] = {}
    bags: list[array[int]] = []
    exact: dict[str, int] = {}
    bare: dict[str, int] = {}
    chosen = set(_sample(sizes))
    sample: list[Features] = []
    for place, (phrasing, _) in enumerate(pairs):
        whole = split_words(phrasing)
        counts.update(whole)
        if whole:
            exact.setdefault(" ".join(whole), place)
        spoken = drop_polite(whole)
        if spoken:
            bare.setdefault(" ".join(spoken), place)
        terms = synonyms.merge([(stems.get(word) or stems.setdefault(word, stem(word)), 1.0) for word in spoken])
        bags.append(array("I", dict.fromkeys(numbers.setdefault(name, len(numbers)) for name, _ in terms)))
        if place in chosen and learned is None:
            sample.append(make_features(terms))
    begins = list(accumulate(sizes, initial=0))
    weights, sense = learned or (None, None)
    if sample:
        weights = learn_weights(sample, [bisect_right(begins, place) - 1 for place in sorted(chosen)], len(sizes))
    if sample and encoder is not None:
        sense = learn_sense(encoder.encode([phrasing for phrasing, _ in pairs]), begins)
    return Ranker(
        intents=tuple(dict.fromkeys(intent for _, intent in pairs)),
        vocabulary=Vocabulary(counts, synonyms=synonyms.words, words=words, english=english),
        phrasings=make_phrasings([phrasing for phrasing, _ in pairs], begins, bags, numbers),
        weights=weights,
        synonyms=synonyms,
        exact=bare | exact,
        sense=sense,
    )


def _sample(sizes: Sequence[int]) -> Iterable[int]:
    """Choose the phrasings to learn from: all, or if they are too many, some of each intent, evenly spread."""
    if len(sizes) > MOST_INTENTS:
        return
    total = sum(sizes)
    share = MOST_LEARNED // max(len(sizes), 1)
    begin = 0
    for size in sizes:
        taken = size if total <= MOST_LEARNED else min(size, share)
        yield from (begin + number * size // taken for number in range(taken))
        begin += size
