"""Which phrasing says nearly the same as the question? It looks at those that share the question's rarest words first.

Likeness is the cosine of the words, weighted by rarity (soft TF-IDF: Cohen, Ravikumar and Fienberg 2003).
"""

import math
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, repeat

from bot.matching.features import weigh_rarity

# So few phrasings are compared one by one; more are narrowed down by the words that they share with the question.
MOST_COMPARED = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """The known words of a question."""

    weights: Mapping[int, float]
    """Each stem, by number, and what it adds to the likeness of a phrasing of length 1."""
    length: float
    """The Euclidean length of the question."""


@dataclass(frozen=True, slots=True, eq=False)
class Phrasings:
    """The phrasings, in the order of their intents, by the words that they hold."""

    texts: Sequence[str]
    begins: "array[int]"
    """The phrasings of intent i stand from begins[i] to begins[i + 1]."""
    numbers: Mapping[str, int]
    """Each stem and its number."""
    rarity: "array[float]"
    """The weight of each stem."""
    starts: "array[int]"
    words: "array[int]"
    """The stems of phrasing p, by number, stand from starts[p] to starts[p + 1]."""
    lengths: "array[float]"
    """The Euclidean length of each phrasing."""
    heads: "array[int]"
    places: "array[int]"
    """The phrasings that hold stem s stand from heads[s] to heads[s + 1], in order."""

    def weigh(self, terms: Mapping[str, float]) -> Asked:
        """Weigh what is known of a question's stems, each of which is more or less sure."""
        numbers = self.numbers
        known = {numbers[stem]: sure for stem, sure in terms.items() if stem in numbers}
        length = math.sqrt(sum([(sure * self.rarity[number]) ** 2 for number, sure in known.items()])) or 1.0
        return Asked({number: sure * self.rarity[number] ** 2 / length for number, sure in known.items()}, length)

    def find_best(self, asked: Asked, intent: int) -> tuple[int, float]:
        """Give an intent's nearest phrasing and its likeness, 0 to 1; the first of equals."""
        first, last = self.begins[intent], self.begins[intent + 1]
        if last - first <= MOST_COMPARED:
            found = self._compare_all(asked, first, last)
        else:
            found = self._search(asked, first, last) or {first: 0.0}
        place = min(found, key=lambda place: (-found[place], place))
        return place, found[place]

    def rank_intents(self, asked: Asked) -> dict[int, float]:
        """Give the intents of the nearest phrasings and the likeness of each; the best of all is sure to be there."""
        ranked: dict[int, float] = {}
        for place, likeness in self._search(asked, 0, len(self.texts)).items():
            intent = bisect_right(self.begins, place) - 1
            ranked[intent] = max(likeness, ranked.get(intent, 0.0))
        return ranked

    def _search(self, asked: Asked, first: int, last: int) -> dict[int, float]:
        """Add up the words from the rarest on, until none that is yet unseen can win (Turtle and Flood 1995).

        A phrasing that holds none of the words seen so far is no more like the question than the length of the rest.
        """
        runs = sorted((self._find_run(number, first, last), number) for number in asked.weights)
        sums: defaultdict[int, float] = defaultdict(float)
        for at, ((size, low, high), number) in enumerate(runs):
            if size > MOST_COMPARED and sums:
                rest = [number for _, number in runs[at:]]
                contenders = self._find_contenders(asked, sums, rest)
                if contenders is not None and len(contenders) <= size:
                    return {place: self._compare(asked, place) for place in contenders}
            weight = asked.weights[number]
            for place in self.places[low:high]:
                sums[place] += weight
        return {place: weight / self.lengths[place] for place, weight in sums.items()}

    def _find_run(self, number: int, first: int, last: int) -> tuple[int, int, int]:
        """Give the size and the bounds of the run of phrasings that hold a stem, between first and last."""
        low = bisect_left(self.places, first, self.heads[number], self.heads[number + 1])
        high = bisect_left(self.places, last, low, self.heads[number + 1])
        return high - low, low, high

    def _find_contenders(self, asked: Asked, sums: Mapping[int, float], rest: Sequence[int]) -> list[int] | None:
        """Give the phrasings that can still win, or None if one that is yet unseen could."""
        lengths = self.lengths
        best = max(weight / lengths[place] for place, weight in sums.items())
        more = sum(asked.weights[number] for number in rest)
        if best <= math.sqrt(more / asked.length):
            return None
        return [place for place, weight in sums.items() if weight + more >= best * lengths[place]]

    def _compare_all(self, asked: Asked, first: int, last: int) -> dict[int, float]:
        """Compare a run of phrasings: their words stand in a row, so that sums up to each end are enough."""
        get, starts = asked.weights.get, self.starts
        begin = starts[first]
        sums = list(accumulate([get(word, 0.0) for word in self.words[begin : starts[last]]], initial=0.0))
        ends = [sums[start - begin] for start in starts[first : last + 1]]
        return {
            place: round((end - start) / length, 9)
            for place, start, end, length in zip(
                range(first, last), ends, ends[1:], self.lengths[first:last], strict=False
            )
        }

    def _compare(self, asked: Asked, place: int) -> float:
        weights = asked.weights
        words = self.words[self.starts[place] : self.starts[place + 1]]
        return sum([weights.get(word, 0.0) for word in words]) / self.lengths[place]


def make_phrasings(
    texts: Sequence[str], begins: Sequence[int], bags: Sequence[Sequence[int]], names: Mapping[str, int]
) -> Phrasings:
    """Make the lists that are searched. `bags` holds the stems of each phrasing, by number, each once."""
    starts = array("I", accumulate(map(len, bags), initial=0))
    counts = [0] * len(names)
    users = [0] * len(names)
    lists: list[array[int]] = [array("I") for _ in names]
    latest = [-1] * len(names)
    for intent, (first, last) in enumerate(pairwise(begins)):
        for place in range(first, last):
            for number in bags[place]:
                lists[number].append(place)
                counts[number] += 1
                users[number] += latest[number] != intent
                latest[number] = intent
    rarity = array("f", map(weigh_rarity, users, counts, repeat(len(begins) - 1), repeat(len(texts))))
    squares = [weight * weight for weight in rarity]
    places = array("I")
    for held in lists:
        places.extend(held)
    return Phrasings(
        texts=texts,
        begins=array("I", begins),
        numbers=names,
        rarity=rarity,
        starts=starts,
        words=array("I", chain.from_iterable(bags)),
        lengths=array("f", (math.sqrt(sum([squares[number] for number in bag])) or 1.0 for bag in bags)),
        heads=array("I", accumulate(counts, initial=0)),
        places=places,
    )
