"""How is a decision put into words? Curated texts one below the other: nothing is composed, no channel is known.

A reply is blocks, and its text is made of them: whoever shows one draws the blocks, and reads no Markdown back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.content import Answer, Content
from bot.context import Context
from bot.decide import Contact, Decision, Kind, is_told_first

CONTACT = "safety.md#contact"
"""The line that says when to contact the clinic now."""
UNANSWERED = "bot.md#unanswered"
"""What is said under the name of something that there is no approved answer to."""
GAP = "\n\n"
"""What stands between the blocks of a text."""


class Part(StrEnum):
    """What a block of a reply is."""

    URGENT = "urgent"
    """What must be seen before anything else, and stands alone."""
    NOTICE = "notice"
    """A text of the bot's own."""
    ANSWER = "answer"
    """An answer of the article, with its title and its source."""
    UNANSWERED = "unanswered"
    """What was asked besides, under its name, and that there is no approved answer to it."""
    CONTACT = "contact"
    """When to contact the clinic now, and when to call for help."""
    CONTACT_SHORT = "contact-short"
    """How the clinic is reached."""


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a reply."""

    part: Part
    text: str
    """Markdown, byte for byte as it was written by a person."""
    title: str = ""
    source: str = ""
    """Where in the article it comes from."""
    ref: str = ""

    @property
    def markdown(self) -> str:
        """All of it as Markdown, ready to show."""
        title = f"**{self.title}**" if self.title else ""
        source = f"*From {self.source}*" if self.source else ""
        return GAP.join(filter(None, [title, self.text, source]))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says."""

    kind: Kind
    blocks: tuple[Block, ...]
    """Its parts, in the order in which they are shown."""
    answers: tuple[Answer, ...]
    """The ordinary answers in it."""
    options: tuple[str, ...]
    """Questions that can be sent back; each is sure to be answered."""
    context: Context
    """To be handed back with the next question."""

    @property
    def text(self) -> str:
        """All of it as Markdown, ready to show."""
        return GAP.join(block.markdown for block in self.blocks)

    @property
    def contact(self) -> str:
        """The line on contacting the clinic that ends the text; "" for none."""
        last = self.blocks[-1] if self.blocks else None
        return last.text if last and last.part in (Part.CONTACT, Part.CONTACT_SHORT) else ""

    def to_dict(self) -> dict[str, object]:
        """Give a dict that JSON can hold; the same shape on the command line and over HTTP."""
        return {
            "kind": self.kind.value,
            "text": self.text,
            "blocks": [{**asdict(block), "part": block.part.value} for block in self.blocks],
            "contact": self.contact,
            "answers": [asdict(answer) for answer in self.answers],
            "options": list(self.options),
            "context": self.context.to_dict(),
        }


def make_reply(decision: Decision, content: Content) -> Reply:
    """Put a decision into words."""
    return Reply(
        kind=decision.kind,
        blocks=tuple(block for block in _make_blocks(decision, content) if block.text),
        answers=tuple(content.answers[ref] for ref in decision.answers),
        options=tuple(_titles(decision.options, content)),
        context=decision.context,
    )


def _make_blocks(decision: Decision, content: Content) -> Iterator[Block]:
    part = Part.URGENT if is_told_first(decision.kind) else Part.NOTICE
    yield from (Block(part, content.answers[ref].text, ref=ref) for ref in decision.says)
    for answer in (content.answers[ref] for ref in decision.answers):
        yield Block(Part.ANSWER, answer.text, answer.title, answer.source, answer.ref)
    for subject in decision.unanswered:
        yield Block(Part.UNANSWERED, content.answers[UNANSWERED].text, subject, ref=UNANSWERED)
    if decision.contact is not Contact.NONE:
        ref = f"safety.md#{decision.contact}"
        yield Block(Part(decision.contact.value), content.answers[ref].text, ref=ref)


def _titles(refs: Iterable[str], content: Content) -> Iterable[str]:
    return (content.answers[ref].title for ref in refs)
