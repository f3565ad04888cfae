"""Which words speak for danger? Learned from the examples, as the words of phrasings are, and kept as numbers alone.

A feature is known by its hash: there are tens of thousands, and a start that found them in a cache need not make them.
"""

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.content import ORDINARY, Example
from bot.index import Memory
from bot.matching.features import make_features
from bot.matching.learned import Rows, Weights, learn_weights
from bot.message import Message
from bot.words import drop_polite, find_spoken, split_words, stem

LEAST_USES = 3
"""Texts that must hold a feature: with rarer ones, more held-out signs were missed, and eight times as much is kept."""
VIOLENT = ("violence", "assault-by-staff")
"""The signs of danger from another person; they are learned apart, since what is said to them is another text."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was learned."""

    labels: tuple[str, ...]
    weights: Weights

    def weigh(self, message: Message) -> dict[str, float]:
        """Give what the words of a message speak for: labels with their score, where it is above 0."""
        terms = [(message.stems[at], message.spelt[at].sure) for at in find_spoken(message.words)]
        vector, _ = self.weights.weigh(make_features(terms))
        found = self.weights.find_best(vector, len(self.labels))
        return {self.labels[number]: score for number, score in found.items()}


NO_WORDS = Words((), Weights({}, array("f"), 0.0, *Rows(), 0))
"""What is learned from nothing."""


def label(example: Example) -> str:
    """Give what an example is learned as: its tier, "violence" or "ordinary"."""
    return "violence" if example.sign in VIOLENT else example.label


def learn_words(examples: Sequence[Example], asked: Sequence[str], memory: Memory | None) -> Words:
    """Learn the words of the examples; `asked` are the phrasings of what is ordinarily asked."""
    pairs = sorted({(example.text, label(example)) for example in examples} | {(text, ORDINARY) for text in asked})
    pairs.sort(key=lambda pair: pair[1])
    labels = tuple(dict.fromkeys(name for _, name in pairs))
    key = hashlib.sha256(json.dumps(pairs).encode()).hexdigest()
    if memory is not None:
        with suppress(ValueError):
            return Words(labels, Weights.from_plain(memory.find(key), len(labels)))
    weights = _learn(pairs, labels)
    if memory is not None:
        memory.keep(key, weights.to_plain())
    return Words(labels, weights)


def _learn(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> Weights:
    sample = [make_features([(stem(word), 1.0) for word in drop_polite(split_words(text))]) for text, _ in pairs]
    uses = Counter(name for features in sample for name in features)
    kept = [{name: sure for name, sure in features.items() if uses[name] >= LEAST_USES} for features in sample]
    owners = [labels.index(name) for _, name in pairs]
    return learn_weights(kept, owners, len(labels))
