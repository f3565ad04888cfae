"""What should the bot do? All judgement is here, in one pure function."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.content import Content
from bot.context import Context
from bot.match import Candidate, Match
from bot.text import normalise


class Kind(StrEnum):
    """What a reply is; there is no other."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"
    CLINICIAN = "clinician"
    URGENT = "urgent"
    CRISIS = "crisis"
    HANDOFF = "handoff"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Say when the best intent is good enough."""

    threshold: float = 0.22
    """The confidence from which the best intent is answered, 0 to 1."""
    clarify: float = 0.15
    """The confidence from which it is worth asking which was meant."""
    margin: float = 6.0
    """Candidates within so many points of the best are offered beside it."""
    most_options: int = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be said, by ref."""

    kind: Kind
    says: tuple[str, ...] = ()
    """The bot's own texts, said first."""
    answers: tuple[str, ...] = ()
    """Ordinary answers, in the order they are given."""
    options: tuple[str, ...] = ()
    """Answers that are offered by their title."""
    context: Context = field(default_factory=Context)
    reason: str = ""
    """Why, in a sentence, for whoever asks."""


def decide(question: str, match: Match, content: Content, context: Context, policy: Policy) -> Decision:
    """Judge what one question gets."""
    if not any(letter.isalnum() for letter in normalise(question)):
        return _say(Kind.SMALL_TALK, "bot.md#empty", context, "nothing was asked")
    best = match.candidates[0] if match.candidates else None
    inside = [c for c in match.candidates if _is_ordinary(c.intent, content)]
    if best is None or best.intent in content.out_of_scope or match.confidence < policy.clarify:
        return _fall_back(question, inside, content, context)
    if best.intent in content.intents and not _is_ordinary(best.intent, content):
        return _small_talk(content.intents[best.intent].answer, question, context)
    if match.confidence >= policy.threshold:
        return _answer(best, content, match)
    return _clarify(inside, content, policy, context, match)


def _is_ordinary(intent: str, content: Content) -> bool:
    """Say whether an intent leads to an answer from the article."""
    return intent in content.intents and bool(content.answers[content.intents[intent].answer].section)


def _say(kind: Kind, ref: str, context: Context, reason: str) -> Decision:
    """Say one of the bot's own texts; what was offered before stays on offer."""
    return Decision(kind, says=(ref,), context=replace(context, said=(ref,)), reason=reason)


def _small_talk(ref: str, question: str, context: Context) -> Decision:
    """Say a text of `bot.md`, or what a word like "again" asks for."""
    if ref == "bot.md#handoff":
        return replace(_say(Kind.HANDOFF, ref, context, "a person was asked for"), context=Context(said=(ref,)))
    return _say(Kind.SMALL_TALK, ref, context, f"'{question.strip()[:40]}' is small talk")


def _answer(best: Candidate, content: Content, match: Match) -> Decision:
    intent = content.intents[best.intent]
    return Decision(
        Kind.ANSWER,
        answers=(intent.answer,),
        options=intent.next,
        context=Context(topic=intent.name, said=(intent.answer,), options=intent.next),
        reason=f"'{best.intent}' is right with a confidence of {match.confidence:.2f}",
    )


def _clarify(inside: list[Candidate], content: Content, policy: Policy, context: Context, match: Match) -> Decision:
    near = [c for c in inside if c.score >= inside[0].score - policy.margin]
    options = _refs(near or inside, content)[: policy.most_options]
    if len(options) < 2:
        options = _refs(inside, content)[:2]
    says = ("bot.md#clarify",)
    return Decision(
        Kind.CLARIFY,
        says=says,
        options=options,
        context=Context(topic=context.topic, said=says, options=options, misses=context.misses),
        reason=f"a confidence of {match.confidence:.2f} is enough to ask back, not to answer",
    )


def _fall_back(question: str, inside: list[Candidate], content: Content, context: Context) -> Decision:
    misses = min(context.misses + 1, 9)
    says = ("bot.md#fallback",) if misses == 1 else ("bot.md#fallback-again",)
    options = _refs(inside, content)[:3]
    return Decision(
        Kind.FALLBACK,
        says=says,
        options=options,
        context=Context(topic=context.topic, said=says, options=options, misses=misses, unanswered=question[:500]),
        reason="no intent is near enough to be answered",
    )


def _refs(candidates: Iterable[Candidate], content: Content) -> tuple[str, ...]:
    return tuple(dict.fromkeys(content.intents[c.intent].answer for c in candidates))
