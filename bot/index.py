"""How are phrasings kept so that a question finds them fast? Phrasings go in once; nothing is changed afterwards."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.spelling import Speller
from bot.words import drop_polite, split_words, stem

Vector = dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Phrasings and their intents, ready to be searched."""

    intents: tuple[str, ...]
    """The names, sorted; everything else speaks of an intent by its place here."""
    out_of_scope: frozenset[str]
    """Intents whose being best means that the question should not be answered."""
    phrasings: tuple[str, ...]
    owners: tuple[int, ...]
    """For each phrasing, its intent."""
    members: tuple[tuple[int, ...], ...]
    """For each intent, the places of its phrasings."""
    vectors: tuple[Vector, ...]
    """For each phrasing, its words and word pairs with their weights; length 1."""
    exact: Mapping[str, tuple[int, ...]]
    """Words of a phrasing, joined: the places of phrasings that say just this."""
    stems: Mapping[str, str]
    """Known words and the stem that each goes by."""
    merged: Mapping[tuple[str, ...], str]
    """Stems of a synonym and the stem that stands for it."""
    rarity: Mapping[str, float]
    """Weight of each known word or word pair: the fewer intents use it, the more it tells."""
    centroids: Mapping[str, Mapping[int, float]]
    """For each word or word pair, how much it speaks for each intent."""
    speller: Speller


def build_index(
    pairs: Iterable[tuple[str, str]],
    *,
    synonyms: Iterable[Sequence[str]] = (),
    out_of_scope: Collection[str] = (),
) -> Index:
    """Build an index from pairs of phrasing and intent.

    `synonyms` are lists of words that mean the same. `out_of_scope` names the intents that hold what must not be
    answered.
    """
    pairs = list(pairs)
    phrasings = tuple(phrasing for phrasing, _ in pairs)
    intents = tuple(sorted({intent for _, intent in pairs}))
    place = {intent: number for number, intent in enumerate(intents)}
    owners = tuple(place[intent] for _, intent in pairs)
    texts = [split_words(phrasing) for phrasing in phrasings]
    merged = _merge_synonyms(synonyms)
    counts = Counter(word for words in texts for word in words)
    for group in synonyms:
        counts.update(word for synonym in group for word in split_words(synonym))
    stems = {word: stem(word) for word in counts}
    bags = [make_features(merge([stems[word] for word in drop_polite(words)], merged)) for words in texts]
    rarity = _weigh_rarity(bags, owners)
    vectors = tuple(_scale({feature: rarity[feature] for feature in bag}) for bag in bags)
    return Index(
        intents=intents,
        out_of_scope=frozenset(out_of_scope),
        phrasings=phrasings,
        owners=owners,
        members=_group(owners, len(intents)),
        vectors=vectors,
        exact=_key_exact(texts),
        stems=stems,
        merged=merged,
        rarity=rarity,
        centroids=_make_centroids(vectors, owners),
        speller=Speller(counts),
    )


def make_features(stems: Sequence[str]) -> list[str]:
    """Give the words and the pairs of neighbours that a text is compared by."""
    return [*dict.fromkeys(stems), *dict.fromkeys(f"{left} {right}" for left, right in pairwise(stems))]


def merge(stems: list[str], merged: Mapping[tuple[str, ...], str]) -> list[str]:
    """Put the plain word in the place of each of its synonyms; the longest synonym first."""
    if not merged:
        return stems
    longest = max(map(len, merged))
    result: list[str] = []
    at = 0
    while at < len(stems):
        for size in range(longest, 0, -1):
            plain = merged.get(tuple(stems[at : at + size]))
            if plain is not None and at + size <= len(stems):
                result.append(plain)
                at += size
                break
        else:
            result.append(stems[at])
            at += 1
    return result


def _merge_synonyms(synonyms: Iterable[Sequence[str]]) -> dict[tuple[str, ...], str]:
    merged: dict[tuple[str, ...], str] = {}
    for group in synonyms:
        keys = [tuple(map(stem, split_words(synonym))) for synonym in group]
        for key in keys:
            merged.setdefault(key, "_".join(keys[0]))
    return merged


def _weigh_rarity(bags: Sequence[Sequence[str]], owners: Sequence[int]) -> dict[str, float]:
    used: defaultdict[str, set[int]] = defaultdict(set)
    for bag, owner in zip(bags, owners, strict=True):
        for feature in bag:
            used[feature].add(owner)
    intents = len(set(owners))
    return {
        feature: (0.4 if " " in feature else 1.0) * math.log(1 + intents / len(users))
        for feature, users in used.items()
    }


def _scale(vector: Vector) -> Vector:
    """Bring a vector to length 1."""
    length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {feature: weight / length for feature, weight in vector.items()}


def _group(owners: Sequence[int], intents: int) -> tuple[tuple[int, ...], ...]:
    members: list[list[int]] = [[] for _ in range(intents)]
    for place, owner in enumerate(owners):
        members[owner].append(place)
    return tuple(map(tuple, members))


def _key_exact(texts: Sequence[list[str]]) -> dict[str, tuple[int, ...]]:
    """Find phrasings by their words; with and without greetings, where the former has the first word."""
    keyed: defaultdict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(texts):
        keyed[" ".join(words)].append(place)
    bare: defaultdict[str, list[int]] = defaultdict(list)
    for place, words in enumerate(texts):
        key = " ".join(drop_polite(words))
        if key not in keyed:
            bare[key].append(place)
    return {key: tuple(places) for key, places in (keyed | bare).items()}


def _make_centroids(vectors: Sequence[Vector], owners: Sequence[int]) -> dict[str, dict[int, float]]:
    sums: defaultdict[int, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for vector, owner in zip(vectors, owners, strict=True):
        for feature, weight in vector.items():
            sums[owner][feature] += weight
    centroids: defaultdict[str, dict[int, float]] = defaultdict(dict)
    for owner, total in sums.items():
        for feature, weight in _scale(total).items():
            centroids[feature][owner] = weight
    return dict(centroids)
