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

from bot.english import STOP
from bot.matching.features import Features, Term, make_features, weigh_rarity
from bot.matching.learned import Rows, Weights, learn_weights
from bot.matching.nearest import Phrasings, make_phrasings
from bot.matching.synonyms import Synonyms
from bot.matching.weights import MOST_LEARNED
from bot.message import Message
from bot.vocabulary import Vocabulary
from bot.words import drop_polite, find_spoken, split_words, stem

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
    held: dict[int, frozenset[int]] = field(default_factory=dict)
    """The stems of an intent's phrasings, kept once they were asked for."""

    def rank(self, message: Message) -> Ranking:
        """Rank the intents for a message."""
        spoken = find_spoken(message.words)
        terms = tuple(self.synonyms.merge([(message.stems[at], message.spelt[at].sure) for at in spoken]))
        roots = self.vocabulary.roots
        unknown = [message.words[at] for at in spoken if message.stems[at] not in roots]
        features = make_features(terms)
        scores, known = self._score(terms, features)
        found = self._find_exact(message, spoken)
        if found is not None:
            scores[self.find_intent(found)] = math.inf
            known = 1.0
        best = tuple(Ranked(intent, scores[intent]) for intent in nlargest(MOST_RANKED, scores, key=scores.__getitem__))
        left = tuple(dict.fromkeys(word for word in unknown if word not in STOP))
        return Ranking(terms, left, features, known, best, found)

    def find_phrasing(self, ranking: Ranking, intent: int) -> tuple[str, float]:
        """Give the phrasing of an intent that is nearest to the question, and its likeness, 0 to 1."""
        if ranking.exact is not None and self.find_intent(ranking.exact) == intent:
            return self.phrasings.texts[ranking.exact], 1.0
        place, likeness = self.phrasings.find_best(self.phrasings.weigh(dict(ranking.terms)), intent)
        return self.phrasings.texts[place], likeness

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

    def _score(self, terms: Sequence[Term], features: Features) -> tuple[dict[int, float], float]:
        """Give the best intents, in the order of their names, what speaks for each, and how much of all is known."""
        if self.weights is None:
            asked = self.phrasings.weigh(dict(terms))
            return dict(sorted(self.phrasings.rank_intents(asked).items())), 1.0
        vector, known = self.weights.weigh(features)
        return self.weights.find_best(vector, MOST_RANKED), known

    def _find_exact(self, message: Message, spoken: Sequence[int]) -> int | None:
        """Find the phrasing that says it word for word; where a word had to be guessed, none does."""
        if any(word.sure < 1.0 for word in message.spelt):
            return None
        place = self.exact.get(" ".join(message.words))
        return self.exact.get(" ".join(message.words[at] for at in spoken)) if place is None else place


def build_ranker(
    pairs: Iterable[tuple[str, str]],
    synonyms: Synonyms,
    *,
    words: Iterable[str] = (),
    english: frozenset[str] = frozenset(),
    rows: Rows | None = None,
) -> Ranker:
    """Build a ranker from pairs of phrasing and intent; `words` and `english` are known besides.

    `rows` are what was learned from the same pairs before.
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
        if place in chosen:
            sample.append(make_features(terms))
    begins = list(accumulate(sizes, initial=0))
    owners = [bisect_right(begins, place) - 1 for place in sorted(chosen)]
    return Ranker(
        intents=tuple(dict.fromkeys(intent for _, intent in pairs)),
        vocabulary=Vocabulary(counts, synonyms=synonyms.words, words=words, english=english),
        phrasings=make_phrasings([phrasing for phrasing, _ in pairs], begins, bags, numbers),
        weights=learn_weights(sample, owners, len(sizes), rows) if sample else None,
        synonyms=synonyms,
        exact=bare | exact,
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
