"""How do the stages join? Text in, reply out; after load, no file, clock, network or random number."""

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

from bot.cache import open_cache
from bot.content.load import load_content
from bot.context import Context
from bot.decide import Decision, Policy, decide, refuse_length, warn
from bot.knowledge import Knowledge, build_knowledge
from bot.match import Match, find_match
from bot.message import LONGEST
from bot.reply import Reply, make_reply
from bot.safety import Alert, Tier, find_alert, suspect
from bot.turn import read_turn

_log = logging.getLogger(__name__)


class Bot:
    """Answers questions with curated texts. Holds no state of any conversation; safe to share between threads."""

    def __init__(self, knowledge: Knowledge, policy: Policy | None = None) -> None:
        self.knowledge = knowledge
        self.content = knowledge.content
        self.policy = _check_policy(policy).set_threshold(knowledge.index.curve)
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
        context = _check_turn(question, context).offer_only(self._offered)
        try:
            message = self.knowledge.index.read(question)
        except Exception as error:  # noqa: BLE001 - what cannot be read may hold a sign
            _log_fault(error)
            return warn(_FAULT)
        if message.length > min(self.knowledge.safety.max_length, LONGEST):
            return refuse_length(context)
        alert = self.watch(question, context)
        if alert and alert.tier is not Tier.CLINICIAN:
            return warn(alert)  # before anything else is asked of it: a fault further on must not keep it back
        turn = read_turn(message, context, self.knowledge)
        if alert is None and turn.only_told:
            alert = _look(lambda: suspect(question, self.knowledge.safety))
        return decide(alert, turn, self.content, context, self.policy)

    def watch(self, question: str, context: Context) -> Alert | None:
        """Look for a sign of danger.

        After an answer on side effects the message is looked at with their name as well ("mine is getting worse");
        what was said before can raise a tier in this way, and never lowers one. An option that is sent back is a text
        of ours, and asks nothing of a person's own.
        """
        _check_turn(question, context)
        return _look(lambda: self._find_alert(question, context))

    def _find_alert(self, question: str, context: Context) -> Alert | None:
        alert = find_alert(question, self.knowledge.safety)
        if alert and alert.tier is not Tier.CLINICIAN:
            return alert
        if question.strip() in self.knowledge.titles:
            return None
        spoken_of = self._name_side_effect(context)
        raised = find_alert(f"{question} of the {spoken_of}", self.knowledge.safety) if spoken_of else None
        return raised if raised and raised.tier is not Tier.CLINICIAN else alert

    def _name_side_effect(self, context: Context) -> str:
        last = self.content.intents.get(context.topic)
        if last is None or not last.topic or last.answer not in self.content.with_contact:
            return ""
        return self.content.topics[last.topic][0]

    def match(self, question: str) -> Match:
        """Rank the intents for a question: the "why" of a reply."""
        _check_turn(question, None)
        return find_match(question, self.knowledge.index)


def _look(find: Callable[[], Alert | None]) -> Alert | None:
    """Look for a sign. A fault in the looking is itself one: nobody is told that all is well by a bug."""
    try:
        return find()
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is the urgent text
        _log_fault(error)
        return _FAULT


_FAULT = Alert(Tier.TODAY, sign="fault", words="")


def _log_fault(error: Exception) -> None:
    """Say what a fault is and where it arose, without a word of it: it may hold what was typed."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    place = f"{frame.f_code.co_filename}:{line}"
    _log.error(f"a fault before the safety stage was done: {type(error).__name__} at {place}")


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
