"""What should the bot do? All judgement is here, in one pure function."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import assert_never

from bot.content import Content
from bot.context import MOST_REFS, Context
from bot.english import ASKS, EXCLAIMS
from bot.language import is_english
from bot.match import Candidate, Match
from bot.matching.confidence import Curve
from bot.message import Message
from bot.qualifiers import OTHER
from bot.safety import Alert, Band, Tier
from bot.turn import Reading, Turn


class Kind(StrEnum):
    """What a reply is; there is no other."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    FALLBACK = "fallback"
    CLINICIAN = "clinician"
    URGENT = "urgent"
    CRISIS = "crisis"
    HANDOFF = "handoff"
    SMALL_TALK = "small_talk"


class Contact(StrEnum):
    """Which line about contacting the clinic ends a reply."""

    FULL = "contact"
    """When to contact the clinic now, and when to call for help."""
    SHORT = "contact-short"
    """That the clinic is there, and how it is reached."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Say when the best intent is good enough."""

    most_wrong: float = 0.15
    """The largest share of wrong answers among those given, counted on phrasings that were left out, 0 to 1. They are
    harder than what people ask: on 441 wordings by someone who had not read the phrasings it comes to 0.06."""
    threshold: float = 0.5
    """The confidence from which the best intent is answered, 0 to 1; it follows from `most_wrong` where there are
    phrasings enough to count (`set_threshold`)."""
    clarify: float = 0.25
    """The confidence from which it is worth asking which was meant."""
    split: float = 0.5
    """The confidence from which a part of a message stands as a question of its own."""
    beside_clinician: float = 0.6
    """The confidence from which the article's answer follows the advice to ask a clinician."""
    small_talk: float = 55.0
    """The score from which a message is small talk, 0 to 100."""
    small_talk_least: float = 30.0
    """The same where no question is nearer."""
    margin: float = 6.0
    """Candidates within so many points of the best are offered beside it."""
    most_options: int = 3
    most_answers: int = 3
    misses: int = 2
    """After so many questions in a row without an answer, the person is handed over."""

    def __post_init__(self) -> None:
        """Refuse what no judgement can be made with."""
        for setting in fields(self):
            _check_setting(setting.name, getattr(self, setting.name), counted=isinstance(setting.default, int))

    def set_threshold(self, curve: Curve | None) -> "Policy":
        """Give the policy with the threshold that keeps the share of wrong answers."""
        return replace(self, threshold=curve.find_threshold(self.most_wrong)) if curve else self


_RANGES = {
    "threshold": (0, 2),  # above 1 nothing is answered: so it may come out where no threshold keeps the share
    "small_talk": (0, 100),
    "small_talk_least": (0, 100),
    "margin": (0, 100),
    "most_options": (1, MOST_REFS),
    "most_answers": (1, MOST_REFS),
    "misses": (1, 9),  # a context counts no further
}
"""From where to where a setting may be; a share or a confidence, where nothing is said, from 0 to 1."""


def _check_setting(name: str, value: object, *, counted: bool) -> None:
    least, most = _RANGES.get(name, (0, 1))
    right = f"give a {'whole ' if counted else ''}number from {least} to {most}"
    if isinstance(value, bool) or not isinstance(value, int if counted else int | float):
        raise TypeError(f"policy: {name} is {type(value).__name__}; {right}")
    if not least <= value <= most:  # NaN is neither
        raise ValueError(f"policy: {name} is {value}; {right}")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be said, by ref."""

    kind: Kind
    says: tuple[str, ...] = ()
    """The bot's own texts, said first."""
    answers: tuple[str, ...] = ()
    """Ordinary answers, in the order they are given."""
    options: tuple[str, ...] = ()
    """Answers that are offered by their title."""
    context: Context = field(default_factory=Context)
    reason: str = ""
    """Why, in a sentence, for whoever asks."""
    contact: Contact = Contact.NONE


def decide(alert: Alert | None, turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
    """Judge what a message gets. An alert comes first, and nothing after it can overrule it."""
    if alert and is_urgent(alert):
        return warn(alert)
    if turn.picked in content.answers:
        return _answer([turn.picked], content, context, "an option was picked")
    if alert and alert.band is Band.CAREFUL:
        return _be_careful(alert, turn, content, policy)
    if alert:
        return _refer(alert, turn, content, policy)
    return _refuse_unread(turn, context) or _judge(turn, content, context, policy)


def is_urgent(alert: Alert) -> bool:
    """Say whether an alert is as good as sure, and of something that cannot wait for a clinician's answer."""
    return alert.band is Band.ALARM and alert.tier is not Tier.CLINICIAN


def sign_off(decision: Decision, content: Content, context: Context) -> Decision:
    """Choose the line that ends a reply: danger is spoken of once in a conversation, and where it is about a body."""
    contact = _choose_contact(decision, content, context)
    told = contact is Contact.FULL or decision.kind is Kind.URGENT
    after = replace(decision.context, warned=context.warned or told)
    return replace(decision, contact=contact, context=after)


def _choose_contact(decision: Decision, content: Content, context: Context) -> Contact:
    match decision.kind:
        case Kind.URGENT | Kind.CRISIS:  # they say it all themselves
            return Contact.NONE
        case Kind.SMALL_TALK | Kind.CLARIFY:
            return Contact.NONE
        case Kind.CLINICIAN:  # blisters are not the word for somebody who may be in despair
            return Contact.SHORT if _CAREFUL_CRISIS in decision.says else Contact.FULL
        case Kind.FALLBACK | Kind.HANDOFF:
            return Contact.SHORT if context.warned else Contact.FULL
        case Kind.ANSWER if not content.with_contact.isdisjoint(decision.answers):
            return Contact.FULL
        case Kind.ANSWER:  # without a number or a link it would only be the same sentence under every answer
            return Contact.SHORT if content.clinic.phone or content.clinic.booking else Contact.NONE
        case _:
            assert_never(decision.kind)


_NOT_ENGLISH = "bot.md#not-english"
_CAREFUL_CRISIS = "safety.md#careful-crisis"
"""Said to what may be despair, though not surely."""


def _refuse_unread(turn: Turn, context: Context) -> Decision | None:
    """Give no answer to what cannot be read as a question in English; None where it can."""
    if not turn.message.words:
        kind = Kind.FALLBACK if turn.message.sentences else Kind.SMALL_TALK
        return _say(kind, "bot.md#empty", context, "there are no words in it")
    if not is_english(turn.message):
        return _miss(_NOT_ENGLISH, turn, (), context, "it is not English")
    return None


def refuse_length(content: Content, context: Context) -> Decision:
    """Refuse a message that is too long to be read with care; none of it has been looked at."""
    refused = _say(Kind.FALLBACK, "bot.md#too-long", context, "it is longer than what is read")
    return sign_off(refused, content, replace(context, warned=False))


def explain_contact(decision: Decision) -> str:
    """Say why a reply ends in its line about contacting the clinic, or in none."""
    match decision.kind, decision.contact:
        case ((Kind.SMALL_TALK | Kind.CLARIFY), _):
            return "no question is answered"
        case Kind.ANSWER, Contact.FULL:
            return "an answer of these is always followed by it"
        case Kind.ANSWER, Contact.SHORT:
            return "none of these answers must be followed by the full one"
        case Kind.ANSWER, _:
            return "none of these answers needs one, and no phone or booking of the clinic is filled in"
        case _, Contact.FULL:
            return "a body may be meant, and what may be wrong with it cannot be told from here"
        case _:
            return "the text itself, or an earlier one, says whom to call and when"


def warn(alert: Alert) -> Decision:
    """Say the urgent or the crisis text, and nothing else. The next turn begins afresh: urgency does not stick."""
    reason = f"the sign '{alert.sign}' shows in '{alert.words}'"
    kind = Kind.CRISIS if alert.tier is Tier.CRISIS else Kind.URGENT
    after = Context(said=(alert.ref,), warned=kind is Kind.URGENT)  # the crisis text says nothing of the skin
    return Decision(kind, (alert.ref,), context=after, reason=reason)


def _be_careful(alert: Alert, turn: Turn, content: Content, policy: Policy) -> Decision:
    """Say first whom to contact; an answer follows only where it was surely asked for, and is not about the body.

    What may be a sign that was not seen for sure must not be told that it is temporary.
    """
    ref = _CAREFUL_CRISIS if alert.tier is Tier.CRISIS else "safety.md#careful"
    best = _find_sure(turn, content, policy)
    answers = (content.intents[best].answer,) if best else ()
    if not content.with_contact.isdisjoint(answers):
        best, answers = "", ()
    says = (ref,) if is_english(turn.message) else (ref, _NOT_ENGLISH)
    reason = f"'{alert.words}' is like what is said of the sign '{alert.sign}', though not surely"
    return Decision(Kind.CLINICIAN, says, answers, context=Context(topic=best, said=(*says, *answers)), reason=reason)


def _find_sure(turn: Turn, content: Content, policy: Policy) -> str:
    """Give the intent that a message surely asks for, beside what else it says; "" for none."""
    match = turn.whole.match
    best = match.candidates[0].intent if match.candidates else ""
    sure = content.is_ordinary(best) and not match.unknown and not turn.whole.lacks
    return best if sure and match.confidence >= policy.beside_clinician else ""


def _refer(alert: Alert, turn: Turn, content: Content, policy: Policy) -> Decision:
    """Send a personal question to the clinician; what the article says may follow, where surely it was asked for."""
    best = _find_sure(turn, content, policy)
    answers = (content.intents[best].answer,) if best else ()
    reason = f"'{alert.words}' makes it a personal medical question ('{alert.sign}')"
    after = Context(topic=best, said=(alert.ref, *answers))
    return Decision(Kind.CLINICIAN, (alert.ref,), answers, context=after, reason=reason)


def _judge(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
    """Judge a message that asks or says something in English."""
    if _is_small_talk(turn, content, context, policy):
        ref = content.intents[turn.manners.candidates[0].intent].answer
        return _talk(ref, turn, content, context, policy)
    several = _standing(turn.parts, content, policy.split)
    if len(several) > 1:
        reason = "each part stands on its own: " + "; ".join(f"'{part.message.text}'" for part in several.values())
        return _answer(list(several)[: policy.most_answers], content, context, reason)
    if turn.followed and not _is_worry(turn.followed, turn.whole.match, content):
        near = turn.followed.match.candidates[0]
        reason = (
            f"it leans on the last topic, '{turn.followed.carried}', and there it is nearest to '{near.phrasing}' "
            f"({near.score:.0f} of 100)"
        )
        return _answer([_ref(turn.followed.match, content)], content, context, reason)
    return _judge_single(turn, list(several), content, context, policy)


def _is_worry(followed: Reading, alone: Match, content: Content) -> bool:
    """Say whether it is, word for word, what must not be answered of a body: "is this normal", after swelling."""
    best = next(iter(alone.candidates), None)
    refused = best is not None and best.score >= 100 and best.intent in content.out_of_scope
    return refused and _ref(followed.match, content) in content.with_contact


def _judge_single(turn: Turn, part: list[str], content: Content, context: Context, policy: Policy) -> Decision:
    """Judge a message that asks one thing."""
    match, lacks = turn.whole.match, turn.whole.lacks
    inside = [c for c in match.candidates if content.is_ordinary(c.intent)]
    best = match.candidates[0].intent if match.candidates else ""
    if content.is_ordinary(best) and _trust(match) >= policy.threshold and not lacks:
        reason = f"'{best}' is right with a confidence of {match.confidence:.2f}"
        return _answer([content.intents[best].answer], content, context, reason)
    if part:
        return _answer(part, content, context, "one question in the message stands on its own")
    if picked := _pick_loosely(turn.whole.match, content, context):
        return _answer([picked], content, context, "it is nearest to one of the options on offer")
    elsewhere = any(name.startswith(OTHER) for name in lacks)
    if content.is_ordinary(best) and _trust(match) >= policy.clarify and not elsewhere:
        return _clarify(inside, content, policy, context, match)
    options = _refs(inside, content)[: policy.most_options] or _starters(content)
    reason = f"it is nearest to '{best}'" if best in content.out_of_scope else "no intent is near enough to be answered"
    if context.misses + 1 >= policy.misses:
        return _hand_over(turn, options, context, reason)
    return _miss("bot.md#fallback", turn, options, context, reason)


def _standing(parts: Iterable[Reading], content: Content, least: float) -> dict[str, Reading]:
    """Find the parts that can be answered for themselves, by ref, in order."""
    found: dict[str, Reading] = {}
    for part in parts:
        best = part.match.candidates[0].intent if part.match.candidates else ""
        if content.is_ordinary(best) and _trust(part.match) >= least and not part.lacks:
            found.setdefault(content.intents[best].answer, part)
    return found


def _is_small_talk(turn: Turn, content: Content, context: Context, policy: Policy) -> bool:
    """Small talk is said in words of its own; a question that comes with it is what counts."""
    if not turn.manners.candidates or _asks_more(turn, content, context):
        return False
    said = turn.manners.candidates[0].score
    best = turn.whole.match.candidates[0] if turn.whole.match.candidates else None
    if best is None or not (content.is_ordinary(best.intent) or best.intent in content.out_of_scope):
        return said >= policy.small_talk_least
    return said >= 100 or (said >= policy.small_talk and not turn.manners.unknown and best.score < said)


_ASKS_NOTHING = frozenset(f"bot.md#{name}" for name in ("ok", "thanks", "goodbye", "yes", "no", "sorry", "compliment"))
"""Small talk that nobody says in a question: "is that ok", after an answer on swelling, is no "ok"."""


def _asks_more(turn: Turn, content: Content, context: Context) -> bool:
    """Say whether a message asks, where it is nearest to small talk that does not."""
    nearest = turn.manners.candidates[0]
    ref = content.intents[nearest.intent].answer
    if ref not in _ASKS_NOTHING:
        return False
    if nearest.score < 100:
        return _has_question_mark(turn.message) or bool(ASKS.search(EXCLAIMS.sub("", turn.message.said)))
    takes_option = "bot.md#clarify" in context.said or (ref == "bot.md#yes" and context.options)
    return _has_question_mark(turn.message) and not takes_option


def _has_question_mark(message: Message) -> bool:
    return any(sentence.endswith("?") for sentence in message.sentences)


def _trust(match: Match) -> float:
    """Give the confidence; a phrasing word for word needs no estimate."""
    return 1.0 if match.candidates and match.candidates[0].score >= 100 else match.confidence


def _ref(match: Match, content: Content) -> str:
    return next(content.intents[c.intent].answer for c in match.candidates if content.is_ordinary(c.intent))


def _answer(refs: list[str], content: Content, context: Context, reason: str) -> Decision:
    """Give answers, each once; offer what the last of them names as next."""
    last = next((intent for intent in content.intents.values() if intent.answer == refs[-1]), None)
    options = tuple(ref for ref in (last.next if last else ()) if ref not in refs)
    after = Context(topic=last.name if last else context.topic, said=tuple(refs), options=options)
    return Decision(Kind.ANSWER, answers=tuple(refs), options=options, context=after, reason=reason)


def _say(kind: Kind, ref: str, context: Context, reason: str) -> Decision:
    """Say one of the bot's own texts; what was offered before stays on offer."""
    return Decision(kind, says=(ref,), context=replace(context, said=(ref,)), reason=reason)


# --- small talk ------------------------------------------------------------------------------------------------------


def _talk(ref: str, turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
    """Say a text of `bot.md`, or do what a word like "again" or "yes" asks for."""
    if ref in _MANNERS and (done := _MANNERS[ref](turn, content, context, policy)):
        return done
    options = next(intent.next for intent in content.intents.values() if intent.answer == ref)
    after = replace(context, said=(ref,), options=options or context.options)
    return Decision(Kind.SMALL_TALK, says=(ref,), options=options, context=after, reason="it is small talk")


_KINDS = {
    "safety.md#crisis": Kind.CRISIS,
    "safety.md#violence": Kind.CRISIS,
    "safety.md#emergency": Kind.URGENT,
    "safety.md#today": Kind.URGENT,
    "safety.md#clinician": Kind.CLINICIAN,
    "safety.md#careful": Kind.CLINICIAN,
    _CAREFUL_CRISIS: Kind.CLINICIAN,
    "bot.md#handoff": Kind.HANDOFF,
    "bot.md#clarify": Kind.CLARIFY,
    "bot.md#fallback": Kind.FALLBACK,
    "bot.md#fallback-again": Kind.HANDOFF,
    "bot.md#none-of-these": Kind.FALLBACK,
    _NOT_ENGLISH: Kind.FALLBACK,
    "bot.md#empty": Kind.FALLBACK,
    "bot.md#too-long": Kind.FALLBACK,
}
"""What kind of reply each of the bot's own texts makes; any other is small talk."""


def _reach_a_person(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:  # noqa: ARG001
    """Name the people who can help; what had no answer before is kept, to be passed on."""
    after = Context(said=("bot.md#handoff",), unanswered=context.unanswered)
    return Decision(Kind.HANDOFF, after.said, context=after, reason="a person was asked for")


def _repeat(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:  # noqa: ARG001
    """Say the last texts again; of the bot's own there was one, and one on safety is of a kind of its own."""
    own = (ref for ref in context.said if ref in content.answers and not content.answers[ref].section)
    says = tuple(ref for ref in own if ref in _KINDS or not ref.startswith("safety."))[:1]
    answers = tuple(ref for ref in context.said if ref in content.answers and content.answers[ref].section)
    if not says and not answers:
        return None
    kind = _KINDS.get(says[0], Kind.SMALL_TALK) if says else Kind.ANSWER
    options = _known(context.options, content)
    return Decision(kind, says, answers, options, context=context, reason="it was asked to be said again")


def _agree(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:  # noqa: ARG001
    """Take "yes": it is clear where one option was on offer, and asks which where there were more."""
    options = _known(context.options, content)
    if not options:
        return None
    if len(options) == 1:
        return _answer([options[0]], content, context, "the only option was agreed to")
    after = replace(context, said=("bot.md#clarify",), options=options)
    return Decision(Kind.CLARIFY, after.said, (), options, after, "a yes does not say to which option")


def _accept(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:
    """Take "ok" for a yes where the bot has just asked back."""
    return _agree(turn, content, context, policy) if "bot.md#clarify" in context.said else None


def _refuse(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:
    """Take "none of these": once it is an invitation to rephrase, then a person."""
    if "bot.md#clarify" not in context.said:
        return None
    if context.misses + 1 >= policy.misses:
        return _hand_over(turn, _starters(content), context, "none of the options was meant")
    return _miss("bot.md#none-of-these", turn, _starters(content), context, "none of the options was meant")


def _tell_more(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:  # noqa: ARG001
    """Go on with what the last answer names as next."""
    last = content.intents.get(context.topic)
    onward = [ref for ref in last.next if ref not in context.said] if last else []
    return _answer([onward[0]], content, context, f"more was asked for after '{context.topic}'") if onward else None


_MANNERS = {
    "bot.md#handoff": _reach_a_person,
    "bot.md#repeat-nothing": _repeat,
    "bot.md#yes": _agree,
    "bot.md#ok": _accept,
    "bot.md#no": _refuse,
    "bot.md#none-of-these": _refuse,
    "bot.md#tell-me-more": _tell_more,
}
"""What small talk does beyond being answered, by the text it leads to; None where there is nothing to do."""


def _known(refs: Iterable[str], content: Content) -> tuple[str, ...]:
    """Leave out what the content no longer has."""
    return tuple(ref for ref in refs if ref in content.answers)


# --- no answer -------------------------------------------------------------------------------------------------------


def _pick_loosely(match: Match, content: Content, context: Context) -> str:
    """Find the option on offer that a few words are nearest to, if one is clearly nearer than the others."""
    if "bot.md#clarify" not in context.said:
        return ""
    scores = {
        content.intents[c.intent].answer: c.score
        for c in reversed(match.candidates)
        if c.intent in content.intents and content.intents[c.intent].answer in context.options
    }
    ranked = sorted(scores, key=lambda ref: -scores[ref])
    if not ranked or (len(ranked) > 1 and scores[ranked[0]] - scores[ranked[1]] < 2):
        return ""
    return ranked[0]


def _clarify(inside: list[Candidate], content: Content, policy: Policy, context: Context, match: Match) -> Decision:
    near = [c for c in inside if c.score >= inside[0].score - policy.margin]
    options = _refs(near, content)[: policy.most_options]
    if len(options) < 2:
        options = _refs(inside, content)[:2]
    says = ("bot.md#clarify",)
    after = Context(topic=context.topic, said=says, options=options, misses=context.misses)
    reason = f"a confidence of {match.confidence:.2f} is enough to ask back, not to answer"
    return Decision(Kind.CLARIFY, says, (), options, after, reason)


def _miss(ref: str, turn: Turn, options: tuple[str, ...], context: Context, reason: str) -> Decision:
    """Say that there is no approved answer, and what can be asked."""
    after = replace(
        context, said=(ref,), options=options, misses=min(context.misses + 1, 9), unanswered=turn.message.text[:500]
    )
    return Decision(Kind.FALLBACK, (ref,), (), options, after, reason)


def _hand_over(turn: Turn, options: tuple[str, ...], context: Context, reason: str) -> Decision:
    """After several misses, name the people who can help; the question is kept ready to be passed on."""
    after = Context(
        topic=context.topic, said=("bot.md#fallback-again",), options=options, unanswered=turn.message.text[:500]
    )
    return Decision(Kind.HANDOFF, after.said, (), options, after, f"again there is no answer: {reason}")


def _starters(content: Content) -> tuple[str, ...]:
    """Give the questions to begin with: those that `what-can-you-do` names as next."""
    intent = content.intents.get("what-can-you-do")
    return intent.next if intent else ()


def _refs(candidates: Iterable[Candidate], content: Content) -> tuple[str, ...]:
    return tuple(dict.fromkeys(content.intents[c.intent].answer for c in candidates))
