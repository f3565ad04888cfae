"""How is a decision put into words? Curated texts one below the other: nothing is composed, no channel is known."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bot.content import Answer, Content
from bot.context import Context
from bot.decide import Decision, Kind

CONTACT = "safety.md#contact"
"""The line that says when to contact the clinic now."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says."""

    kind: Kind
    text: str
    """Markdown, ready to show: each text and answer, an answer with its title above and its source below."""
    answers: tuple[Answer, ...]
    """The ordinary answers in it."""
    options: tuple[str, ...]
    """Questions that can be sent back; each is sure to be answered."""
    context: Context
    """To be handed back with the next question."""

    def to_dict(self) -> dict[str, object]:
        """Give a dict that JSON can hold; the same shape on the command line and over HTTP."""
        return {
            "kind": self.kind.value,
            "text": self.text,
            "answers": [asdict(answer) for answer in self.answers],
            "options": list(self.options),
            "context": self.context.to_dict(),
        }


def make_reply(decision: Decision, content: Content) -> Reply:
    """Put a decision into words."""
    answers = tuple(content.answers[ref] for ref in decision.answers)
    blocks = [content.answers[ref].text for ref in decision.says]
    blocks += [_show(answer) for answer in answers]
    if _needs_contact(decision, content):
        blocks.append(content.answers[CONTACT].text)
    return Reply(
        kind=decision.kind,
        text="\n\n".join(blocks),
        answers=answers,
        options=tuple(_titles(decision.options, content)),
        context=decision.context,
    )


def _show(answer: Answer) -> str:
    return f"**{answer.title}**\n\n{answer.text}\n\n*Source: {answer.section}*"


def _needs_contact(decision: Decision, content: Content) -> bool:
    """Say whether the contact line follows: after every fallback and handover, and after answers on side effects."""
    if decision.kind in (Kind.FALLBACK, Kind.HANDOFF, Kind.CLINICIAN):
        return True
    return not content.with_contact.isdisjoint(decision.answers)


def _titles(refs: Iterable[str], content: Content) -> Iterable[str]:
    return (content.answers[ref].title for ref in refs)
