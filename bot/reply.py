"""How is a decision put into words? Curated texts one below the other: nothing is composed, no channel is known."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from bot.content import Answer, Content
from bot.context import Context
from bot.decide import Contact, Decision, Kind

CONTACT = "safety.md#contact"
"""The line that says when to contact the clinic now."""
GAP = "\n\n"
"""What stands between the blocks of a text."""


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
    contact: str = ""
    """The line on contacting the clinic that ends the text; "" for none."""
    contact_kind: Contact = Contact.NONE
    """Which line that is."""

    @property
    def body(self) -> str:
        """The text without the contact line, for channels that set it apart."""
        return self.text.removesuffix(self.contact).removesuffix(GAP) if self.contact else self.text

    def to_dict(self) -> dict[str, object]:
        """Give a dict that JSON can hold; the same shape on the command line and over HTTP."""
        return {
            "kind": self.kind.value,
            "text": self.text,
            "contact": self.contact,
            "answers": [asdict(answer) for answer in self.answers],
            "options": list(self.options),
            "context": self.context.to_dict(),
        }


def make_reply(decision: Decision, content: Content) -> Reply:
    """Put a decision into words."""
    answers = tuple(content.answers[ref] for ref in decision.answers)
    blocks = [content.answers[ref].text for ref in decision.says]
    blocks += [_show(answer) for answer in answers]
    contact = "" if decision.contact is Contact.NONE else content.answers[f"safety.md#{decision.contact}"].text
    return Reply(
        kind=decision.kind,
        text=GAP.join(filter(None, [*blocks, contact])),
        answers=answers,
        options=tuple(_titles(decision.options, content)),
        context=decision.context,
        contact=contact,
        contact_kind=decision.contact,
    )


def _show(answer: Answer) -> str:
    return f"**{answer.title}**\n\n{answer.text}\n\n*Source: {answer.section}*"


def _titles(refs: Iterable[str], content: Content) -> Iterable[str]:
    return (content.answers[ref].title for ref in refs)
