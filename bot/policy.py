"""When is a reading good enough? Each setting of the judgement, with its range; `decide.py` makes use of them."""

from dataclasses import dataclass, fields, replace

from bot.context import MOST_REFS
from bot.matching.confidence import Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Say when the best intent is good enough."""

    most_wrong: float = 0.08
    """The largest share of wrong answers among those given, counted on phrasings that were left out, 0 to 1."""
    most_wrong_by_words: float = 0.1
    """The same where words alone are read: there, what was left out is harder than what people ask."""
    threshold: float = 0.5
    """The confidence from which the best intent is answered, 0 to 1; it follows from `most_wrong` where there are
    phrasings enough to count (`set_threshold`)."""
    clarify: float = 0.25
    """The confidence from which it is worth asking which was meant."""
    split: float = 0.65
    """The confidence from which a part of a message stands as a question of its own."""
    beside_clinician: float = 0.6
    """The confidence from which the article's answer follows the advice to ask a clinician."""
    told: float = 0.8
    """The same for one that is not put as a question."""
    follow: float = 0.4
    """How sure it must be which side of a topic a follow-up asks for."""
    named: float = 45.0
    """The score from which a part that is out of scope is named as not answered, 0 to 100."""
    small_talk: float = 0.5
    """The confidence from which a message is small talk."""
    offered: float = 5.0
    """The score from which an intent is offered where there is no answer, 0 to 100."""
    margin: float = 6.0
    """Candidates within so many points of the best are offered beside it."""
    most_options: int = 3
    most_answers: int = 3
    misses: int = 2
    """After so many questions in a row without an answer, the person is handed over."""

    def __post_init__(self) -> None:
        """Refuse what no judgement can be made with."""
        for setting in fields(self):
            _check_setting(setting.name, getattr(self, setting.name), counted=isinstance(setting.default, int))

    def set_threshold(self, curve: Curve | None, *, meant: bool) -> "Policy":
        """Give the policy with the threshold that keeps the share of wrong answers, with meaning read or without."""
        if curve is None:  # too few phrasings to measure anything; small talk among them is told by its words
            return replace(self, small_talk=min(self.small_talk, UNMEASURED_TALK))
        return replace(self, threshold=curve.find_threshold(self.most_wrong if meant else self.most_wrong_by_words))


UNMEASURED_TALK = 0.3

_RANGES = {
    "threshold": (0, 2),  # above 1 nothing is answered: so it may come out where no threshold keeps the share
    "named": (0, 100),
    "offered": (0, 100),
    "margin": (0, 100),
    "most_options": (1, MOST_REFS),
    "most_answers": (1, MOST_REFS),
    "misses": (1, 9),  # a context counts no further
}
"""From where to where a setting may be; a share or a confidence, where nothing is said, from 0 to 1."""


def _check_setting(name: str, value: object, *, counted: bool) -> None:
    least, most = _RANGES.get(name, (0, 1))
    right = f"give a {'whole ' if counted else ''}number from {least} to {most}"
    if isinstance(value, bool) or not isinstance(value, int if counted else int | float):
        raise TypeError(f"policy: {name} is {type(value).__name__}; {right}")
    if not least <= value <= most:  # NaN is neither
        raise ValueError(f"policy: {name} is {value}; {right}")
