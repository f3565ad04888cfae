"""Can a content folder be used? `intents.yaml`, `safety.yaml` and `answers/` become one Content.

Every fault is reported, not only the first, each as `file:line: what is wrong, and what would be right`.
"""

from pathlib import Path

from bot.content import INTENTS, Content, find_folder
from bot.content.answers import read_answers
from bot.content.clinic import read_clinic
from bot.content.intents import (
    IntentReader,
    read_aspects,
    read_for_people,
    read_otherwise,
    read_qualifiers,
    read_recovery,
    read_refusals,
    read_synonyms,
    read_topics,
)
from bot.content.safety_rules import read_safety
from bot.content.source import Source
from bot.content.tree import Place
from bot.errors import ContentError

KEYS = (
    *("clinic", "synonyms", "qualifiers", "topics", "aspects", "otherwise", "recovery"),
    *("intents", "out_of_scope", "for_people", "refusals"),
)
"""What stands in `intents.yaml`."""


def load_content(folder: Path | None = None) -> Content:
    """Read and check a content folder; without one, the content that ships with the package.

    Raises:
        ContentError: with every problem that was found.
    """
    source = Source(find_folder(folder))
    if not source.folder.is_dir():
        missing = Place(str(source.folder), 0)
        source.fault(missing, "there is no such folder; name one that holds intents.yaml, safety.yaml and answers/")
        raise ContentError(source.problems)
    content = _read_content(source)
    if source.problems:
        raise ContentError(source.problems)
    return content


def _read_content(source: Source) -> Content:
    root = source.read_yaml(INTENTS)
    table = source.table(root, INTENTS, known=KEYS, required=("clinic", "intents")) if root else {}
    clinic = read_clinic(table.get("clinic"), source)
    answers = read_answers(clinic, source)
    topics = read_topics(table.get("topics"), source)
    aspects = read_aspects(table.get("aspects"), source)
    reader = IntentReader(answers, topics, aspects, source)
    intents = reader.read_intents(table.get("intents"))
    out_of_scope = reader.read_out_of_scope(table.get("out_of_scope"))
    return Content(
        clinic=clinic,
        intents=intents,
        topics=topics,
        aspects=aspects,
        otherwise=read_otherwise(table.get("otherwise"), aspects, intents, source),
        recovery=read_recovery(table.get("recovery"), topics, source),
        out_of_scope=out_of_scope,
        refusals=read_refusals(table.get("refusals"), out_of_scope, answers.by_ref, source),
        for_people=read_for_people(table.get("for_people"), out_of_scope, source),
        answers=answers.by_ref,
        with_contact=answers.with_contact,
        safety=read_safety(source, answers.by_ref),
        synonyms=read_synonyms(table.get("synonyms"), source),
        qualifiers=read_qualifiers(table.get("qualifiers"), source),
    )
