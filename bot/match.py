"""Which intents does a question come near to, and why? It ranks; it does not judge (`decide.py` does)."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.index import Index, Vector, make_features, merge
from bot.words import STOP, drop_polite, split_words, stem

MOST_CANDIDATES = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that a question may mean. Unpacks as intent, score, phrasing."""

    intent: str
    score: float
    """0 to 100; not a probability."""
    phrasing: str
    """The intent's phrasing that is nearest to the question."""
    words: tuple[tuple[str, float], ...] = ()
    """What counted: words and word pairs of the question, with their share of the score; the weightiest first."""

    def __iter__(self) -> Iterator[str | float]:
        return iter((self.intent, self.score, self.phrasing))


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for one question."""

    candidates: tuple[Candidate, ...]
    """Best first; ties in the order of the intents' names."""
    confidence: float
    """0 to 1: the measured chance that answering with the best intent that is in scope is right."""
    coverage: float
    """0 to 1: the share of the question's content words, weighted, that the phrasings know."""
    unknown: tuple[str, ...]
    """Content words of the question that no phrasing holds and that could not be repaired."""
    repairs: tuple[tuple[str, str], ...]
    """Words as typed and as they were understood: ("swolen", "swollen")."""


@dataclass(slots=True)
class _Question:
    """A question put into known words."""

    stems: list[str]
    weights: dict[str, float]
    """How sure each stem is: 1 as typed, less where it was repaired."""
    unknown: list[str]
    repairs: list[tuple[str, str]]


def find_match(question: str, index: Index, *, among: Collection[str] = ()) -> Match:
    """Rank the intents for a question; with `among`, only those."""
    words = split_words(question)
    asked = _read(drop_polite(words), index)
    vector = _weigh(asked, index)
    scores = _score(vector, index, {index.intents.index(name) for name in among})
    for place in index.exact.get(" ".join(words)) or index.exact.get(" ".join(drop_polite(words)), ()):
        if not among or index.intents[index.owners[place]] in among:
            scores[index.owners[place]] = (1.0, place)
    best = heapq.nsmallest(MOST_CANDIDATES, scores, key=lambda intent: (-scores[intent][0], intent))
    candidates = tuple(_make_candidate(intent, *scores[intent], vector, index) for intent in best)
    coverage = _cover(asked, index)
    confidence = candidates[0].score / 100 * coverage if candidates else 0.0
    return Match(candidates, confidence, coverage, tuple(asked.unknown), tuple(asked.repairs))


def _read(words: list[str], index: Index) -> _Question:
    """Put the words into stems that the index knows; repair those that it does not know."""
    asked = _Question([], {}, [], [])
    at = 0
    while at < len(words):
        word = words[at]
        joined = word + words[at + 1] if at + 1 < len(words) else ""
        if joined in index.stems and (word not in index.stems or words[at + 1] not in index.stems):
            asked.repairs.append((f"{word} {words[at + 1]}", joined))
            _take(asked, index.stems[joined], 1.0)
            at += 1
        elif word in index.stems:
            _take(asked, index.stems[word], 1.0)
        else:
            _repair(asked, word, index)
        at += 1
    asked.stems = merge(asked.stems, index.merged)
    for stems, plain in index.merged.items():
        if plain in asked.stems:
            asked.weights.setdefault(plain, max((asked.weights.get(part, 0.0) for part in stems), default=1.0) or 1.0)
    return asked


def _take(asked: _Question, known: str, weight: float) -> None:
    asked.stems.append(known)
    asked.weights[known] = max(weight, asked.weights.get(known, 0.0))


def _repair(asked: _Question, word: str, index: Index) -> None:
    if stem(word) in index.rarity:
        _take(asked, stem(word), 1.0)
        return
    if readings := index.speller.find_nearest(word):
        best, likeness = readings[0]
        asked.repairs.append((word, best))
        _take(asked, index.stems[best], likeness)
    elif halves := index.speller.split(word):
        asked.repairs.append((word, " ".join(halves)))
        for half in halves:
            _take(asked, index.stems[half], 1.0)
    else:
        asked.stems.append(word)
        if word not in STOP:
            asked.unknown.append(word)


def _weigh(asked: _Question, index: Index) -> Vector:
    """Weigh what the question says; what is unknown counts in its length, so that it lowers every score alike."""
    vector: Vector = {}
    for feature in make_features(asked.stems):
        if feature in index.rarity:
            sure = min(asked.weights.get(part, 1.0) for part in feature.split(" "))
            vector[feature] = sure * index.rarity[feature]
    length = sum(weight * weight for weight in vector.values()) ** 0.5 or 1.0
    return {feature: weight / length for feature, weight in vector.items()}


def _score(vector: Vector, index: Index, among: Collection[int]) -> dict[int, tuple[float, int]]:
    """Score intents by centroid and best phrasing together: intent -> (0 to 1, place of the phrasing)."""
    near: defaultdict[int, float] = defaultdict(float)
    for feature, weight in vector.items():
        for intent, strength in index.centroids[feature].items():
            if not among or intent in among:
                near[intent] += weight * strength
    best = heapq.nsmallest(MOST_CANDIDATES, near, key=lambda intent: (-near[intent], intent))
    scores: dict[int, tuple[float, int]] = {}
    for intent in best:
        likeness, place = max(
            (sum(vector.get(feature, 0.0) * weight for feature, weight in index.vectors[place].items()), -place)
            for place in index.members[intent]
        )
        scores[intent] = ((near[intent] + likeness) / 2, -place)
    return scores


def _make_candidate(intent: int, score: float, place: int, vector: Vector, index: Index) -> Candidate:
    counted = {feature: weight * index.centroids[feature].get(intent, 0.0) for feature, weight in vector.items()}
    words = sorted(
        ((feature, weight) for feature, weight in counted.items() if weight > 0), key=lambda w: (-w[1], w[0])
    )
    return Candidate(index.intents[intent], min(100 * score, 100.0), index.phrasings[place], tuple(words))


def _cover(asked: _Question, index: Index) -> float:
    """Weigh known against unknown content words; an unknown word weighs as much as the rarest known one."""
    rarest = max(index.rarity.values(), default=1.0)
    known = sum(
        index.rarity.get(word, 0.0) * asked.weights.get(word, 0.0) for word in set(asked.stems) if word not in STOP
    )
    total = known + rarest * len(asked.unknown)
    return known / total if total else 0.0
