"""What do the figures mean? Each is a plain function of what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, answered."""

    score: float
    right: bool
    in_scope: bool


def rate(outcomes: Sequence[Outcome]) -> float:
    """Give the share of in-scope questions whose best intent is right, in percent."""
    asked = [outcome for outcome in outcomes if outcome.in_scope]
    return 100 * sum(outcome.right for outcome in asked) / len(asked)


def tell_apart(outcomes: Sequence[Outcome]) -> float | None:
    """Give the chance that a question in scope scores above one out of scope (AUROC; ties count half)."""
    ranked = sorted(outcomes, key=lambda outcome: outcome.score)
    inside = sum(outcome.in_scope for outcome in ranked)
    outside = len(ranked) - inside
    if not outside:
        return None
    won = 0.0
    at = below = 0
    while at < len(ranked):
        tied = [outcome for outcome in ranked[at:] if outcome.score == ranked[at].score]
        lost = sum(not outcome.in_scope for outcome in tied)
        won += (len(tied) - lost) * (below + lost / 2)
        below += lost
        at += len(tied)
    return won / (inside * outside)


def cover(outcomes: Sequence[Outcome], precision: float = 0.95) -> float:
    """Give the largest share of in-scope questions answered while so many of all answers are right, in percent."""
    inside = sum(outcome.in_scope for outcome in outcomes)
    best = answered = right = 0
    for number, outcome in enumerate(sorted(outcomes, key=lambda outcome: -outcome.score), 1):
        answered += outcome.in_scope
        right += outcome.right
        if right >= precision * number:
            best = answered
    return 100 * best / inside


def miscalibrate(outcomes: Sequence[Outcome], bins: int = 10) -> float:
    """Give the expected calibration error: how far confidence lies from the share that is right, bin by bin."""
    total = 0.0
    for number in range(bins):
        held = [outcome for outcome in outcomes if min(int(outcome.score * bins), bins - 1) == number]
        total += abs(sum(outcome.score for outcome in held) - sum(outcome.right for outcome in held))
    return total / len(outcomes)
