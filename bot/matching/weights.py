"""How much does each feature speak for each intent? Learned from the phrasings alone, in a fixed order, without chance.

The weights start at each intent's centroid and are then corrected, phrasing by phrasing: where the right intent does
not lead by the margin, it is moved towards the phrasing, and the intents that came too near away from it, the less the
more often a weight was moved. This is AROW (Crammer, Kulesza and Dredze 2009, diagonal, multi-class), the successor of
MIRA (Crammer et al. 2006); what is kept is the mean of the weights after each pass (Collins 2002).
"""

import math
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import chain

# Feature numbers and their weights; the length of the vector is 1.
Vector = tuple[Sequence[int], Sequence[float]]
Row = dict[int, float]

# Chosen on the validation splits of BANKING77, CLINC150, HWU64 with 10 phrasings an intent. The figures are flat around
# them: margins from 0.3 to 0.8 and half or double the steadiness change no accuracy by more than half a point.
MARGIN = 0.5
STEADINESS = 1.0
RIVALS = 3
PASSES = 3
# One visit takes about a sixth of a millisecond, so that learning is over within some 8 s however long the list is:
# CLINC150's 15,000 phrasings get three passes. Of more than that a sample is taken, spread evenly over the intents:
# their words are well known by then, and a nearest phrasing is still looked for among all.
MOST_VISITS = 45_000
MOST_LEARNED = 15_000
# Rows of features that few phrasings hold stay short, and are quicker entry by entry.
FEW_USES = 8
# Lanes: weights are counted in steps of 1/2**24, the values of a vector in steps of 1/2**14; a sum of them is far from
# filling 63 bits. ZERO keeps each lane positive while it is read.
LANE = 64
FINE = 1 << 24
COARSE = 1 << 14
ZERO = 1 << 62


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be told apart."""

    vectors: Sequence[Vector]
    owners: Sequence[int]
    """For each vector, the number of its intent."""
    features: int
    intents: int


def learn(task: Task) -> list[Row]:
    """Give, for each feature, the intents it speaks for (above 0) or against (below), and how much."""
    count = len(task.vectors)
    passes = max(1, min(PASSES, MOST_VISITS // max(count, 1)))
    learner = _Learner(task)
    for _ in range(passes):
        for place in _mix(count):
            learner.visit(task.vectors[place], task.owners[place])
        learner.remember()
    return learner.average(passes)


def _mix(count: int) -> Iterator[int]:
    """Give places in a well-mixed order: strides of the golden ratio hardly ever meet one intent twice in a row."""
    stride = max(1, round(count * 0.6180339887))
    while math.gcd(stride, count) > 1:
        stride += 1
    return (stride * number % count for number in range(count))


class _Learner:
    """The weights while they change, and how much of its first freedom each has used up.

    The row of a feature that many phrasings hold is one long whole number, a lane of 64 bits for each intent: adding
    up such rows takes one multiplication each, however many intents there are (three quarters of the time go without).
    """

    def __init__(self, task: Task) -> None:
        self._intents = task.intents
        self._rows = _make_centroids(task)
        uses = Counter(chain.from_iterable(features for features, _ in task.vectors))
        self._lanes = {feature: _pack(self._rows[feature]) for feature, count in uses.items() if count > FEW_USES}
        self._zero = sum(ZERO << LANE * intent for intent in range(task.intents))
        self._used: list[defaultdict[int, float]] = [defaultdict(float) for _ in range(task.features)]
        self._sums: list[Row] = [{} for _ in range(task.features)]
        self._lane_sums = dict.fromkeys(self._lanes, 0)

    def visit(self, vector: Vector, owner: int) -> None:
        """Correct the weights where a rival comes nearer than the margin."""
        scores = self._score(vector)
        right = scores[owner]
        scores[owner] = -math.inf
        if right - max(scores) >= MARGIN:
            return
        for rival in nlargest(min(RIVALS, self._intents - 1), range(self._intents), key=scores.__getitem__):
            loss = MARGIN + scores[rival] - right
            if loss <= 0:
                return
            right += self._correct(vector, owner, rival, loss)

    def remember(self) -> None:
        """Add the weights as they are now to the mean."""
        for feature, row in self._lanes.items():
            self._lane_sums[feature] += row
        for sums, row_of_few in zip(self._sums, self._rows, strict=True):
            for intent, weight in row_of_few.items():
                sums[intent] = sums.get(intent, 0.0) + weight

    def average(self, passes: int) -> list[Row]:
        """Give the mean of the weights that were remembered."""
        for feature, total in self._lane_sums.items():
            lanes = enumerate(self._unpack(total))
            self._sums[feature] = {intent: lane / FINE for intent, lane in lanes if lane}
        return [{intent: weight / passes for intent, weight in sums.items()} for sums in self._sums]

    def _score(self, vector: Vector) -> list[float]:
        total = 0
        few: list[tuple[float, Row]] = []
        for feature, value in zip(*vector, strict=True):
            if (row := self._lanes.get(feature)) is None:
                few.append((value, self._rows[feature]))
            else:
                total += round(value * COARSE) * row
        scores = [lane / (FINE * COARSE) for lane in self._unpack(total)]
        for value, row_of_few in few:
            for intent, weight in row_of_few.items():
                scores[intent] += value * weight
        return scores

    def _unpack(self, packed: int) -> list[int]:
        lanes = array("q")
        lanes.frombytes((packed + self._zero).to_bytes(self._intents * LANE // 8, sys.byteorder))
        return [lane - ZERO for lane in (lanes if sys.byteorder == "little" else reversed(lanes))]

    def _correct(self, vector: Vector, owner: int, rival: int, loss: float) -> float:
        """Move both intents as far as the loss and their freedom ask; say how much the right one gained."""
        free = [
            (feature, used := self._used[feature], value, (1.0 - used[owner]) * value, (1.0 - used[rival]) * value)
            for feature, value in zip(*vector, strict=True)
        ]
        ours = sum([value * our for _, _, value, our, _ in free])
        theirs = sum([value * their for _, _, value, _, their in free])
        shrink = 1.0 / (ours + theirs + STEADINESS)
        pull = loss * shrink
        for feature, used, _, our, their in free:
            if feature in self._lanes:
                change = round(pull * our * FINE) << LANE * owner
                self._lanes[feature] += change - (round(pull * their * FINE) << LANE * rival)
            else:
                row = self._rows[feature]
                row[owner] += pull * our
                row[rival] -= pull * their
            used[owner] += shrink * our * our
            used[rival] += shrink * their * their
        return pull * ours


def _pack(row: Row) -> int:
    return sum(round(weight * FINE) << LANE * intent for intent, weight in row.items())


def _make_centroids(task: Task) -> list[defaultdict[int, float]]:
    """Give the mean of each intent's vectors, brought to length 1."""
    rows = [defaultdict[int, float](float) for _ in range(task.features)]
    for (features, values), owner in zip(task.vectors, task.owners, strict=True):
        for feature, value in zip(features, values, strict=True):
            rows[feature][owner] += value
    squares = [0.0] * task.intents
    for row in rows:
        for intent, weight in row.items():
            squares[intent] += weight * weight
    lengths = [math.sqrt(square) or 1.0 for square in squares]
    for row in rows:
        for intent in row:
            row[intent] /= lengths[intent]
    return rows
