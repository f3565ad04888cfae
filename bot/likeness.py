"""How like is a text to the examples of danger? Two readers answer as one: of words, and where it is there, of meaning.

A reader gives a score for each head; the higher, the likelier. What a score is worth was measured on messages by people
of whom no sentence was learned: the curve says how many harmless ones come as high.
"""

import json
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, TypedDict

from rapidfuzz.fuzz import token_set_ratio
from rapidfuzz.process import extractOne

from bot.content import ORDINARY, Example, SafetyRules
from bot.examples import NO_WORDS, Words, label, learn_words
from bot.index import Memory
from bot.meaning import (
    HEADS,
    HERE,
    MODEL,
    WIDTH,
    Encoder,
    find_encoder,
    find_lack,
    hash_model,
    name_fault,
)
from bot.message import Message
from bot.text import flatten

if TYPE_CHECKING:
    from bot.meaning import Vectors

_log = logging.getLogger(__name__)

ALARM, CRISIS, VIOLENCE, EMERGENCY, CLINICIAN = NAMES = ("alarm", "crisis", "violence", "emergency", "clinician")
"""The heads: that something must be done today or at once; that it is one of three kinds; that a clinician answers."""
LIKELIEST = 3.0
"""Where the score of the words ends: what stands word for word in an example is no likelier than that."""

SUREST = 4.0
"""Where the logit of the meaning ends on either side: the encoder is surer of itself than it is right."""
WORDS = 4.0
"""What the margin of the words counts beside it. On 115 held-out signs and 290 harmless messages, and 134 and 745 of a
second sample, the two together saw more signs at each share of harmless ones than with a quarter of it, or no bound."""

SHORTEST = 3
"""Words from which a sentence is read by itself; a shorter one is read with the next."""
MOST_PARTS = 40
"""About so many parts are read by themselves: of hundreds of tiny sentences, several are read together."""

Curve = Mapping[str, Sequence[float]]
"""For each head, the scores of messages that its sign is not in, ascending."""


class _Shipped(TypedDict):
    """What stands in `danger.json`."""

    encoder: str
    """The SHA-256 of the encoder's file that it was learned and measured with."""
    weights: dict[str, list[float]]
    bias: dict[str, float]
    whole: dict[str, list[float]]
    parts: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Heads:
    """What the vectors of the encoder mean for danger: one row of weights for each of NAMES."""

    weights: "Vectors"
    bias: "Vectors"

    def score(self, vectors: "Vectors") -> list[dict[str, float]]:
        """Give the scores of each vector, as logits."""
        rows = (vectors @ self.weights.T + self.bias).tolist()
        return [dict(zip(NAMES, map(float, row), strict=True)) for row in rows]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Both readers, ready to be asked."""

    words: Words
    exact: Mapping[str, Example]
    """The examples that are no ordinary ones, by what they say word for word."""
    ordinary: frozenset[str]
    """What the ordinary ones say."""
    encoder: Encoder | None
    heads: Heads | None
    whole: Curve
    """Empty where likeness is not told."""
    parts: Curve
    """The same for the likeliest of a message's sentences."""

    def score(self, messages: Sequence[Message], encoder: Encoder | None = None) -> list[dict[str, float]]:
        """Give the score of each message for each head: what its meaning and what its words speak for, added."""
        scores = [_weigh_words(message, self.words) for message in messages]
        if self.encoder is None or self.heads is None or not messages:
            return scores
        meant = self.heads.score((encoder or self.encoder).encode([message.mended for message in messages]))
        return [_add(one, other) for one, other in zip(meant, scores, strict=True)]

    def find_exact(self, message: Message) -> Example | None:
        """Give the example that a message repeats word for word."""
        return self.exact.get(flatten(message.text))

    def is_ordinary(self, message: Message) -> bool:
        """Say whether a message repeats an ordinary example word for word: whoever adds one can rely on it."""
        return flatten(message.text) in self.ordinary

    def find_nearest(self, text: str, labels: Sequence[str]) -> Example | None:
        """Give the example of some labels that is nearest in its words."""
        among = [said for said, example in self.exact.items() if label(example) in labels]
        found = extractOne(flatten(text), among, scorer=token_set_ratio)
        return self.exact[found[0]] if found else None


def _add(meaning: Mapping[str, float], words: Mapping[str, float]) -> dict[str, float]:
    return {head: max(-SUREST, min(meaning[head], SUREST)) + WORDS * words[head] for head in NAMES}


def build_likeness(
    rules: SafetyRules, asked: Sequence[str], read: Callable[[str], Message], memory: Memory | None = None
) -> Likeness:
    """Learn the examples' words, and measure on what is held out; `asked` are the phrasings of ordinary questions.

    The curves of both readers together were measured when the encoder was made. What was learned before is taken from
    the memory. Where there is nothing to learn or to measure, only what stands in an example word for word is told.
    """
    exact = {flatten(example.text): example for example in rules.examples if example.label != ORDINARY}
    ordinary = frozenset(flatten(example.text) for example in rules.examples if example.label == ORDINARY)
    if rules.find_lack():
        return Likeness(NO_WORDS, exact, ordinary, None, None, {}, {})
    words = learn_words(rules.examples, asked, memory)
    if meaning := find_meaning():
        return Likeness(words, exact, ordinary, meaning.encoder, meaning.heads, meaning.whole, meaning.parts)
    alone = Likeness(words, exact, ordinary, None, None, {}, {})
    curves = measure(alone, rules.held_out, read)
    return replace(alone, whole=curves["whole"], parts=curves["parts"])


def measure(likeness: Likeness, held_out: Sequence[Example], read: Callable[[str], Message]) -> dict[str, Curve]:
    """Give the curves `whole` and `parts`: the scores of harmless messages that were not learned from, ascending."""
    curves: dict[str, dict[str, list[float]]] = {"whole": {name: [] for name in NAMES}, "parts": {ALARM: []}}
    for example in held_out:
        if example.label != ORDINARY:
            continue
        message = read(example.text)
        whole, *parts = likeness.score((message, *find_parts(message)))
        for name in NAMES:
            curves["whole"][name].append(whole[name])
        curves["parts"][ALARM].append(max((part[ALARM] for part in parts), default=whole[ALARM]))
    return {kind: {name: sorted(scores) for name, scores in curve.items()} for kind, curve in curves.items()}


LABELS = {
    "crisis": CRISIS,
    "violence": VIOLENCE,
    "emergency": EMERGENCY,
    "today": ALARM,
    "clinician": CLINICIAN,
}
"""The label that examples are learned under, and the head that it speaks for most."""


def _weigh_words(message: Message, words: Words) -> dict[str, float]:
    """Give by how much the words of a message speak for each head rather than for anything else."""
    found = words.weigh(message)
    score = {name: min(found.get(name, -1.0), LIKELIEST) for name in (*LABELS, ORDINARY)}
    danger = max(score["crisis"], score["violence"], score["emergency"], score["today"])
    margins = {ALARM: danger - max(score[ORDINARY], score["clinician"])}
    for name in ("crisis", "violence", "emergency", "clinician"):
        margins[LABELS[name]] = score[name] - max(score[other] for other in score if other != name)
    return margins


def find_parts(message: Message) -> tuple[Message, ...]:
    """Give the sentences that are read by themselves; none where there is but one.

    A sentence of a word or two is read with the one after it: "Day three. It weeps."
    """
    least = max(SHORTEST, len(message.words) // MOST_PARTS)
    parts: list[list[int]] = [[]]
    for start, end in message.bounds():
        parts[-1] += range(start, end)
        if len(parts[-1]) >= least:
            parts.append([])
    kept = [part for part in parts if part]
    return tuple(message.pick(part) for part in kept) if len(kept) > 1 else ()


# --- what ships ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meaning:
    """What reads danger in what a text means: all of it, or none."""

    encoder: Encoder
    heads: Heads
    whole: Curve
    parts: Curve


def find_meaning() -> Meaning | None:
    """Give what reads meaning, made once; None where there is none, and `describe_meaning` says why."""
    return _open()[0]


def describe_meaning() -> str:
    """Say whether meaning is read, by which file, and if not, why and what to do: in one line, for whoever runs it."""
    meaning, lack = _open()
    if meaning is None:
        return f"meaning: not read, words alone are ({lack})"
    return f"meaning: read by {MODEL.relative_to(HERE.parent.parent).as_posix()} sha256 {hash_model()}"


@cache
def _open() -> tuple[Meaning | None, str]:
    encoder = find_encoder()
    if encoder is None:
        return None, find_lack()
    try:
        return Meaning(encoder, *read_heads()), ""
    except (OSError, ValueError, LookupError, TypeError):
        fault = name_fault(HEADS, "does not hold what was learned with the encoder")
        _log.warning(fault)
        return None, fault


def read_heads() -> tuple[Heads, Curve, Curve]:
    """Read what was learned of the encoder's vectors, and the curves that were measured with it.

    Raises:
        OSError, ValueError, LookupError, TypeError: the file is not what was written with the encoder.
    """
    import numpy as np  # noqa: PLC0415 - there only with the extra `meaning`

    data: _Shipped = json.loads(HEADS.read_text(encoding="utf-8"))
    if data["encoder"] != hash_model():
        raise ValueError("it was learned with another encoder")
    weights = np.array([data["weights"][name] for name in NAMES], np.float32)
    bias = np.array([data["bias"][name] for name in NAMES], np.float32)
    if weights.shape != (len(NAMES), WIDTH) or bias.shape != (len(NAMES),):
        raise ValueError(f"the weights have another shape than {len(NAMES)} rows of {WIDTH}")
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise ValueError("a weight is no number")
    return Heads(weights, bias), _read_curve(data["whole"], NAMES), _read_curve(data["parts"], (ALARM,))


def _read_curve(plain: Mapping[str, Sequence[float]], names: Sequence[str]) -> Curve:
    """Take scores as they are counted: ascending, and some of them; among none, nothing would ever be near."""
    curve = {name: [float(score) for score in plain[name]] for name in names}
    for scores in curve.values():
        if not scores or not all(map(math.isfinite, scores)) or scores != sorted(scores):
            raise ValueError("the scores of a curve are not there, or not ascending")
    return curve
