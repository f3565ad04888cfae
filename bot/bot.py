"""How do the stages join? Text in, reply out; after load, no file, clock, network or random number."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bot.cache import open_cache
from bot.content import Example
from bot.content.load import load_content
from bot.context import Context
from bot.decide import Decision, decide, explain_contact, is_urgent, refuse_length, sign_off, warn
from bot.knowledge import Knowledge, build_knowledge
from bot.likeness import LABELS, Likeness
from bot.match import Candidate, Match, find_match
from bot.meaning import Encoder, remember
from bot.message import LONGEST, Message
from bot.policy import Policy
from bot.reply import Reply, make_reply
from bot.safety import Alert, Finding, Tier, find_danger, name_labels
from bot.turn import Turn, read_turn


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, with everything that it rests on."""

    message: Message
    """The message, as it was read."""
    context: Context
    """What it was said in."""
    finding: Finding
    """What was found of danger."""
    turn: Turn | None
    """What the message may mean; None where that was not asked any more."""
    decision: Decision
    _likeness: Likeness = field(compare=False, repr=False)

    @property
    def nearest(self) -> Example | None:
        """The example of danger that is nearest in its words, of the tier that was found; None where there is none.

        It is looked for when it is asked for.
        """
        alert = self.finding.alert
        if alert is None:
            text = min(self.finding.near, key=lambda near: near.harmless, default=None)
            return self._likeness.find_nearest(text.text if text else self.message.text, tuple(LABELS))
        was_read = alert.words in [near.text for near in self.finding.near]
        return self._likeness.find_nearest(alert.words if was_read else self.message.text, name_labels(alert))

    def to_dict(self) -> dict[str, object]:
        """Give a dict that JSON can hold; it quotes what was typed."""
        alert, nearest = self.finding.alert, self.nearest
        match = self.turn.whole.match if self.turn else None
        return {
            "question": self.message.text,
            "repairs": [list(repair) for repair in self.message.repairs],
            "unknown": list(self.message.unknown),
            "alert": {**asdict(alert), "tier": alert.tier.value, "band": alert.band.value} if alert else None,
            "seen": [{**asdict(seen), "against": list(seen.against)} for seen in self.finding.seen],
            "near": [asdict(near) for near in self.finding.near],
            "nearest": asdict(nearest) if nearest else None,
            "says": list(self.decision.says),
            "answers": list(self.decision.answers),
            "reason": self.decision.reason,
            "contact": self.decision.contact.value,
            "contact_reason": explain_contact(self.decision),
            "intents": [_name_candidate(candidate) for candidate in match.candidates[:MOST_TOLD]] if match else [],
            "confidence": match.confidence if match else None,
        }


MOST_TOLD = 3
"""Intents that an explanation names; the rest is noise."""


def _name_candidate(candidate: Candidate) -> dict[str, object]:
    return {
        "intent": candidate.intent,
        "score": candidate.score,
        "phrasing": candidate.phrasing,
        "words": [list(counted) for counted in candidate.words],
    }


_log = logging.getLogger(__name__)


class Bot:
    """Answers questions with curated texts. Holds no state of any conversation; safe to share between threads."""

    def __init__(self, knowledge: Knowledge, policy: Policy | None = None) -> None:
        self.knowledge = knowledge
        self.content = knowledge.content
        meant = knowledge.index.encoder is not None
        self.policy = _check_policy(policy).set_threshold(knowledge.index.curve, meant=meant)
        self._offered = frozenset(i.answer for i in self.content.intents.values() if self.content.is_ordinary(i.name))
        """Refs of the answers that a question can lead to; nothing else can be picked."""

    @classmethod
    def load(cls, folder: str | Path | None = None, *, policy: Policy | None = None) -> "Bot":
        """Make a bot from a content folder; without one, from the content that ships with the package.

        Raises:
            ContentError: the content has problems; all of them are in it.
        """
        path = Path(folder) if folder is not None else None
        content = load_content(path)
        with open_cache() as cache:
            return cls(build_knowledge(content, cache), policy)

    def reply(self, question: str, context: Context | None = None) -> Reply:
        """Answer one question; `context` is that of the reply before.

        Raises:
            TypeError: the question is no text, or the context no Context.
        """
        return make_reply(self.decide(question, context), self.content)

    def decide(self, question: str, context: Context | None = None) -> Decision:
        """Judge what a question gets, without putting it into words."""
        return self.explain(question, context).decision

    def explain(self, question: str, context: Context | None = None) -> Explanation:
        """Judge what a question gets, and keep what the judgement rests on."""
        context = _check_turn(question, context).offer_only(self._offered)
        likeness = self.knowledge.safety.likeness
        try:
            message = self.knowledge.index.read(question)
        except Exception as error:  # noqa: BLE001 - what cannot be read may hold a sign
            alert = _take_for_sign(error)
            message = Message(question, len(question))
            return Explanation(message, context, Finding(alert), None, warn(alert), likeness)
        if message.length > min(self.knowledge.safety.max_length, LONGEST):
            return Explanation(message, context, Finding(None), None, refuse_length(self.content, context), likeness)
        once = remember(self.knowledge.index.encoder)
        finding = self._watch(message, context, once)
        if finding.alert and is_urgent(finding.alert):  # first: a fault further on must not keep it back
            return Explanation(message, context, finding, None, warn(finding.alert), likeness)
        turn = read_turn(message, context, self.knowledge, once)
        decision = decide(finding.alert, turn, self.content, context, self.policy)
        decision = sign_off(decision, self.content, context, treated=turn.treated)
        return Explanation(message, context, finding, turn, decision, likeness)

    def match(self, question: str) -> Match:
        """Rank the intents for a question: the "why" of a reply."""
        _check_turn(question, None)
        return find_match(question, self.knowledge.index)

    def _watch(self, message: Message, context: Context, once: Encoder | None) -> Finding:
        """Look for danger. An option that is sent back is a text of ours, and says nothing of a person's own."""
        if message.text.strip() in self.knowledge.titles:
            return Finding(None)
        spoken_of = self._name_side_effect(context)
        return _look(lambda: find_danger(message, self.knowledge.safety, once, spoken_of=spoken_of))

    def _name_side_effect(self, context: Context) -> str:
        last = self.content.intents.get(context.topics[0]) if context.topics else None
        if last is None or not last.topic or last.answer not in self.content.with_contact:
            return ""
        return self.content.topics[last.topic][0]


def _look(find: Callable[[], Finding]) -> Finding:
    """Look for a sign. A fault in the looking is itself one: nobody is told that all is well by a bug."""
    try:
        return find()
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is the urgent text
        return Finding(_take_for_sign(error))


def _take_for_sign(error: Exception) -> Alert:
    """Say in the log what a fault is and where it arose, without a word of it: it may hold what was typed."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    place = f"{frame.f_code.co_filename}:{line}"
    _log.error(f"a fault before the safety stage was done: {type(error).__name__} at {place}")
    return Alert(Tier.TODAY, sign="fault", words="", text=Tier.TODAY)


def _check_turn(question: object, context: object) -> Context:
    """Tell a program that it hands in something else; a fault further on would end in the urgent text instead."""
    if not isinstance(question, str):
        raise TypeError(f"the question is {type(question).__name__}; give a str")
    if context is not None and not isinstance(context, Context):
        right = "give the context of the last reply, or Context.from_dict of what it was kept as"
        raise TypeError(f"the context is {type(context).__name__}; {right}")
    return context or Context()


def _check_policy(policy: object) -> Policy:
    if policy is not None and not isinstance(policy, Policy):
        raise TypeError(f"the policy is {type(policy).__name__}; give a Policy")
    return policy or Policy()
