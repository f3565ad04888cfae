"""What may the bot say? The Markdown files in `answers/`: one file per section of the article, one `##` per answer.

An ordinary answer is held to what the article holds: no figures, no prices. `bot.md` and `safety.md` are the bot's own
texts, and the only ones that the clinic's details are filled into.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.content import ANSWERS, Answer, Clinic
from bot.content.clinic import fill, find_placeholders
from bot.content.files import MOST_FILES
from bot.content.letters import find_unseen, name_unseen
from bot.content.source import Section, Source
from bot.content.tree import Node, Place

REQUIRED_TEXTS = {
    "bot.md": (
        *("welcome", "fallback", "fallback-again", "unanswered", "clarify", "none-of-these", "handoff"),
        *("not-english", "empty", "too-long", "no-time", "repeat-nothing"),
    ),
    "safety.md": (
        *("emergency", "today", "crisis", "violence", "clinician"),
        *("careful", "careful-crisis", "contact", "contact-short", "help", "help-offline"),
    ),
}
"""What the bot must be able to say, whatever the clinic: anchors by file."""


@dataclass(frozen=True, slots=True)
class Answers:
    """All that may be said."""

    by_ref: Mapping[str, Answer]
    places: Mapping[str, Place]
    """Where each stands, by ref."""
    with_contact: frozenset[str]
    """Refs of the answers that the contact line must follow."""


def read_answers(clinic: Clinic, source: Source) -> Answers:
    """Read every Markdown file of the folder."""
    paths = _list_names(source)
    for name in REQUIRED_TEXTS:
        if name not in paths:
            missing = Place(f"{ANSWERS}/{name}", 0)
            source.fault(missing, "the file is not there; it holds what the bot must be able to say")
    answers: dict[str, Answer] = {}
    places: dict[str, Place] = {}
    with_contact: set[str] = set()
    for name in paths:
        file = _read_file(name, clinic, source)
        answers |= file.by_ref
        places |= file.places
        with_contact |= file.with_contact
    return Answers(answers, places, frozenset(with_contact))


def _list_names(source: Source) -> list[str]:
    """List the files of the folder; what an editor or a system hides beside them, `._costs.md`, is passed over."""
    names = sorted(path.name for path in (source.folder / ANSWERS).glob("*.md") if not path.name.startswith("."))
    for name in names[MOST_FILES:]:
        source.stop(Place(f"{ANSWERS}/{name}", 0), f"there are more than {MOST_FILES} files; put answers together")
    for name in names:
        if unseen := find_unseen(name):
            source.fault(
                Place(f"{ANSWERS}/{name}", 0), f"the name of the file holds {name_unseen(unseen[0])}; rename it"
            )
    return names


def _read_file(name: str, clinic: Clinic, source: Source) -> Answers:
    front, sections = source.read_markdown(f"{ANSWERS}/{name}")
    ordinary = name not in REQUIRED_TEXTS
    table = (
        source.table(front, "the front matter", known=("section", "from", "contact") if ordinary else ("title",))
        if front
        else {}
    )
    heading = _section_heading(table, front, source) if ordinary and front else ""
    shown = source.text(table["from"], "from").strip() if "from" in table else heading
    if front and not sections:
        source.fault(front.place, "the file holds no answer; write '## Title {#anchor}' and a text below it")
    answers: dict[str, Answer] = {}
    places: dict[str, Place] = {}
    for section in sections:
        ref = f"{name}#{section.anchor}"
        if ref in answers:
            source.fault(section.place, f"'{{#{section.anchor}}}' is the anchor of line {places[ref].line} already")
            continue
        text = _hold_to_article(section, source) if ordinary else _fill(section, clinic, source)
        answers[ref] = Answer(ref, section.title, heading, text, shown)
        places[ref] = section.place
    for anchor in REQUIRED_TEXTS.get(name, ()):
        if front and f"{name}#{anchor}" not in answers:
            source.fault(Place(f"{ANSWERS}/{name}", 0), f"a text is missing; add '## Title {{#{anchor}}}'")
    return Answers(answers, places, frozenset(answers) if _contact(table.get("contact"), source) else frozenset())


def _section_heading(table: Mapping[str, Node], front: Node, source: Source) -> str:
    heading = source.text(table["section"], "section") if "section" in table else ""
    if not heading.strip():
        place = table["section"].place if "section" in table else front.place
        source.fault(place, "the front matter names no 'section'; give the heading of the article's section")
    return heading


def _contact(node: Node | None, source: Source) -> bool:
    value = "no" if node is None else source.text(node, "contact")
    if node and value not in ("yes", "no"):
        source.fault(node.place, f"contact is '{value}'; write yes or no")
    return value == "yes"


def _hold_to_article(section: Section, source: Source) -> str:
    """Note what an ordinary answer may not hold; give its text."""
    for offset, row in enumerate(section.text.split("\n"), 1):
        place = section.line(offset)
        if found := _FIGURE.search(row):
            source.fault(place, f"'{found.group()}' in an answer; the article gives no figures, so say it in words")
        if found := _HTML.search(row):
            source.fault(place, f"'{found.group()}' is HTML; write plain Markdown")
        for name in find_placeholders(row):
            source.fault(
                place, f"'{{{name}}}' in an ordinary answer; the clinic's details belong in bot.md and safety.md"
            )
    return section.text


def _fill(section: Section, clinic: Clinic, source: Source) -> str:
    """Fill in the clinic's details; a character that is written as its number would pass for one that is seen."""
    for offset, row in enumerate(section.text.split("\n"), 1):
        if found := _NUMBERED.search(row):
            source.fault(section.line(offset), f"'{found.group()}' stands for a character; write the character itself")
    text = fill(section, clinic, source)
    if section.text and not text and clinic.emergency and clinic.helplines:  # without these there is a fault already
        source.fault(section.place, "each line of it needs a detail of the clinic that is empty; add one that does not")
    return text


_NUMBERED = re.compile(r"&#?\w{1,32};")
_FIGURE = re.compile(r"[0-9][0-9.,]*|[$£€¥%]")
_HTML = re.compile(r"</?[a-zA-Z][^>]*>?|<!--|&[a-z]+;|&#")
