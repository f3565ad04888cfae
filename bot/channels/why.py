"""Why did the bot say that? How it read, what it found, how it judged, in blocks for whoever writes the answers.

All of it is taken from the decision itself. Each part of the explanation is one function in PARTS: a new stage of the
flow adds one line there.
"""

from collections.abc import Callable, Iterator
from textwrap import shorten

from bot import Bot, Context, Explanation
from bot.bot import MOST_TOLD
from bot.channels.markdown import Look, Paragraph, Span, entries, paragraph
from bot.decide import Contact, explain_contact
from bot.match import Candidate
from bot.safety import Alert, Band, Near, Seen

MOST_QUOTED = 160
"""Letters that are quoted of an example; some tell a whole day."""
EVIDENCE = {
    "denied": "it is denied",
    "asked": "it is asked in general",
    "over": "it is over",
    "past": "it was long ago",
    "others": "it is somebody else's",
    "elsewhere": "it is of another cause",
}
"""What silences a sign, in words."""
BANDS = {Band.ALARM: "as good as sure", Band.CAREFUL: "not surely"}
CONTACTS = {
    Contact.FULL: "the full line on the clinic",
    Contact.SHORT: "the short line on the clinic",
    Contact.NONE: "no line on the clinic",
}


def explain(bot: Bot, question: str, context: Context) -> tuple[Paragraph, ...]:
    """Explain what a question gets in its context."""
    return show_explanation(bot.explain(question, context))


def show_explanation(explanation: Explanation) -> tuple[Paragraph, ...]:
    """Lay an explanation out."""
    return tuple(block for part in PARTS for block in part(explanation))


def _name_question(explanation: Explanation) -> Iterator[Paragraph]:
    yield Paragraph((Span("Why: ", Look.STRONG), Span(explanation.message.text, Look.STRONG)))


def _show_decision(explanation: Explanation) -> Iterator[Paragraph]:
    decision = explanation.decision
    said = ", ".join((*decision.says, *decision.answers)) or "nothing"
    yield paragraph(f"Decided: {decision.kind.value}, since {decision.reason}.")
    yield paragraph(f"Said: {said}", tight=True)
    yield paragraph(f"At its end: {CONTACTS[decision.contact]}, since {explain_contact(decision)}.", tight=True)


def _show_reading(explanation: Explanation) -> Iterator[Paragraph]:
    message = explanation.message
    rows = [f"'{typed}' was read as '{known}'" for typed, known in message.repairs]
    if message.unknown:
        rows.append("no phrasing knows " + ", ".join(f"'{word}'" for word in message.unknown))
    if explanation.context.topics:
        rows.append(
            "answered before, the last one first: " + ", ".join(f"'{name}'" for name in explanation.context.topics)
        )
    yield from entries(rows)


def _show_danger(explanation: Explanation) -> Iterator[Paragraph]:
    finding = explanation.finding
    taken = _name_alert(finding.alert) if finding.alert else "no sign that counts was found"
    yield paragraph(f"Danger: {taken}.")
    rows = [*map(_name_seen, finding.seen), *_name_near(finding.near)]
    if nearest := explanation.nearest:
        text = shorten(nearest.text, MOST_QUOTED, placeholder=" ...")
        rows.append(f"of the examples it is nearest to '{text}' ({nearest.label}, sign '{nearest.sign}')")
    yield from entries(rows)


def _name_alert(alert: Alert) -> str:
    return f"taken for the sign '{alert.sign}' ({alert.tier.value}), {BANDS[alert.band]}"


def _name_seen(seen: Seen) -> str:
    if not seen.against:
        return f"the sign '{seen.sign}' shows in '{seen.words}'"
    why = " and ".join(EVIDENCE.get(kind, kind) for kind in seen.against)
    return f"'{seen.words}' is no sign '{seen.sign}' here, since {why}"


def _name_near(near: tuple[Near, ...]) -> Iterator[str]:
    for at, part in enumerate(near):
        named = f"its likeliest sentence, '{part.text}'," if at else "the whole message"
        yield f"{named} comes {name_share(part.harmless)}"


def name_share(harmless: float) -> str:
    """Say how near to an alarm a text comes, by the share of harmless messages that come as near."""
    counted = round(harmless * 1000)
    if not harmless:
        return "nearer to danger than any harmless message that was counted"
    if counted > 500:
        return "no nearer to danger than most harmless messages"
    return f"as near to danger as {max(counted, 1):,} of 1,000 harmless messages"


def _show_candidates(explanation: Explanation) -> Iterator[Paragraph]:
    if explanation.turn is None:
        yield paragraph("What it asks was not looked at any more.")
        return
    match = explanation.turn.whole.match
    shown = match.candidates[:MOST_TOLD]
    yield paragraph("Nearest intents, with their score out of 100:" if shown else "No intent came near.")
    for number, candidate in enumerate(shown, 1):
        yield Paragraph(_name_candidate(candidate), marker=f"{number}. ", tight=True)
    if shown:
        yield paragraph(f"Confidence {match.confidence:.2f}, known words {match.coverage:.0%}.")


def _name_candidate(candidate: Candidate) -> tuple[Span, ...]:
    counted = ", ".join(f"{word} {weight:.2f}" for word, weight in candidate.words[:6])
    return (
        Span(f"{candidate.intent} {candidate.score:.1f}", Look.STRONG),
        Span(f" by '{candidate.phrasing}'"),
        Span(f" ({counted})" if counted else "", Look.SOFT),
    )


PARTS: tuple[Callable[[Explanation], Iterator[Paragraph]], ...] = (
    _name_question,
    _show_decision,
    _show_reading,
    _show_danger,
    _show_candidates,
)
"""What is explained, from top to bottom."""
