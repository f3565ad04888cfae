"""What can be asked without typing? Every curated answer by section, in the order of the article."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from bot import Answer, __version__
from bot.channels.web.tokens import Token, link_words, plain, read_tokens
from bot.content import Clinic, Content
from bot.reply import CONTACT

LANGUAGE = "en"
"""What the answers are written in."""
HELP, OFFLINE = "safety.md#help", "safety.md#help-offline"
STARTERS = 3
"""Questions that are offered before the first one is asked."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the article, and what is answered from it."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that the pages and the widget show of the content."""

    clinic: Clinic
    sections: tuple[Section, ...]
    starters: tuple[str, ...]
    contact_title: str
    contact: tuple[Token, ...]
    """The line that says when to contact the clinic now, in full."""
    help: Token
    """Whom to call, in two lines: what stands below the conversation at all times."""
    offline: str
    """The same where neither the page nor the server says it; it travels in the script."""
    with_contact: frozenset[str]
    """Refs of the answers that the contact line must follow."""
    links: Mapping[str, str]
    """The clinic's details that can be followed: each as it is shown, and where it leads."""
    digest: str
    """SHA-256, in hex, of all that the bot may say: two servers that say the same have the same."""

    @property
    def contact_line(self) -> str:
        """The contact line, letters only."""
        return "\n".join(plain([token]) for token in self.contact)

    def to_dict(self) -> dict[str, object]:
        """Give what GET /api/topics says."""
        return {
            "version": __version__,
            "lang": LANGUAGE,
            "clinic": {
                key: value for key, value in asdict(self.clinic).items() if key not in ("emergency", "helplines")
            },
            "contact": [token.to_dict() for token in self.contact],
            "help": self.help.to_dict(),
            "starters": list(self.starters),
            "sections": [
                {
                    "title": section.title,
                    "questions": [{"ref": answer.ref, "title": answer.title} for answer in section.answers],
                }
                for section in self.sections
            ],
        }


def make_catalogue(content: Content) -> Catalogue:
    """Gather what can be shown."""
    sections = _find_sections(content)
    links = _find_links(content.clinic)
    return Catalogue(
        clinic=content.clinic,
        sections=sections,
        starters=_find_starters(sections),
        contact_title=content.answers[CONTACT].title,
        contact=link_words(read_tokens(content.answers[CONTACT].text), links),
        help=link_words([_make_paragraph(content.answers[HELP].text)], links)[0],
        offline=plain([_make_paragraph(content.answers[OFFLINE].text)]),
        with_contact=content.with_contact,
        links=links,
        digest=_make_digest(content),
    )


def _make_paragraph(text: str) -> Token:
    """Make one paragraph of a text, whatever it is written in: below the conversation there is room for no more."""
    return Token("paragraph", children=tuple(_flatten(read_tokens(text))))


def _flatten(tokens: Iterable[Token]) -> Iterator[Token]:
    for number, token in enumerate(tokens):
        if token.type not in ("paragraph", "list", "ordered", "item"):
            yield token
            continue
        if number:
            yield Token("text", text=" ")
        yield from _flatten(token.children)


def _find_links(clinic: Clinic) -> Mapping[str, str]:
    number = "".join(letter for letter in clinic.phone if letter.isdecimal() or letter == "+")
    found = {clinic.phone: f"tel:{number}" if number else "", clinic.email: f"mailto:{clinic.email}"}
    found |= {page: page for page in (clinic.booking, clinic.website) if page.startswith(("https://", "http://"))}
    return {shown: target for shown, target in found.items() if shown and target}


def _make_digest(content: Content) -> str:
    texts = sorted((answer.ref, answer.title, answer.text) for answer in content.answers.values())
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _find_sections(content: Content) -> tuple[Section, ...]:
    """Order the sections as the intents name them, which is the order of the article; answers as their file does."""
    asked = [content.answers[intent.answer].section for intent in content.intents.values()]
    titles = dict.fromkeys(title for title in asked if title)
    return tuple(
        Section(title, tuple(answer for answer in content.answers.values() if answer.section == title))
        for title in titles
    )


def _find_starters(sections: tuple[Section, ...]) -> tuple[str, ...]:
    """Offer the question that opens a section, from the longest sections: they hold what people ask most."""
    longest = sorted(sections, key=lambda section: -len(section.answers))[:STARTERS]
    return tuple(section.answers[0].title for section in sections if section in longest)
