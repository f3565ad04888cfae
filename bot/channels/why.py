"""Why did the bot say that? What was found and how it was judged, in blocks for whoever writes the answers.

Each part of the explanation is one function in PARTS: a new stage of the flow adds one line there.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot import Bot, Context
from bot.channels.markdown import Block, Look, Span, entries, paragraph
from bot.decide import Decision
from bot.match import Candidate, Match

MOST_SHOWN = 3
"""Candidates that are explained; the rest is noise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, and what each stage made of it."""

    question: str
    context: Context
    """What the question was asked in; empty at the start of a conversation."""
    match: Match
    decision: Decision


def explain(bot: Bot, question: str, context: Context) -> tuple[Block, ...]:
    """Explain what a question gets in its context."""
    finding = Finding(question, context, bot.match(question), bot.decide(question, context))
    return tuple(block for part in PARTS for block in part(finding))


def _name_question(finding: Finding) -> Iterator[Block]:
    yield Block((Span("Why: ", Look.STRONG), Span(finding.question, Look.STRONG)))


def _show_decision(finding: Finding) -> Iterator[Block]:
    said = ", ".join((*finding.decision.says, *finding.decision.answers)) or "nothing"
    yield paragraph(f"Decided: {finding.decision.kind.value}, since {finding.decision.reason}.")
    yield paragraph(f"Said: {said}", tight=True)


def _show_reading(finding: Finding) -> Iterator[Block]:
    match = finding.match
    rows = [f"'{typed}' was read as '{known}'" for typed, known in match.repairs]
    if match.unknown:
        rows.append("no phrasing knows " + ", ".join(f"'{word}'" for word in match.unknown))
    if finding.context.topic:
        rows.append(f"the topic so far was '{finding.context.topic}'")
    yield from entries(rows)


def _show_candidates(finding: Finding) -> Iterator[Block]:
    shown = finding.match.candidates[:MOST_SHOWN]
    yield paragraph("Nearest intents, with their score out of 100:" if shown else "No intent came near.")
    for number, candidate in enumerate(shown, 1):
        yield Block(_name_candidate(candidate), marker=f"{number}. ", tight=True)
    if shown:
        match = finding.match
        yield paragraph(f"Confidence {match.confidence:.2f}, known words {match.coverage:.0%}.")


def _name_candidate(candidate: Candidate) -> tuple[Span, ...]:
    counted = ", ".join(f"{word} {weight:.2f}" for word, weight in candidate.words[:6])
    return (
        Span(f"{candidate.intent} {candidate.score:.1f}", Look.STRONG),
        Span(f" by '{candidate.phrasing}'"),
        Span(f" ({counted})" if counted else "", Look.SOFT),
    )


PARTS: tuple[Callable[[Finding], Iterator[Block]], ...] = (
    _name_question,
    _show_decision,
    _show_reading,
    _show_candidates,
)
"""What is explained, from top to bottom."""
