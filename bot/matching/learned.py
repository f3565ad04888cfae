"""What was learned, and how is it looked up? For each feature, how much it speaks for or against each intent."""

import binascii
import hashlib
import math
import sys
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple, TypeVar

from bot.matching.features import Features, weigh_rarity
from bot.matching.weights import Task, learn

# What would add less than this to a question of one word is left out: more than half of all weights, and no accuracy
# (BANKING77, CLINC150, HWU64 with 10 phrasings) changes by more than 0.1 points; 0.08 costs BANKING77 a point.
LEAST_WEIGHT = 0.02
# Lanes: values and weights are counted in steps of 1/1024, and weights end at 2 on either side. A lane then holds the
# sum of up to a thousand features without touching its neighbour: 1024 * sqrt(1000) * 4096 is below 2 ** 32.
STEPS = 1024
BIAS = 2 * STEPS
SCALE = float(STEPS * STEPS)
LONGEST_UNPACKED = 6
# The weights of the content that ships end at 1.1; what is read back beyond this was never learned.
MOST_WEIGHT = 1000.0
# The rarest feature of what ships has 4.3.
MOST_RARE = 100.0

N = TypeVar("N", int, float)


class Rows(NamedTuple):
    """The weights alone: what cannot be worked out from the phrasings in a moment."""

    starts: "array[int]" = array("I")
    columns: "array[int]" = array("I")
    values: "array[float]" = array("f")
    """The weights of feature f, and the intents that they are for, stand from starts[f] to starts[f + 1]."""

    def to_plain(self) -> dict[str, object]:
        """Give what JSON can hold: the bytes of each array, as base64."""
        return {"starts": _pack(self.starts), "columns": _pack(self.columns), "values": _pack(self.values)}

    @classmethod
    def from_plain(cls, plain: object) -> "Rows":
        """Read what `to_plain` gave.

        Raises:
            ValueError: it is nothing of the kind.
        """
        match plain:
            case {"starts": str(starts), "columns": str(columns), "values": str(values)}:
                return cls(_fill(array("I"), starts), _fill(array("I"), columns), _fill(array("f"), values))
            case _:
                raise ValueError("no rows of weights")

    def check(self, *, features: int, intents: int) -> None:
        """Make sure that these are weights of so many features for so many intents.

        Raises:
            ValueError: they are not.
        """
        starts, columns, values = self
        if len(starts) != features + 1 or starts[0] != 0 or any(low > high for low, high in pairwise(starts)):
            raise ValueError("the rows do not follow one another, one for each feature")
        if not starts[-1] == len(columns) == len(values):
            raise ValueError("the rows do not end where the weights do")
        if columns and max(columns) >= intents:
            raise ValueError("a weight is for an intent that there is not")
        if values and not (math.isfinite(sum(values)) and -MOST_WEIGHT < min(values) <= max(values) < MOST_WEIGHT):
            raise ValueError("a weight is none that can be learned")


def _pack(numbers: "array[int] | array[float]") -> str:
    return binascii.b2a_base64(numbers, newline=False).decode()


def _fill(numbers: "array[N]", text: str) -> "array[N]":
    numbers.frombytes(binascii.a2b_base64(text))
    return numbers


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What was learned: for each feature, how much it speaks for or against each intent."""

    numbers: Mapping[int, int]
    """The features that were learned, each by its hash: a start that finds them in a cache need not make them."""
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

    def to_plain(self) -> dict[str, object]:
        """Give what JSON can hold."""
        return {
            "names": _pack(array("Q", self.numbers)),
            "rarity": _pack(self.rarity),
            "rarest": self.rarest,
            "rows": Rows(self.starts, self.columns, self.values).to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: object, intents: int) -> "Weights":
        """Read what `to_plain` gave, of so many intents.

        Raises:
            ValueError: it is nothing of the kind.
        """
        match plain:
            case {"names": str(names), "rarity": str(rarity), "rarest": float(rarest), "rows": rows}:
                numbers = {name: number for number, name in enumerate(_fill(array("Q"), names))}
                rare, read = _fill(array("f"), rarity), Rows.from_plain(rows)
            case _:
                raise ValueError("no weights")
        read.check(features=len(numbers), intents=intents)
        if len(rare) != len(numbers) or not all(0 <= one < MOST_RARE for one in (*rare, rarest)):
            raise ValueError("a rarity that cannot be learned")
        return cls(numbers, rare, rarest, *read, intents)

    def weigh(self, features: Features) -> tuple[dict[int, float], float]:
        """Give the known features of a question as a vector of length 1, by number; and how much of it is known.

        An unknown feature counts as the rarest there can be.
        """
        numbers, rarity = self.numbers, self.rarity
        vector: dict[int, float] = {}
        known = unknown = 0.0
        for name, sure in features.items():
            number = numbers.get(hash_feature(name))
            if number is None:
                unknown += sure * sure
                continue
            weight = vector[number] = sure * rarity[number]
            known += weight * weight
        length = math.sqrt(known) or 1.0
        share = length / math.sqrt(known + unknown * self.rarest * self.rarest) if known else 0.0
        return {number: weight / length for number, weight in vector.items()}, share

    def find_best(self, vector: Mapping[int, float], most: int) -> dict[int, float]:
        """Give the best intents, in the order of their names, with what speaks for each; above 0 only."""
        scores = self.score(vector)
        least = sorted(scores)[-most:][0]
        return {intent: score for intent, score in enumerate(scores) if score >= least and score > 0.0}

    def score(self, vector: Mapping[int, float]) -> list[float]:
        """Add up what each feature says about each intent.

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
        return [(score - bias) / SCALE for score in scores]

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
            if (number := self.numbers.get(hash_feature(name))) is not None:
                parts[name] = vector[number] * dict(self._read_row(number)).get(intent, 0.0)
        return parts

    def _read_row(self, number: int) -> list[tuple[int, float]]:
        low, high = self.starts[number], self.starts[number + 1]
        return list(zip(self.columns[low:high], self.values[low:high], strict=True))


def hash_feature(name: str) -> int:
    """Give the number that a feature is known by, below 2 ** 64."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), sys.byteorder)


def learn_weights(sample: Sequence[Features], owners: Sequence[int], intents: int) -> Weights:
    """Learn from the features of each phrasing and the number of its intent."""
    uses: Counter[str] = Counter()
    users: Counter[str] = Counter()
    for _, group in groupby(zip(owners, sample, strict=True), key=itemgetter(0)):
        bags = [bag for _, bag in group]
        uses.update(chain.from_iterable(bags))
        users.update(set(chain.from_iterable(bags)))
    numbers = {hash_feature(name): number for number, name in enumerate(uses)}
    rarity = array("f", (weigh_rarity(users[name], uses[name], intents, len(sample)) for name in uses))
    rarest = weigh_rarity(1, 1, intents, len(sample))
    blank = Weights(numbers, rarity, rarest, *Rows(), intents)
    rows = _learn_rows([blank.weigh(bag)[0] for bag in sample], owners, blank)
    return Weights(numbers, rarity, rarest, *rows, intents)


def _learn_rows(vectors: Sequence[Mapping[int, float]], owners: Sequence[int], blank: Weights) -> Rows:
    pairs = [(tuple(vector), tuple(vector.values())) for vector in vectors]
    learned = learn(Task(pairs, owners, len(blank.numbers), blank.intents))
    rows = [
        {intent: weight for intent, weight in row.items() if abs(weight) * rare >= LEAST_WEIGHT}
        for row, rare in zip(learned, blank.rarity, strict=True)
    ]
    return Rows(
        array("I", accumulate(map(len, rows), initial=0)),
        array("I", chain.from_iterable(rows)),
        array("f", chain.from_iterable(row.values() for row in rows)),
    )
