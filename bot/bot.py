"""How do the stages join? Text in, reply out; after load, no file, clock, network or random number."""

from dataclasses import dataclass
from pathlib import Path

from bot.cache import load_or_build
from bot.content import Content, make_digest
from bot.context import Context
from bot.decide import Decision, Policy, decide, refuse_length
from bot.index import Index, build_index
from bot.match import Match, find_match
from bot.qualifiers import Qualifiers, build_qualifiers
from bot.reply import Reply, make_reply
from bot.safety import Alert, Safety, Tier, build_safety, find_alert, tells_of_body
from bot.turn import asks, read_turn


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is built from a content folder, once."""

    content: Content
    index: Index
    manners: Index
    """Small talk by itself."""
    safety: Safety
    qualifiers: Qualifiers


class Bot:
    """Answers questions with curated texts. Holds no state of any conversation; safe to share between threads."""

    def __init__(self, knowledge: Knowledge, policy: Policy | None = None) -> None:
        self.content = knowledge.content
        self.index = knowledge.index
        self.manners = knowledge.manners
        self.safety = knowledge.safety
        self.qualifiers = knowledge.qualifiers
        self.policy = (policy or Policy()).set_threshold(self.index.curve)

    @classmethod
    def load(cls, folder: str | Path | None = None, *, policy: Policy | None = None) -> "Bot":
        """Make a bot from a content folder; without one, from the content that ships with the package.

        Raises:
            ContentError: the content has problems; all of them are in it.
        """
        path = Path(folder) if folder is not None else None
        return cls(load_or_build(make_digest(path), Knowledge, lambda: _read_and_build(path)), policy)

    def reply(self, question: str, context: Context | None = None) -> Reply:
        """Answer one question; `context` is that of the reply before."""
        return make_reply(self.decide(question, context), self.content)

    def decide(self, question: str, context: Context | None = None) -> Decision:
        """Judge what a question gets, without putting it into words."""
        context = context or Context()
        if len(question) > self.safety.max_length:
            return refuse_length(context)
        alert = self.watch(question, context)
        turn = read_turn(question, context, self.content, self.index, self.manners, self.qualifiers)
        only_told = not asks(question) and tells_of_body(question, self.safety)
        return decide(alert, turn, self.content, context, self.policy, only_told=only_told)

    def watch(self, question: str, context: Context) -> Alert | None:
        """Look for a sign of danger. A fault in the looking is itself one: nobody is told that all is well by a bug.

        After an answer on side effects the message is looked at with their name as well ("mine is getting worse");
        what was said before can raise a tier in this way, and never lowers one.
        """
        try:
            alert = find_alert(question, self.safety)
            if alert and alert.tier is not Tier.CLINICIAN:
                return alert
            spoken_of = self._name_side_effect(context)
            raised = find_alert(f"{question} {spoken_of}", self.safety) if spoken_of else None
        except Exception:  # noqa: BLE001 - whatever it is, the answer is the urgent text
            return Alert(Tier.TODAY, sign="fault", words="")
        return raised if raised and raised.tier is not Tier.CLINICIAN else alert

    def _name_side_effect(self, context: Context) -> str:
        last = self.content.intents.get(context.topic)
        if last is None or not last.topic or last.answer not in self.content.with_contact:
            return ""
        return self.content.topics[last.topic][0]

    def match(self, question: str) -> Match:
        """Rank the intents for a question: the "why" of a reply."""
        return find_match(question, self.index)


def _read_and_build(folder: Path | None) -> Knowledge:
    from bot.content.load import load_content  # noqa: PLC0415 - a third of all imports, and not needed with a cache

    return build_knowledge(load_content(folder))


def build_knowledge(content: Content) -> Knowledge:
    """Build what answering needs; it is the slow part of a start, and is kept in a cache."""
    return Knowledge(
        content,
        _index_all(content),
        _index_small_talk(content),
        build_safety(content.safety),
        build_qualifiers(content.safety.qualifiers, {i.name: i.phrasings for i in content.intents.values()}),
    )


def _index_all(content: Content) -> Index:
    """Index everything that may be said, so that each kind keeps the others from what is theirs."""
    pairs = [(phrasing, intent.name) for intent in content.intents.values() for phrasing in intent.phrasings]
    pairs += [(phrasing, topic) for topic, phrasings in content.out_of_scope.items() for phrasing in phrasings]
    topics = {intent.name: intent.topic for intent in content.intents.values() if intent.topic}
    return build_index(pairs, synonyms=content.synonyms, out_of_scope=tuple(content.out_of_scope), topics=topics)


def _index_small_talk(content: Content) -> Index:
    """Index small talk by itself as well: there "good morning" is not outweighed by the question that follows it."""
    talk = [intent for intent in content.intents.values() if not content.is_ordinary(intent.name)]
    return build_index((phrasing, intent.name) for intent in talk for phrasing in intent.phrasings)
