"""What should the bot do? All judgement is here, in one pure function."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from bot.content import Content
from bot.context import MOST_REFS, MOST_TOPICS, Context
from bot.language import is_english
from bot.match import Candidate, Match
from bot.message import Message
from bot.policy import Policy
from bot.safety import Alert, Band, Tier
from bot.turn import SURE_TALK, FollowUp, Reading, Turn


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


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be said, by ref."""

    kind: Kind
    says: tuple[str, ...] = ()
    """The bot's own texts, said first."""
    answers: tuple[str, ...] = ()
    """Ordinary answers, in the order they are given."""
    unanswered: tuple[str, ...] = ()
    """What else was asked, and there is no approved answer to; as it is shown."""
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
    if picked := [ref for ref in turn.picked if ref in content.answers]:
        return _pick(picked[: policy.most_answers], content, context)
    if alert and alert.band is Band.CAREFUL:
        return _be_careful(alert, turn, content, context, policy)
    if alert and not _is_known(alert, turn, content):
        return _refer(alert, turn, content, context, policy)
    return _refuse_unread(turn, context) or _judge(turn, content, context, policy)


def _is_known(alert: Alert, turn: Turn, content: Content) -> bool:
    """Say whether what is only like a personal question surely is something else: a phrasing, or as good as one."""
    whole = turn.whole
    if not alert.likely or whole.best not in content.intents:
        return False
    return whole.exact or (whole.sure >= SURELY_ASKED and not whole.lacks)


SURELY_ASKED = 0.9
"""The confidence from which a message is no personal question, however like one it sounds: of 235 that are, written by
strangers, none was as surely one of the ordinary questions."""


def is_urgent(alert: Alert) -> bool:
    """Say whether an alert is as good as sure, and of something that cannot wait for a clinician's answer."""
    return alert.band is Band.ALARM and alert.tier is not Tier.CLINICIAN


def is_told_first(kind: Kind) -> bool:
    """Say whether a reply of a kind must be seen before anything else: it is told apart wherever it is shown."""
    match kind:
        case Kind.URGENT | Kind.CRISIS:
            return True
        case Kind.ANSWER | Kind.CLARIFY | Kind.FALLBACK | Kind.CLINICIAN | Kind.HANDOFF | Kind.SMALL_TALK:
            return False
        case _:
            assert_never(kind)


def sign_off(decision: Decision, content: Content, context: Context, *, treated: bool = False) -> Decision:
    """Choose the line that ends a reply: danger is spoken of once in a conversation, and where it is about a body.

    Somebody who has had the treatment is offered what is about the time after it.
    """
    contact = _choose_contact(decision, content, context)
    told = contact is Contact.FULL or decision.kind is Kind.URGENT
    treated = treated or context.treated
    options = _offer_recovery(decision, content) if treated else decision.options
    after = replace(decision.context, warned=context.warned or told, treated=treated)
    if options != decision.options:
        after = replace(after, options=options)
    return replace(decision, contact=contact, options=options, context=after)


def _offer_recovery(decision: Decision, content: Content) -> tuple[str, ...]:
    """Give the options that are about the time after the treatment; where none is, the first on each topic of it."""
    if not decision.options or decision.kind is Kind.CLARIFY:
        return decision.options
    topics = content.recovery.topics
    about = {intent.answer: intent.topic for intent in content.intents.values()}
    kept = tuple(ref for ref in decision.options if about.get(ref) in topics)
    first = {intent.topic: intent.answer for intent in reversed(tuple(content.intents.values()))}
    others = (first[topic] for topic in topics if topic in first and first[topic] not in decision.answers)
    return kept or tuple(others)[: len(decision.options)]


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
        case Kind.ANSWER if decision.says or not content.with_contact.isdisjoint(decision.answers):
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


def _be_careful(alert: Alert, turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
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
    after = _recall(best or _speaks_of(turn, content, policy), (*says, *answers), context)
    return Decision(Kind.CLINICIAN, says, answers, context=after, reason=reason)


def _speaks_of(turn: Turn, content: Content, policy: Policy) -> str:
    """Give the intent whose topic a message speaks of, whether or not it is answered; "" for none."""
    whole = turn.whole
    return whole.best if content.is_ordinary(whole.best) and whole.sure >= policy.split else ""


def _recall(intent: str, said: tuple[str, ...], context: Context) -> Context:
    """Give what the next turn needs to know after a text on safety: what was spoken of stays known."""
    topics = dict.fromkeys([*([intent] if intent else ()), *context.topics])
    return Context(topics=tuple(topics)[:MOST_TOPICS], said=said)


def _find_sure(turn: Turn, content: Content, policy: Policy) -> str:
    """Give the intent that a message surely asks for, beside what else it says; "" for none."""
    readings = [turn.whole, *(unit for unit in turn.units if unit.asks)]
    sure = [one for one in readings if content.is_ordinary(one.best) and not one.message.unknown and not one.lacks]
    best = max(sure, key=lambda one: one.sure, default=None)
    return best.best if best and best.sure >= policy.beside_clinician else ""


def _refer(alert: Alert, turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
    """Send a personal question to the clinician; what the article says may follow, where surely it was asked for."""
    best = _find_sure(turn, content, policy)
    answers = (content.intents[best].answer,) if best else ()
    reason = f"'{alert.words}' makes it a personal medical question ('{alert.sign}')"
    after = _recall(best or _speaks_of(turn, content, policy), (alert.ref, *answers), context)
    return Decision(Kind.CLINICIAN, (alert.ref,), answers, context=after, reason=reason)


def _judge(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
    """Judge a message that asks or says something in English; small talk is the last thing that it is taken for."""
    if turn.whole.exact and turn.whole.best in content.intents and not _is_unclear(turn, content, context):
        return _give(turn.whole.best, turn, content, context, policy, "it says a phrasing word for word")
    parts = _find_parts(turn, content, policy)
    if parts.count > 1 and parts.answers:
        return _answer_parts(parts, content, context, policy)
    if follows := _choose_follow_up(turn.whole, content, policy):
        reason = f"it leans on what was said, and asks '{follows.aspect}' of '{follows.topic}'"
        return _answer([content.intents[follows.intent].answer], content, context, reason)
    return _judge_single(turn, list(parts.answers), content, context, policy)


def _is_unclear(turn: Turn, content: Content, context: Context) -> bool:
    """Say whether a phrasing word for word means something else here: it leans on what was said, or only asks."""
    follows = turn.whole.follows
    if content.is_ordinary(turn.whole.best):
        return follows is not None and follows.leans and bool(follows.intent)
    return _asks_more(turn, content, context)


def _choose_follow_up(reading: Reading, content: Content, policy: Policy) -> FollowUp | None:
    """Take a message for a follow-up where it is one; what stands alone is never overruled."""
    follows = reading.follows
    if follows is None or not follows.intent or follows.sure < policy.follow:
        return None
    beyond = reading.best in content.out_of_scope and reading.match.candidates[0].score >= policy.named
    if beyond and (not follows.leans or (reading.best in content.refusals and follows.sure < 1.0)):
        return None
    stands = reading.best in content.intents and reading.sure >= policy.threshold and not reading.lacks
    may_lean = follows.leans or not content.is_ordinary(reading.best)  # small talk is the last that it is taken for
    least = reading.sure + (-NEARLY if may_lean else NEARLY)
    return follows if not stands or follows.sure >= least else None


NEARLY = 0.1
"""By so much surer one reading may be than another without being preferred to it: a follow-up that leans on what was
said to the message by itself, the whole of a message to the one question in it."""


# --- several questions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Parts:
    """The questions of a message that has several."""

    answers: Mapping[str, Reading]
    """Those that can be answered, by the ref of their answer, in order."""
    unanswered: tuple[str, ...]
    """What the others are about."""

    @property
    def count(self) -> int:
        return len(self.answers) + len(self.unanswered)


def _find_parts(turn: Turn, content: Content, policy: Policy) -> _Parts:
    answers: dict[str, Reading] = {}
    unanswered: dict[str, None] = {}
    for unit in turn.units:
        follows = _choose_follow_up(unit, content, policy)
        least = policy.split if unit.asks else policy.told
        if follows and (unit.asks or follows.sure >= least):
            answers.setdefault(content.intents[follows.intent].answer, unit)
        elif content.is_ordinary(unit.best):
            if unit.sure >= least and not unit.lacks:
                answers.setdefault(content.intents[unit.best].answer, unit)
        elif unit.asks and unit.best in content.out_of_scope and unit.match.candidates[0].score >= policy.named:
            unanswered[unit.best] = None
    return _Parts(answers, tuple(unanswered))


def _answer_parts(parts: _Parts, content: Content, context: Context, policy: Policy) -> Decision:
    reason = "each part stands on its own: " + "; ".join(f"'{part.message.text}'" for part in parts.answers.values())
    given, left = list(parts.answers)[: policy.most_answers], tuple(parts.answers)[policy.most_answers :]
    decision = _answer(given, content, context, reason)
    options = (*left, *decision.options)[:MOST_REFS]  # what is asked and too much for one reply is offered first
    after = replace(decision.context, options=options)
    own = {topic: ref for topic in parts.unanswered if (ref := content.refusals.get(topic))}
    unanswered = tuple(name_subject(topic) for topic in parts.unanswered if topic not in own)
    says = tuple(dict.fromkeys(own.values()))
    return replace(decision, says=says, unanswered=unanswered, options=options, context=after)


def name_subject(topic: str) -> str:
    """Name a subject that is out of scope, as it is shown.

    >>> name_subject("out-of-scope/getting-there")
    'Getting there'
    """
    return topic.rpartition("/")[2].replace("-", " ").capitalize()


# --- one question ----------------------------------------------------------------------------------------------------


def _judge_single(turn: Turn, part: list[str], content: Content, context: Context, policy: Policy) -> Decision:
    """Judge a message that asks one thing."""
    whole = turn.whole
    asked = [unit for unit in turn.units if unit.asks]
    chosen = asked[0] if len(asked) == 1 and asked[0].sure > whole.sure + NEARLY else whole
    if _stands(chosen, content, policy):
        reason = f"'{chosen.best}' is right with a confidence of {chosen.match.confidence:.2f}"
        return _answer([content.intents[chosen.best].answer], content, context, reason)
    if part:
        return _answer(part, content, context, "one question in the message stands on its own")
    if _is_small_talk(turn, content, context, policy):
        return _give(whole.best, turn, content, context, policy, "it is small talk")
    if picked := _pick_loosely(whole.match, content, context):
        return _answer([picked], content, context, "it is nearest to one of the options on offer")
    if talk := _find_talk(turn, content):
        return _give(talk, turn, content, context, policy, "all that is understood of it is small talk")
    return _ask_or_refuse(turn, content, context, policy)


def _stands(reading: Reading, content: Content, policy: Policy) -> bool:
    """Say whether a reading is sure enough to be answered by itself."""
    return content.is_ordinary(reading.best) and reading.sure >= policy.threshold and not reading.lacks


def _ask_or_refuse(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:
    """Name the people whom it is for, or ask which was meant, or say that there is no approved answer."""
    whole = turn.whole
    if whole.best in content.for_people:
        return _reach_a_person(turn, content, context, policy)
    inside = [c for c in whole.match.candidates if content.is_ordinary(c.intent)]
    if content.is_ordinary(whole.best) and whole.sure >= policy.clarify and not whole.lacks and len(inside) > 1:
        return _clarify(inside, content, policy, context, whole.match)
    near = [c for c in inside if c.score >= policy.offered]
    options = _refs(near, content)[: policy.most_options] or _starters(content)
    reason = _explain_miss(whole, content)
    if ref := _find_refusal(turn, content, policy):
        refused = _miss(ref, turn, options, context, reason)
        return replace(refused, kind=_name_refusal(ref), context=replace(refused.context, misses=context.misses))
    if context.misses + 1 >= policy.misses:
        return _hand_over(turn, options, context, reason)
    missed = _miss("bot.md#fallback", turn, options, context, reason)
    return _name_cell(missed, whole.follows, content)


def _explain_miss(whole: Reading, content: Content) -> str:
    if whole.best in content.out_of_scope:
        return f"it is nearest to '{whole.best}'"
    if content.is_ordinary(whole.best) and whole.lacks:
        return f"it is nearest to '{whole.best}', and no phrasing of that says '{whole.lacks[0]}' (qualifiers)"
    return "no intent is near enough"


def _find_refusal(turn: Turn, content: Content, policy: Policy) -> str:
    """Give the text of the subject that a message, or the one question in it, is about; "" where it has none."""
    asked = [unit for unit in turn.units if unit.asks and unit.match.candidates]
    only = [unit.best for unit in asked if len(asked) == 1 and unit.match.candidates[0].score >= policy.named]
    return next((content.refusals[best] for best in (turn.whole.best, *only) if best in content.refusals), "")


def _name_refusal(ref: str) -> Kind:
    """Give the kind of reply that a refusal of its own makes: what is said of safety sends to the clinic's people."""
    return Kind.CLINICIAN if ref.startswith("safety.md") else Kind.FALLBACK


def _name_cell(missed: Decision, follows: FollowUp | None, content: Content) -> Decision:
    """Say what was understood of a follow-up that has no approved answer: which side of which topic."""
    if follows is None or not follows.leans or follows.intent or follows.sure < SURE_OF_CELL:
        return missed
    side = f"{content.topics[follows.topic][0]}: {content.aspects[follows.aspect][0]}"
    reason = f"no intent is '{follows.aspect}' of '{follows.topic}'"
    alike = [intent.answer for intent in content.intents.values() if follows.aspect in intent.aspects]
    options = tuple(alike[:3]) or missed.options
    after = replace(missed.context, options=options)
    return replace(missed, says=(), unanswered=(side.capitalize(),), options=options, context=after, reason=reason)


SURE_OF_CELL = 0.6
"""How sure the side that is asked for must be, for a reply to name it."""


def _give(intent: str, turn: Turn, content: Content, context: Context, policy: Policy, reason: str) -> Decision:  # noqa: PLR0913, PLR0917
    """Give what an intent leads to: an answer, or what is said of small talk."""
    ref = content.intents[intent].answer
    return (
        _answer([ref], content, context, reason)
        if content.is_ordinary(intent)
        else _talk(ref, turn, content, context, policy)
    )


def _is_small_talk(turn: Turn, content: Content, context: Context, policy: Policy) -> bool:
    """Say whether a message is near to an example of small talk, and asks nothing else."""
    best = turn.whole.best
    if best not in content.intents or content.is_ordinary(best) or _asks_more(turn, content, context):
        return False
    return turn.whole.sure >= policy.small_talk and not any(unit.asks for unit in turn.units)


def _find_talk(turn: Turn, content: Content) -> str:
    """Give the small talk that one part of a message surely is, where no other part asks: "winter then. cheers".

    The last such part counts: people greet first, and say at the end what they came to say.
    """
    talk = [unit for unit in turn.units if _is_talk(unit, content) and unit.sure >= SURE_TALK]
    if not talk or any(unit.asks for unit in turn.units if unit is not talk[-1]):
        return ""
    last = talk[-1]
    asks_nothing = content.intents[last.best].answer in _ASKS_NOTHING
    return "" if asks_nothing and last.asks else last.best


def _is_talk(reading: Reading, content: Content) -> bool:
    return reading.best in content.intents and not content.is_ordinary(reading.best)


_ASKS_NOTHING = frozenset(f"bot.md#{name}" for name in ("ok", "thanks", "goodbye", "yes", "no", "sorry", "compliment"))
"""Small talk that nobody says in a question: "is that ok", after an answer on swelling, is no "ok"."""


def _asks_more(turn: Turn, content: Content, context: Context) -> bool:
    """Say whether a message asks, where it is nearest to small talk that does not."""
    ref = content.intents[turn.whole.best].answer
    if ref not in _ASKS_NOTHING:
        return False
    if not turn.whole.exact:
        return turn.whole.asks
    takes_option = "bot.md#clarify" in context.said or (ref == "bot.md#yes" and context.options)
    return _has_question_mark(turn.message) and not takes_option


def _has_question_mark(message: Message) -> bool:
    return any(sentence.endswith("?") for sentence in message.sentences)


def _answer(refs: list[str], content: Content, context: Context, reason: str) -> Decision:
    """Give answers, each once; offer what the last of them names as next."""
    by_ref = {intent.answer: intent for intent in content.intents.values()}
    given = [by_ref[ref] for ref in refs if ref in by_ref]
    last = given[-1] if given else None
    options = tuple(ref for ref in (last.next if last else ()) if ref not in refs)
    topics = dict.fromkeys([*(intent.name for intent in reversed(given)), *context.topics])
    after = Context(topics=tuple(topics)[:MOST_TOPICS], said=tuple(refs), options=options)
    return Decision(Kind.ANSWER, answers=tuple(refs), options=options, context=after, reason=reason)


def _pick(refs: list[str], content: Content, context: Context) -> Decision:
    """Give the options that were picked; after a question of ours the others stay on offer."""
    decision = _answer(refs, content, context, "an option was picked")
    if "bot.md#clarify" not in context.said:
        return decision
    left = [ref for ref in context.options if ref in content.answers and ref not in refs]
    options = tuple(dict.fromkeys([*left, *decision.options]))[:MOST_REFS]
    return replace(decision, options=options, context=replace(decision.context, options=options))


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


def _reach_a_person(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision:  # noqa: ARG001
    """Name the people who can help; what had no answer before is kept, to be passed on."""
    after = Context(said=("bot.md#handoff",), unanswered=context.unanswered)
    return Decision(Kind.HANDOFF, after.said, context=after, reason="a person was asked for")


def _repeat(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:  # noqa: ARG001
    """Say the last texts again; of the bot's own there was one, and one on safety is of a kind of its own."""
    kinds = _KINDS | {ref: _name_refusal(ref) for ref in content.refusals.values()}
    own = (ref for ref in context.said if ref in content.answers and not content.answers[ref].section)
    says = tuple(ref for ref in own if ref in kinds or not ref.startswith("safety."))[:1]
    answers = tuple(ref for ref in context.said if ref in content.answers and content.answers[ref].section)
    if not says and not answers:
        return None
    kind = kinds.get(says[0], Kind.SMALL_TALK) if says else Kind.ANSWER
    options = _known(context.options, content)
    return Decision(kind, says, answers, options=options, context=context, reason="it was asked to be said again")


def _agree(turn: Turn, content: Content, context: Context, policy: Policy) -> Decision | None:  # noqa: ARG001
    """Take "yes": it is clear where one option was on offer, and asks which where there were more."""
    options = _known(context.options, content)
    if not options:
        return None
    if len(options) == 1:
        return _answer([options[0]], content, context, "the only option was agreed to")
    after = replace(context, said=("bot.md#clarify",), options=options)
    return Decision(
        Kind.CLARIFY, after.said, options=options, context=after, reason="a yes does not say to which option"
    )


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
    last = content.intents.get(context.topics[0]) if context.topics else None
    onward = [ref for ref in last.next if ref not in context.said] if last else []
    return (
        _answer([onward[0]], content, context, f"more was asked for after '{last.name}'") if last and onward else None
    )


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
    after = Context(topics=context.topics, said=says, options=options, misses=context.misses)
    reason = f"a confidence of {match.confidence:.2f} is enough to ask back, not to answer"
    return Decision(Kind.CLARIFY, says, options=options, context=after, reason=reason)


def _miss(ref: str, turn: Turn, options: tuple[str, ...], context: Context, reason: str) -> Decision:
    """Say that there is no approved answer, and what can be asked."""
    after = replace(
        context, said=(ref,), options=options, misses=min(context.misses + 1, 9), unanswered=turn.message.text[:500]
    )
    return Decision(Kind.FALLBACK, (ref,), options=options, context=after, reason=reason)


def _hand_over(turn: Turn, options: tuple[str, ...], context: Context, reason: str) -> Decision:
    """After several misses, name the people who can help; the question is kept ready to be passed on."""
    after = Context(
        topics=context.topics, said=("bot.md#fallback-again",), options=options, unanswered=turn.message.text[:500]
    )
    return Decision(
        Kind.HANDOFF, after.said, options=options, context=after, reason=f"again there is no answer: {reason}"
    )


def _starters(content: Content) -> tuple[str, ...]:
    """Give the questions to begin with: those that `what-can-you-do` names as next."""
    intent = content.intents.get("what-can-you-do")
    return intent.next if intent else ()


def _refs(candidates: Iterable[Candidate], content: Content) -> tuple[str, ...]:
    return tuple(dict.fromkeys(content.intents[c.intent].answer for c in candidates))
