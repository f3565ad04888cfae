"""By what is one text compared with another? Terms go in, named features come out, each with how sure it is.

A term is a stem and how sure we are of it: 1 as typed, less where a misspelt word was repaired (soft TF-IDF: Cohen,
Ravikumar and Fienberg 2003). Features carry readable names, since they are shown to whoever asks why.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.words import STOP_STEMS

Term = tuple[str, float]
Features = dict[str, float]

# What each kind of feature weighs against a plain word, measured on the validation splits of BANKING77, CLINC150 and
# HWU64 with 10 phrasings an intent (accuracy in %).
NEIGHBOURS = 0.45  # "long last"; 0.8 costs BANKING77 three points, 0.25 costs CLINC150 one
ENDS = 0.4  # "^ how", "long $": HWU64 +0.7
SKIPPED = 0.3  # "how * take": CLINC150 with all phrasings +0.3
TOGETHER = 0.35  # "bill & pay", in any order: BANKING77 +0.9
# Pairs grow with the square of the words; beyond this many content words a long message would pay for little.
MOST_TOGETHER = 8


def make_features(terms: Sequence[Term]) -> Features:
    """Give words, neighbours, pairs one word apart, first and last word, and content words that stand together."""
    features: Features = {}
    for stem, sure in terms:
        _keep(features, stem, sure)
    if not terms:
        return features
    (first, first_sure), (last, last_sure) = terms[0], terms[-1]
    _keep(features, f"^ {first}", ENDS * first_sure)
    _keep(features, f"{last} $", ENDS * last_sure)
    for (left, left_sure), (right, right_sure) in pairwise(terms):
        _keep(features, f"{left} {right}", NEIGHBOURS * min(left_sure, right_sure))
    for (left, left_sure), (right, right_sure) in zip(terms, terms[2:], strict=False):
        _keep(features, f"{left} * {right}", SKIPPED * min(left_sure, right_sure))
    for left, right, sure in _together(terms):
        _keep(features, f"{left} & {right}", TOGETHER * sure)
    return features


def _keep(features: Features, name: str, weight: float) -> None:
    if weight > features.get(name, 0.0):
        features[name] = weight


def _together(terms: Sequence[Term]) -> Iterable[tuple[str, str, float]]:
    sure = dict(term for term in terms if term[0] not in STOP_STEMS)
    content = sorted(sure)[:MOST_TOGETHER]
    for at, left in enumerate(content):
        for right in content[at + 1 :]:
            yield left, right, min(sure[left], sure[right])


def weigh_rarity(users: int, uses: int, intents: int, phrasings: int) -> float:
    """Weigh a word: the fewer intents and the fewer phrasings use it, the more it tells.

    The geometric mean of both. Counting intents alone costs CLINC150 a point (10 phrasings an intent), counting
    phrasings alone costs BANKING77 a point and HWU64 half a point; the mean costs neither.
    """
    return math.sqrt(math.log(1 + intents / users) * math.log(1 + phrasings / uses))
