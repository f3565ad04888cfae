"""How likely is it that answering with the best intent is right? Learned from phrasings that the ranker has not seen.

Parts of the phrasings are left out in turn, and whole intents too, which stand for what no intent covers. What the
ranker says of them gives signals, and whether it is right; a logistic regression on the signals gives the confidence
(after Platt 1999, with several signals in the place of one).
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import mul
from typing import TYPE_CHECKING, NamedTuple

from bot.matching.ranking import Ranked, Ranker, Ranking
from bot.message import read_message
from bot.words import STOP_STEMS

if TYPE_CHECKING:
    from bot.meaning import Encoder

Pair = tuple[str, str]
Signals = tuple[float, ...]

# The share of questions that no intent covers, for which the confidence holds. With 0.1 the calibration error is 0.01
# to 0.03 on the validation splits of CLINC150 (3 % of such questions), BANKING77 and HWU64 (none); with 0.5 it is 0.2.
OUT_OF_SCOPE_SHARE = 0.1
# What tells right from wrong is learned with more of them, for else it is learned from questions in scope alone: on
# CLINC150 a share of 0.1 / 0.25 / 0.5 gives an AUROC of 0.913 / 0.918 / 0.922, and lets 69 / 66 / 62 % be answered with
# 95 % precision.
TELLING_SHARE = 0.25
# An exact phrasing counts as a score that no other question reaches.
HIGHEST = 3.0
# Three parts leave two thirds to learn from, at twice the cost of learning once. Above MOST_IN_PARTS phrasings one part
# is enough, a fifth of the phrasings and of the intents; and MOST_CALIBRATED phrasings tell as much as a million.
PARTS = 3
PARTS_OF_MANY = 5
MOST_IN_PARTS = 4500
MOST_CALIBRATED = 9000
FEWEST_EACH = 10
FEWEST_CASES = 30
RIDGE = 1.0
ROUNDS = 12
STEPS = 100


@dataclass(frozen=True, slots=True)
class Curve:
    """From signals to the chance of being right."""

    centres: Signals
    spreads: Signals
    weights: Signals
    """One for each signal, and a last one for all alike."""
    wrong: Signals = ()
    """For each threshold from 0 on, in steps of a hundredth: the share of the answers given that were wrong."""

    def read(self, signals: Signals) -> float:
        """Give the chance, 0 to 1."""
        total = self.weights[-1]
        for signal, centre, spread, weight in zip(signals, self.centres, self.spreads, self.weights, strict=False):
            total += weight * (signal - centre) / spread
        return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))

    def find_threshold(self, most_wrong: float) -> float:
        """Give the least confidence from which no larger share of the answers was wrong."""
        steps = (step for step, share in enumerate(self.wrong) if share <= most_wrong)
        return next(steps, len(self.wrong)) / STEPS


@dataclass(frozen=True, slots=True)
class Case:
    """What was seen of one phrasing that was left out."""

    signals: Signals
    right: bool
    in_scope: bool


def choose(ranking: Ranking, ranker: Ranker, out_of_scope: Collection[str]) -> Ranked | None:
    """Give the best intent that may be answered with."""
    return next((ranked for ranked in ranking.best if ranker.intents[ranked.intent] not in out_of_scope), None)


def measure(ranking: Ranking, ranker: Ranker, chosen: Ranked) -> Signals:
    """Take the signals: strength, leads, how much of the question the intent's phrasings hold, length; and its meaning.

    Picked one by one by what they added on the three validation splits; others, among them the likeness of the nearest
    phrasing, the entropy and the count of unknown words, added nothing to these. The count of repairs must not be among
    them: phrasings hold no slips, so that what is repaired in one that was left out is a word of no other phrasing.
    """
    others = [ranked for ranked in ranking.best if ranked is not chosen]
    scores = [min(ranked.score, HIGHEST) for ranked in others]
    second, third, *_ = [*scores, 0.0, 0.0]
    score = min(chosen.score, HIGHEST)
    held, held_content, content = _share_held(ranking, ranker, chosen.intent)
    signals = (min(chosen.words, HIGHEST), score - second, score - third, held, held_content, math.log1p(content))
    if ranking.vector is None:
        return signals
    return (*signals, chosen.meaning, ranker.find_phrasing(ranking, chosen.intent)[1])


def _share_held(ranking: Ranking, ranker: Ranker, intent: int) -> tuple[float, float, int]:
    """Give the share of the words, and of the content words, that an intent's phrasings hold; count the latter."""
    held = ranker.hold(intent)
    rarity, numbers = ranker.phrasings.rarity, ranker.phrasings.numbers
    total = content = ranker.rarest * len(ranking.unknown)
    total_held = content_held = 0.0
    count = 0
    for stem, sure in dict(ranking.terms).items():
        number = numbers.get(stem)
        if number is None:
            continue
        weight = sure * rarity[number]
        share = weight if number in held else 0.0
        total += weight
        total_held += share
        if stem not in STOP_STEMS:
            content += weight
            content_held += share
            count += 1
    return total_held / (total or 1.0), content_held / (content or 1.0), count


def calibrate(
    pairs: Sequence[Pair],
    build: Callable[[Sequence[Pair]], Ranker],
    out_of_scope: Collection[str],
    topics: Mapping[str, str],
    encoder: "Encoder | None" = None,
) -> Curve | None:
    """Learn the curve; None where too few phrasings are left out for it to mean anything.

    Where it is named what is out of scope, no intent is left out to stand for it.
    """
    parts = _leave_out(pairs, whole=not out_of_scope)
    cases = [case for kept, left in parts for case in _try(build(kept), left, _Goal(out_of_scope, topics), encoder)]
    if min(sum(case.right for case in cases), sum(not case.right for case in cases)) < FEWEST_CASES:
        return None
    return fit(cases)


def _thin(pairs: Sequence[Pair]) -> Sequence[Pair]:
    """Take fewer phrasings of each intent if they are too many; and if they still are, fewer intents."""
    if len(pairs) <= MOST_CALIBRATED:
        return pairs
    intents = sorted({intent for _, intent in pairs})
    each = max(FEWEST_EACH, MOST_CALIBRATED // len(intents))
    every = -(-len(intents) * each // MOST_CALIBRATED)
    chosen = set(intents[::every])
    seen: Counter[str] = Counter()
    thinned: list[Pair] = []
    for pair in pairs:
        if pair[1] in chosen and seen[pair[1]] < each:
            seen[pair[1]] += 1
            thinned.append(pair)
    return thinned


def is_tried(phrasing: str) -> bool:
    """Say whether a phrasing of a long list is left out and tried, by its hash: it stays so when others are added.

    The encoder that ships was told of none of these what it asks for; else it would be surer of them than it is right.
    """
    return int.from_bytes(hashlib.blake2b(phrasing.encode(), digest_size=4).digest()) % PARTS_OF_MANY == 0


def _leave_out(pairs: Sequence[Pair], *, whole: bool) -> Iterator[tuple[list[Pair], list[Pair]]]:
    """Part the pairs into those to learn from and those to try: of each intent a share, or of some the whole."""
    pairs = _thin(pairs)
    many = len(pairs) > MOST_IN_PARTS
    numbers = {intent: number for number, intent in enumerate(sorted({intent for _, intent in pairs}))}
    parts, turns = (PARTS_OF_MANY, 1) if many else (PARTS, PARTS)
    for turn in range(turns):
        kept: list[Pair] = []
        left: list[Pair] = []
        seen: Counter[str] = Counter()
        for pair in pairs:
            number = numbers[pair[1]]
            tried = is_tried(pair[0]) if many else (seen[pair[1]] + number) % parts == turn
            seen[pair[1]] += 1
            (left if tried or (whole and number % parts == turn) else kept).append(pair)
        yield kept, left


class _Goal(NamedTuple):
    """What a right choice is."""

    out_of_scope: Collection[str]
    topics: Mapping[str, str]


def _try(ranker: Ranker, left: Sequence[Pair], goal: _Goal, encoder: "Encoder | None") -> Iterator[Case]:
    """Ask what was left out. The answer of another intent of the same topic is right: it says what was asked about."""
    known = set(ranker.intents) - set(goal.out_of_scope)
    for phrasing, intent in left:
        ranking = ranker.rank(read_message(phrasing, ranker.vocabulary), encoder)
        if chosen := choose(ranking, ranker, goal.out_of_scope):
            signals = measure(ranking, ranker, chosen)
            given = ranker.intents[chosen.intent]
            right = goal.topics.get(given, given) == goal.topics.get(intent, intent)
            yield Case(signals, right, intent in known)


def fit(cases: Sequence[Case]) -> Curve:
    """Fit the curve: first what tells right from wrong, with many out of scope, then how sure to be, with few."""
    columns = list(zip(*(case.signals for case in cases), strict=True))
    centres = tuple(sum(column) / len(column) for column in columns)
    spreads = tuple(
        math.sqrt(sum((value - centre) ** 2 for value in column) / len(column)) or 1.0
        for column, centre in zip(columns, centres, strict=True)
    )
    rows = [[*((s - c) / d for s, c, d in zip(case.signals, centres, spreads, strict=True)), 1.0] for case in cases]
    right = [case.right for case in cases]
    telling = _climb(rows, right, _weigh(cases, TELLING_SHARE))
    lines = [[sum(map(mul, row, telling)), 1.0] for row in rows]
    slope, height = _climb(lines, right, _weigh(cases, OUT_OF_SCOPE_SHARE))
    *weights, level = (slope * weight for weight in telling)
    curve = Curve(centres, spreads, (*weights, level + height))
    return replace(curve, wrong=_share_wrong(cases, curve))


def _share_wrong(cases: Sequence[Case], curve: Curve) -> Signals:
    """Count what would have come of each threshold."""
    tried = sorted(
        (curve.read(case.signals), weigh, case.right)
        for case, weigh in zip(cases, _weigh(cases, OUT_OF_SCOPE_SHARE), strict=True)
    )
    shares = []
    for step in range(STEPS):
        given = [(weigh, right) for chance, weigh, right in tried if chance >= step / STEPS]
        total = sum(weigh for weigh, _ in given)
        shares.append(sum(weigh for weigh, right in given if not right) / total if total else 0.0)
    return tuple(shares)


def _weigh(cases: Sequence[Case], share: float) -> list[float]:
    """Weigh each case so that those out of scope make up the share."""
    inside = sum(case.in_scope for case in cases)
    outside = len(cases) - inside
    each = share / (1 - share) * inside / outside if outside else 1.0
    return [1.0 if case.in_scope else each for case in cases]


def _climb(rows: Sequence[Sequence[float]], right: Sequence[bool], weighs: Sequence[float]) -> list[float]:
    """Find the weights of the logistic regression, held back a little from extremes (ridge)."""
    size = len(rows[0])
    weights = [0.0] * size
    for _ in range(ROUNDS):
        slope = [-RIDGE * weight for weight in weights]
        bend = [[RIDGE if i == j else 0.0 for j in range(size)] for i in range(size)]
        for row, is_right, weigh in zip(rows, right, weighs, strict=True):
            chance = 1.0 / (1.0 + math.exp(-max(min(sum(map(mul, row, weights)), 30.0), -30.0)))
            miss = weigh * (is_right - chance)
            curve = weigh * chance * (1.0 - chance)
            for i, value in enumerate(row):
                slope[i] += miss * value
                line, scaled = bend[i], curve * value
                for j in range(i + 1):
                    line[j] += scaled * row[j]
        step = _solve(bend, slope)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def _solve(lower: list[list[float]], target: Sequence[float]) -> list[float]:
    """Solve a symmetric, positive system, of which the lower half is given (Cholesky)."""
    size = len(target)
    root = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = lower[i][j] - sum(root[i][k] * root[j][k] for k in range(j))
            root[i][j] = math.sqrt(max(rest, 1e-12)) if i == j else rest / root[j][j]
    half = [0.0] * size
    for i in range(size):
        half[i] = (target[i] - sum(root[i][k] * half[k] for k in range(i))) / root[i][i]
    whole = [0.0] * size
    for i in reversed(range(size)):
        whole[i] = (half[i] - sum(root[k][i] * whole[k] for k in range(i + 1, size))) / root[i][i]
    return whole
