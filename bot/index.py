"""How are phrasings kept so that a question finds them fast? They go in once; nothing is changed afterwards.

Learning takes seconds, reading what was learned takes milliseconds: `to_bytes` and `from_bytes` are for a cache. What
does not fit this version, this machine or its own checksum is refused, and the index is then to be built again.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import accumulate
from typing import TypedDict

from bot.matching.confidence import Curve, calibrate
from bot.matching.learned import Weights
from bot.matching.nearest import Phrasings
from bot.matching.ranking import Ranker, build_ranker
from bot.matching.vocabulary import Synonyms, Vocabulary

# To be raised whenever an index of the same phrasings would come out different, or its layout changes.
_HEADER = f"clinic-faq index 2 {sys.byteorder}\n".encode()


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Phrasings and their intents, ready to be searched."""

    ranker: Ranker
    curve: Curve | None
    """None where there were too few phrasings to measure a confidence."""
    out_of_scope: frozenset[str]
    """Intents whose being best means that the question should not be answered."""

    def to_bytes(self) -> bytes:
        """Give the index as bytes, for `from_bytes`: a header, a checksum, JSON, and the arrays one after another."""
        arrays = [numbers.tobytes() for numbers in _list_whole(self.ranker)]
        arrays += [numbers.tobytes() for numbers in _list_real(self.ranker)]
        text = json.dumps(_describe(self), separators=(",", ":")).encode()
        body = b"".join([len(text).to_bytes(8, "little"), text, *arrays])
        return _HEADER + zlib.crc32(body).to_bytes(4, "little") + body

    def __reduce__(self) -> "tuple[Callable[[bytes], Index | None], tuple[bytes]]":
        """Be pickled as these bytes: what can be worked out from them is not kept."""
        return restore_index, (self.to_bytes(),)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Index | None":
        """Read an index that `to_bytes` gave; None if it is of another version or damaged."""
        view = memoryview(data)
        start = len(_HEADER) + 4
        if view[: len(_HEADER)] != _HEADER or int.from_bytes(view[start - 4 : start], "little") != zlib.crc32(
            view[start:]
        ):
            return None
        size = int.from_bytes(view[start : start + 8], "little")
        parts: _Parts = json.loads(bytes(view[start + 8 : start + 8 + size]))
        return _restore(parts, view[start + 8 + size :])


class _Parts(TypedDict):
    """What stands in the JSON part."""

    intents: list[str]
    out_of_scope: list[str]
    counts: dict[str, int]
    words: dict[str, str]
    """Every known word and its stem."""
    synonyms: list[list[str]]
    texts: list[str]
    stems: list[str]
    exact: dict[str, int]
    features: str | None
    rarest: float
    curve: list[list[float]] | None
    whole: list[int]
    real: list[int]
    """The lengths of the arrays that follow: first those of whole numbers, then those of real ones; four bytes each."""


def restore_index(data: bytes) -> Index | None:
    """Give the index that `to_bytes` was asked for; for pickle, which names functions by their module."""
    return Index.from_bytes(data)


def build_index(
    pairs: Iterable[tuple[str, str]],
    *,
    synonyms: Iterable[Sequence[str]] = (),
    out_of_scope: Collection[str] = (),
    topics: Mapping[str, str] | None = None,
) -> Index:
    """Build an index from pairs of phrasing and intent.

    `synonyms` are lists of words that mean the same. `out_of_scope` names the intents that hold what must not be
    answered.
    """
    pairs = list(pairs)
    same = Synonyms(synonyms)
    ranker = build_ranker(pairs, same)
    ranker.warm()
    return Index(ranker, calibrate(pairs, same, out_of_scope, topics or {}), frozenset(out_of_scope))


def _list_whole(ranker: Ranker) -> "list[array[int]]":
    held, learned = ranker.phrasings, ranker.weights
    arrays = [held.begins, held.starts, held.words, held.heads, held.places]
    return arrays + ([learned.starts, learned.columns] if learned else [])


def _list_real(ranker: Ranker) -> "list[array[float]]":
    held, learned = ranker.phrasings, ranker.weights
    return [held.rarity, held.lengths] + ([learned.rarity, learned.values] if learned else [])


def _describe(index: Index) -> _Parts:
    ranker = index.ranker
    return _Parts(
        intents=list(ranker.intents),
        out_of_scope=sorted(index.out_of_scope),
        counts=dict(ranker.vocabulary.counts),
        words=ranker.vocabulary.stems,
        synonyms=[list(group) for group in ranker.vocabulary.synonyms.groups],
        texts=list(ranker.phrasings.texts),
        stems=list(ranker.phrasings.numbers),
        exact=dict(ranker.exact),
        features="\n".join(ranker.weights.numbers) if ranker.weights else None,
        rarest=ranker.weights.rarest if ranker.weights else 0.0,
        curve=[list(part) for part in astuple(index.curve)] if index.curve else None,
        whole=list(map(len, _list_whole(ranker))),
        real=list(map(len, _list_real(ranker))),
    )


def _restore(parts: _Parts, blob: memoryview) -> Index:
    sizes = [4 * size for size in parts["whole"] + parts["real"]]
    chunks = [blob[end - size : end] for size, end in zip(sizes, accumulate(sizes), strict=True)]
    begins, starts, words, heads, places, *learned = [_read_whole(chunk) for chunk in chunks[: len(parts["whole"])]]
    rarity, lengths, *learned_real = [_read_real(chunk) for chunk in chunks[len(parts["whole"]) :]]
    weights = None
    if parts["features"] is not None:
        names = parts["features"].split("\n")
        features = dict(zip(names, range(len(names)), strict=True))
        (first, columns), (rare, values) = learned, learned_real
        weights = Weights(features, rare, parts["rarest"], first, columns, values, len(parts["intents"]))
    stems = dict(zip(parts["stems"], range(len(parts["stems"])), strict=True))
    return Index(
        ranker=Ranker(
            intents=tuple(parts["intents"]),
            vocabulary=Vocabulary(parts["counts"], Synonyms(parts["synonyms"]), parts["words"]),
            phrasings=Phrasings(parts["texts"], begins, stems, rarity, starts, words, lengths, heads, places),
            weights=weights,
            exact=parts["exact"],
        ),
        curve=Curve(*map(tuple, parts["curve"])) if parts["curve"] else None,
        out_of_scope=frozenset(parts["out_of_scope"]),
    )


def _read_whole(chunk: memoryview) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(chunk)
    return numbers


def _read_real(chunk: memoryview) -> "array[float]":
    numbers = array("f")
    numbers.frombytes(chunk)
    return numbers
