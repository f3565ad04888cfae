"""In which order do the intents come for a question? Learned weights decide; where there are none, likeness does."""

import math
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import accumulate, chain, groupby
from operator import itemgetter

from bot.features import Features, make_features
from bot.nearest import Asked, Phrasings, make_phrasings, weigh_rarity
from bot.vocabulary import Reading, Synonyms, Vocabulary
from bot.weights import MOST_LEARNED, Task, learn
from bot.words import drop_polite, split_words, stem

MOST_RANKED = 4
# An intent needs a few phrasings for its weights to be worth learning; where a fair share of the sample falls below,
# there are so many intents that the nearest phrasing is both quicker and as good.
FEWEST_SAMPLED = 3
# Weights smaller than this are left out: they change no accuracy by more than 0.1 points and are more than half of all.
LEAST_WEIGHT = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What was learned: for each feature, how much it speaks for or against each intent."""

    numbers: Mapping[str, int]
    rarity: "array[float]"
    rarest: float
    """The rarity of what is used once."""
    starts: "array[int]"
    columns: "array[int]"
    values: "array[float]"
    """The weights of feature f, and the intents that they are for, stand from starts[f] to starts[f + 1]."""

    def weigh(self, features: Features) -> tuple[dict[int, float], float]:
        """Give the known features of a question as a vector of length 1, by number; and how much of it is known.

        An unknown feature counts as the rarest there can be.
        """
        numbers, rarity = self.numbers, self.rarity
        vector: dict[int, float] = {}
        known = unknown = 0.0
        for name, sure in features.items():
            number = numbers.get(name)
            if number is None:
                unknown += sure * sure
                continue
            weight = vector[number] = sure * rarity[number]
            known += weight * weight
        length = math.sqrt(known) or 1.0
        share = length / math.sqrt(known + unknown * self.rarest * self.rarest) if known else 0.0
        return {number: weight / length for number, weight in vector.items()}, share

    def score(self, vector: Mapping[int, float], intents: int) -> list[float]:
        """Add up what each feature says about each intent."""
        scores = [0.0] * intents
        for number, value in vector.items():
            low, high = self.starts[number], self.starts[number + 1]
            for intent, weight in zip(self.columns[low:high], self.values[low:high], strict=True):
                scores[intent] += value * weight
        return scores

    def explain(self, features: Features, intent: int) -> dict[str, float]:
        """Give what each feature of a question adds to the score of one intent."""
        vector, _ = self.weigh(features)
        parts: dict[str, float] = {}
        for name in features:
            if (number := self.numbers.get(name)) is not None:
                low, high = self.starts[number], self.starts[number + 1]
                row = dict(zip(self.columns[low:high], self.values[low:high], strict=True))
                parts[name] = vector[number] * row.get(intent, 0.0)
        return parts


@dataclass(frozen=True, slots=True)
class Ranked:
    """One intent, as a question sees it."""

    intent: int
    score: float
    place: int
    """Its nearest phrasing."""
    likeness: float
    """How like the question that phrasing is, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What a question was read as, and the intents it comes near to, best first."""

    reading: Reading
    features: Features
    known: float
    """How much of what the question says is known, 0 to 1."""
    best: tuple[Ranked, ...]
    exact: bool
    """The best says word for word what was asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Everything that ranking needs."""

    intents: tuple[str, ...]
    """The names, sorted; everything else speaks of an intent by its place here."""
    vocabulary: Vocabulary
    phrasings: Phrasings
    weights: Weights | None
    """None where there are too many intents to learn them."""
    exact: Mapping[str, int]
    """What a phrasing says, word for word, and its place."""
    held: dict[int, frozenset[int]] = field(default_factory=dict)
    """The stems of an intent's phrasings, kept once they were asked for."""

    def rank(self, question: str) -> Ranking:
        """Rank the intents for a question."""
        words = split_words(question)
        reading = self.vocabulary.read(words)
        features = make_features(reading.terms)
        asked = self.phrasings.weigh(dict(reading.terms))
        scores, known = self._score(features, asked)
        found = self._find_exact(words)
        if found is not None:
            scores[self.find_intent(found)] = math.inf
        best = nlargest(MOST_RANKED, scores, key=scores.__getitem__)
        ranked = [Ranked(intent, scores[intent], *self.phrasings.find_best(asked, intent)) for intent in best]
        if found is not None:
            ranked[0] = Ranked(best[0], math.inf, found, 1.0)
            known = 1.0
        return Ranking(reading, features, known, tuple(ranked), found is not None)

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
            held, asked = self.hold(intent), self.phrasings.weigh(dict(ranking.reading.terms)).weights
            numbers = self.phrasings.numbers
            parts = {stem: asked[numbers[stem]] for stem, _ in ranking.reading.terms if numbers.get(stem) in held}
        else:
            parts = self.weights.explain(ranking.features, intent)
        counted = ((name, part * ranking.known) for name, part in parts.items() if part > 0)
        return tuple(sorted(counted, key=lambda part: (-part[1], part[0])))

    @property
    def rarest(self) -> float:
        """The rarity of a word that is used once."""
        return weigh_rarity(1, 1, len(self.intents), len(self.phrasings.texts))

    def _score(self, features: Features, asked: Asked) -> tuple[dict[int, float], float]:
        """Give the best intents, in the order of their names, what speaks for each, and how much of all is known."""
        if self.weights is None:
            return dict(sorted(self.phrasings.rank_intents(asked).items())), 1.0
        vector, known = self.weights.weigh(features)
        scores = self.weights.score(vector, len(self.intents))
        least = max(sorted(scores)[-MOST_RANKED:][0], 0.0)
        return {intent: score for intent, score in enumerate(scores) if score >= least and score > 0}, known

    def _find_exact(self, words: Sequence[str]) -> int | None:
        place = self.exact.get(" ".join(words))
        return self.exact.get(" ".join(drop_polite(words))) if place is None else place


def build_ranker(pairs: Iterable[tuple[str, str]], synonyms: Synonyms) -> Ranker:
    """Build a ranker from pairs of phrasing and intent."""
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
        words = split_words(phrasing)
        counts.update(words)
        if words:
            exact.setdefault(" ".join(words), place)
        words = drop_polite(words)
        if words:
            bare.setdefault(" ".join(words), place)
        terms = synonyms.merge([(stems.get(word) or stems.setdefault(word, stem(word)), 1.0) for word in words])
        bags.append(array("I", dict.fromkeys(numbers.setdefault(name, len(numbers)) for name, _ in terms)))
        if place in chosen:
            sample.append(make_features(terms))
    begins = list(accumulate(sizes, initial=0))
    owners = [bisect_right(begins, place) - 1 for place in sorted(chosen)]
    return Ranker(
        intents=tuple(dict.fromkeys(intent for _, intent in pairs)),
        vocabulary=Vocabulary(counts, synonyms),
        phrasings=make_phrasings([phrasing for phrasing, _ in pairs], begins, bags, numbers),
        weights=learn_weights(sample, owners, len(sizes)) if sample else None,
        exact=bare | exact,
    )


def _sample(sizes: Sequence[int]) -> Iterable[int]:
    """Choose the phrasings to learn from: all, or if they are too many, some of each intent, evenly spread."""
    total = sum(sizes)
    share = max(MOST_LEARNED // max(len(sizes), 1), 1)
    if total > MOST_LEARNED and share < FEWEST_SAMPLED:
        return
    begin = 0
    for size in sizes:
        taken = size if total <= MOST_LEARNED else min(size, share)
        yield from (begin + number * size // taken for number in range(taken))
        begin += size


def learn_weights(sample: Sequence[Features], owners: Sequence[int], intents: int) -> Weights:
    """Learn from the features of each phrasing and the number of its intent."""
    uses: Counter[str] = Counter()
    users: Counter[str] = Counter()
    for _, group in groupby(zip(owners, sample, strict=True), key=itemgetter(0)):
        bags = [bag for _, bag in group]
        uses.update(chain.from_iterable(bags))
        users.update(set(chain.from_iterable(bags)))
    numbers = {name: number for number, name in enumerate(uses)}
    rarity = array("f", (weigh_rarity(users[name], uses[name], intents, len(sample)) for name in uses))
    rarest = weigh_rarity(1, 1, intents, len(sample))
    blank = Weights(numbers, rarity, rarest, array("I"), array("I"), array("f"))
    vectors = [blank.weigh(bag)[0] for bag in sample]
    task = Task([(tuple(vector), tuple(vector.values())) for vector in vectors], owners, len(numbers), intents)
    rows = [{intent: w for intent, w in row.items() if abs(w) >= LEAST_WEIGHT} for row in learn(task)]
    return Weights(
        numbers,
        rarity,
        rarest,
        array("I", accumulate(map(len, rows), initial=0)),
        array("I", chain.from_iterable(rows)),
        array("f", chain.from_iterable(row.values() for row in rows)),
    )
