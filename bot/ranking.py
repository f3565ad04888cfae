"""In which order do the intents come for a question? Learned weights decide; where there are none, likeness does."""

import math
import sys
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import accumulate, chain, groupby, pairwise
from operator import itemgetter

from bot.features import Features, make_features
from bot.nearest import Phrasings, make_phrasings, weigh_rarity
from bot.vocabulary import Reading, Synonyms, Vocabulary
from bot.weights import MOST_LEARNED, Task, learn
from bot.words import drop_polite, split_words, stem

MOST_RANKED = 4
# With more intents than this, learning takes minutes, and each question a millisecond and more only to look at all of
# them; the nearest phrasing is looked for instead, which costs what the rare words of the question cost.
MOST_INTENTS = 1500
# What would add less than this to a question of one word is left out: more than half of all weights, and no accuracy
# (BANKING77, CLINC150, HWU64 with 10 phrasings) changes by more than 0.1 points; 0.08 costs BANKING77 a point.
LEAST_WEIGHT = 0.02
# Lanes: values and weights are counted in steps of 1/1024, and weights end at 2 on either side. A lane then holds the
# sum of up to a thousand features without touching its neighbour: 1024 * sqrt(1000) * 4096 is below 2 ** 32.
STEPS = 1024
BIAS = 2 * STEPS
SCALE = float(STEPS * STEPS)
LONGEST_UNPACKED = 6
# Packing takes about 15 us a row; beyond these figures it is left to the questions that need it.
MOST_WARMED = 500_000
MOST_WARMED_INTENTS = 1_000


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
    intents: int
    packed: dict[int, int] = field(default_factory=dict)
    """Long rows that were asked for, packed: one long number with a lane of 32 bits for each intent."""

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

    def find_best(self, vector: Mapping[int, float], most: int) -> dict[int, float]:
        """Add up what each feature says about each intent; give the best, in the order of their names.

        A long row is packed into one number, so that one multiplication serves all intents: four times as quick at
        150 intents. Values and weights are rounded to whole steps for that; a bias keeps the lanes from going below 0.
        """
        total = steps = 0
        short: list[tuple[int, int]] = []
        for number, value in vector.items():
            low, high = self.starts[number], self.starts[number + 1]
            if high - low > LONGEST_UNPACKED:
                step = round(value * STEPS)
                total += step * (self.packed.get(number) or self._pack(number))
                steps += step
            elif high > low:
                scaled = value * SCALE
                short += [(self.columns[at], int(scaled * self.values[at])) for at in range(low, high)]
        lanes = array("I")
        lanes.frombytes(total.to_bytes(4 * self.intents, sys.byteorder))
        scores = list(lanes)
        for intent, part in short:
            scores[intent] += part
        bias = BIAS * steps
        least = max(sorted(scores)[-most:][0], bias + 1)
        return {intent: (score - bias) / SCALE for intent, score in enumerate(scores) if score >= least}

    def warm(self) -> None:
        """Pack every long row now."""
        for number, (low, high) in enumerate(pairwise(self.starts)):
            if high - low > LONGEST_UNPACKED:
                self._pack(number)

    def _pack(self, number: int) -> int:
        lanes = array("I", [BIAS]) * self.intents
        for intent, weight in self._read_row(number):
            lanes[intent] = max(0, min(2 * BIAS, BIAS + round(weight * STEPS)))
        packed = self.packed[number] = int.from_bytes(lanes.tobytes(), sys.byteorder)
        return packed

    def explain(self, features: Features, intent: int) -> dict[str, float]:
        """Give what each feature of a question adds to the score of one intent."""
        vector, _ = self.weigh(features)
        parts: dict[str, float] = {}
        for name in features:
            if (number := self.numbers.get(name)) is not None:
                parts[name] = vector[number] * dict(self._read_row(number)).get(intent, 0.0)
        return parts

    def _read_row(self, number: int) -> list[tuple[int, float]]:
        low, high = self.starts[number], self.starts[number + 1]
        return list(zip(self.columns[low:high], self.values[low:high], strict=True))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One intent, as a question sees it."""

    intent: int
    score: float
    """What speaks for it; infinite for a phrasing asked word for word."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """What a question was read as, and the intents it comes near to, best first."""

    reading: Reading
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
    exact: Mapping[str, int]
    """What a phrasing says, word for word, and its place."""
    held: dict[int, frozenset[int]] = field(default_factory=dict)
    """The stems of an intent's phrasings, kept once they were asked for."""

    def rank(self, question: str) -> Ranking:
        """Rank the intents for a question."""
        words = split_words(question)
        reading = self.vocabulary.read(words)
        features = make_features(reading.terms)
        scores, known = self._score(reading, features)
        found = self._find_exact(words)
        if found is not None:
            scores[self.find_intent(found)] = math.inf
            known = 1.0
        best = nlargest(MOST_RANKED, scores, key=scores.__getitem__)
        return Ranking(reading, features, known, tuple(Ranked(intent, scores[intent]) for intent in best), found)

    def find_phrasing(self, ranking: Ranking, intent: int) -> tuple[str, float]:
        """Give the phrasing of an intent that is nearest to the question, and its likeness, 0 to 1."""
        if ranking.exact is not None and self.find_intent(ranking.exact) == intent:
            return self.phrasings.texts[ranking.exact], 1.0
        place, likeness = self.phrasings.find_best(self.phrasings.weigh(dict(ranking.reading.terms)), intent)
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

    def _score(self, reading: Reading, features: Features) -> tuple[dict[int, float], float]:
        """Give the best intents, in the order of their names, what speaks for each, and how much of all is known."""
        if self.weights is None:
            asked = self.phrasings.weigh(dict(reading.terms))
            return dict(sorted(self.phrasings.rank_intents(asked).items())), 1.0
        vector, known = self.weights.weigh(features)
        return self.weights.find_best(vector, MOST_RANKED), known

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
    if len(sizes) > MOST_INTENTS:
        return
    total = sum(sizes)
    share = MOST_LEARNED // max(len(sizes), 1)
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
    blank = Weights(numbers, rarity, rarest, array("I"), array("I"), array("f"), intents)
    vectors = [blank.weigh(bag)[0] for bag in sample]
    task = Task([(tuple(vector), tuple(vector.values())) for vector in vectors], owners, len(numbers), intents)
    rows = [
        {intent: weight for intent, weight in row.items() if abs(weight) * rare >= LEAST_WEIGHT}
        for row, rare in zip(learn(task), rarity, strict=True)
    ]
    return Weights(
        numbers,
        rarity,
        rarest,
        array("I", accumulate(map(len, rows), initial=0)),
        array("I", chain.from_iterable(rows)),
        array("f", chain.from_iterable(row.values() for row in rows)),
        intents,
    )
