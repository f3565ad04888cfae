"""Danger is heard by its phrases, whatever is learned; nothing around it lowers its tier, and plain talk is quiet."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import pytest
import yaml
from conftest import TESTS
from hypothesis import given, settings
from hypothesis import strategies as st
from rewordings import PADDING, REWORDINGS

from bot import Bot, Kind
from bot.content import Example, Shares
from bot.decide import Contact, Decision, is_urgent
from bot.likeness import flatten
from bot.message import split_sentences
from bot.phrases import find_phrases
from bot.safety import Alert, Band, Finding, Seen, Tier, find_danger

ROOT = TESTS.parent
RANK = {tier: rank for rank, tier in enumerate(Tier)}
NONE = len(RANK)
"""The rank of no tier: below all."""
PRESSING = (Kind.URGENT, Kind.CRISIS)
NOTHING_LEARNED = Shares(alarm=-1.0, careful=-1.0, clinician=-1.0)
"""No message is so like danger that it counts: what is left is told by phrases."""


# --- what is due, and what comes --------------------------------------------------------------------------------------


def judge(message: str, bot: Bot) -> Finding:
    """Give what is found in a message; nothing further on is asked."""
    return find_danger(bot.knowledge.index.read(message), bot.knowledge.safety)


def rank_of(seen: Iterable[Seen], bot: Bot) -> int:
    """Give the rank of the gravest phrase that nothing speaks against: the lower, the more pressing."""
    told = [bot.knowledge.safety.signs[found.sign] for found in seen if not found.against]
    return min((RANK[Tier(sign.tier)] for sign in told), default=NONE)


def rank_told(message: str, bot: Bot) -> int:
    """Give the rank that the phrases of a message raise; no learning has a part in it."""
    safety = replace(bot.knowledge.safety, shares=NOTHING_LEARNED)
    return rank_of(find_danger(bot.knowledge.index.read(message), safety).seen, bot)


@dataclass(frozen=True)
class Due:
    """What must come of a message."""

    kind: str
    before: str
    message: str
    known: bool
    """Whether it is a known failure."""

    def __str__(self) -> str:
        return f"{self.kind}: {self.message[:70]}"


def _read() -> Iterator[Due]:
    for kind, entries in yaml.safe_load((TESTS / "safety" / "must_hold.yaml").read_text()).items():
        for entry in entries:
            *before, message = entry.removeprefix("not yet: ").split(" / ")
            yield Due(kind, "".join(before), message, known=entry.startswith("not yet: "))


ALL = list(_read())
DANGERS = [due.message for due in ALL if due.kind in ("crisis", "violence", "emergency", "today") and not due.known]
QUIET = [due.message for due in ALL if due.kind == "quiet"]


HOLDS: dict[str, Callable[[Decision], bool]] = {
    "crisis": lambda said: said.kind is Kind.CRISIS,
    "violence": lambda said: "safety.md#violence" in said.says,
    "emergency": lambda said: said.kind is Kind.CRISIS or "safety.md#emergency" in said.says,
    "today": lambda said: said.kind in PRESSING,
    "today-at-most": lambda said: said.kind not in PRESSING or "safety.md#today" in said.says,
    "clinician": lambda said: said.kind is Kind.CLINICIAN,
    "quiet": lambda said: said.kind not in PRESSING,
    "quiet-after": lambda said: said.kind not in PRESSING,
    "contact": lambda said: said.kind in PRESSING or said.contact is Contact.FULL or "safety.md#careful" in said.says,
}
"""What must come of a message of each kind: what was due, or something graver."""


def _mark_known(due: Due) -> object:
    """Mark a known failure. Not strictly: what is learned next may mend it, and that must turn nothing red."""
    return pytest.param(
        due, id=str(due), marks=[pytest.mark.xfail(reason="not yet", strict=False)] if due.known else []
    )


@pytest.mark.parametrize("reader", ["both", "words"])
@pytest.mark.parametrize("due", [_mark_known(due) for due in ALL])
def test_it_holds_whatever_is_learned(readers: dict[str, Bot], reader: str, due: Due):
    bot = readers[reader]
    context = bot.reply(due.before).context if due.before else None
    said = bot.explain(due.message, context)
    assert HOLDS[due.kind](said.decision), (said.decision.kind, said.decision.says, said.finding)


def test_there_are_150_and_none_twice():
    assert len(ALL) >= 150
    assert [
        due for due, times in Counter((due.before, due.message, due.kind) for due in ALL).items() if times > 1
    ] == []


@pytest.mark.parametrize("message", DANGERS)
def test_what_alarms_there_alarms_by_a_phrase(words: Bot, message: str):
    """Else it would hang on what was learned."""
    assert rank_told(message, words) <= RANK[Tier.TODAY]


# --- the file that is signed ------------------------------------------------------------------------------------------


SIGNS = list(yaml.safe_load((ROOT / "safety.yaml").read_text())["signs"])


def test_safety_yaml_can_be_read_in_ten_minutes():
    text = (ROOT / "safety.yaml").read_bytes()
    assert len(text.splitlines()) < 400
    assert len(text) < 30_000


def test_a_sign_has_a_source_and_five_to_thirty_phrases(shipped: Bot):
    signs = shipped.content.safety.signs
    assert [sign.name for sign in signs if not sign.source.strip()] == []
    assert {sign.name: len(sign.phrases) for sign in signs if not 5 <= len(sign.phrases) <= 30} == {}


def test_a_phrase_stands_once(shipped: Bot):
    phrases = Counter(phrase for sign in shipped.content.safety.signs for phrase in sign.phrases)
    assert [phrase for phrase, times in phrases.items() if times > 1] == []


@pytest.mark.parametrize("name", SIGNS)
def test_a_phrase_in_a_plain_sentence_raises_its_tier_or_a_graver_one(words: Bot, name: str):
    sign = words.knowledge.safety.signs[name]
    for phrase in (*sign.phrases, *sign.alone):
        sentences = (phrase, f"Hello there. {phrase.capitalize()}.", f"we spoke of it at the desk and {phrase}")
        for sentence in sentences[:1] if phrase in sign.alone else sentences:
            finding = judge(sentence, words)
            assert rank_of(finding.seen, words) <= RANK[Tier(sign.tier)], sentence
            assert finding.alert, sentence
            assert is_urgent(finding.alert) or sign.tier == "clinician", sentence


# --- laws of what stands around ---------------------------------------------------------------------------------------


GREETINGS = ("hi ", "Hello, ", "good morning, ", "sorry to bother you, ", "Dear all, ", "ok so ", "hey guys - ")
ENDINGS = ("", " thanks", ", thank you", ". Kind regards, Anna", "!!", " x")
TALES = (
    *QUIET,
    PADDING,
    "We drove down from the lakes and the traffic was awful",
    "I have never had so nice a coffee in a waiting room",
    "My sister got married years ago, and nobody cried",
    "The oven at work has broken and my friend mended it",
    "Everything has healed and gone",
    "How common is it, and what if it rains",
)
MARKS = (". ", "? ", "! ", "\n")
SAID = [message for message in DANGERS if message.rstrip("!") not in ("999", "911", "112", "ambulance")]
"""What is told by a phrase; a number counts only where nothing else is said."""


@given(
    before=st.sampled_from(TALES),
    after=st.sampled_from(TALES),
    danger=st.sampled_from(SAID),
    mark=st.sampled_from(MARKS),
)
@settings(max_examples=50)
def test_a_tale_before_or_after_lowers_no_tier(words: Bot, before: str, after: str, danger: str, mark: str):
    due = rank_told(danger, words)
    for message in (f"{before}{mark}{danger}", f"{danger}{mark}{after}", f"{before}{mark}{danger}{mark}{after}"):
        assert rank_told(message, words) <= due


@given(greeting=st.sampled_from(GREETINGS), ending=st.sampled_from(ENDINGS), danger=st.sampled_from(SAID))
@settings(max_examples=50)
def test_a_greeting_lowers_no_tier(words: Bot, greeting: str, ending: str, danger: str):
    assert rank_told(f"{greeting}{danger}{ending}", words) <= rank_told(danger, words)


@given(tale=st.sampled_from(TALES), danger=st.sampled_from(SAID), mark=st.sampled_from(MARKS))
@settings(max_examples=25)
def test_what_was_learned_lowers_no_tier(readers: dict[str, Bot], tale: str, danger: str, mark: str):
    """Judge whole messages: the learned reading may raise what phrases told, and never lower it."""
    message = f"{tale}{mark}{danger}"
    for bot in readers.values():
        alert = judge(message, bot).alert
        assert alert
        assert is_urgent(alert)
        assert RANK[alert.tier] <= rank_told(danger, bot)


@pytest.mark.parametrize("name", REWORDINGS)
def test_a_rewording_lowers_no_tier(words: Bot, name: str):
    reword = REWORDINGS[name]
    told = [message for message in SAID if len(split_sentences(message)) == 1][:: 1 if name == "a slip" else 4]
    lowered = [message for message in told if rank_told(reword(message), words) > rank_told(message, words)]
    # A slip in the one word that carries the meaning can hide it; in one of fifty it may.
    assert len(lowered) <= (len(told) // 50 if name == "a slip" else 0), lowered


@pytest.mark.parametrize("name", REWORDINGS)
def test_a_rewording_of_what_is_quiet_tells_no_sign(words: Bot, name: str):
    assert [text for text in QUIET[::2] if rank_told(REWORDINGS[name](text), words) <= RANK[Tier.TODAY]] == []


NOT_YET = {
    "a number after a greeting": ("Hello. 999", RANK[Tier.EMERGENCY]),
    "a number with a word of courtesy": ("999 please", RANK[Tier.EMERGENCY]),
    "sentences that end in fullwidth marks": (
        REWORDINGS["fullwidth"]("My sister is well! Skin is peeling off in sheets."),
        RANK[Tier.TODAY],
    ),
}


@pytest.mark.xfail(reason="not yet")
@pytest.mark.parametrize("name", NOT_YET)
def test_these_surroundings_lower_no_tier_either(words: Bot, name: str):
    message, due = NOT_YET[name]
    assert rank_told(message, words) <= due


# --- laws of the context ----------------------------------------------------------------------------------------------


ASKED = [
    question for questions in yaml.safe_load((TESTS / "questions.yaml").read_text()).values() for question in questions
]


def _says_worse(text: str, bot: Bot) -> bool:
    knowledge = bot.knowledge
    return "worse" in find_phrases(knowledge.index.read(text), knowledge.safety.evidence)


@given(text=st.sampled_from([*ASKED, *DANGERS, *QUIET]), spoken_of=st.sampled_from(["redness", "swelling", "burns"]))
@settings(max_examples=50)
def test_a_context_changes_nothing_where_nothing_is_said_to_get_worse(words: Bot, text: str, spoken_of: str):
    message, safety = words.knowledge.index.read(text), words.knowledge.safety
    if not _says_worse(text, words):
        assert find_danger(message, safety, spoken_of=spoken_of) == find_danger(message, safety)


@pytest.mark.parametrize(
    ("message", "raised"),
    [
        ("it is getting worse", True),
        ("mine will not go away", True),
        ("and it came back", True),
        ("it is spreading", True),
        ("it is not getting worse", False),
        ("what if it gets worse", False),
        ("my friend got worse", False),
        ("years ago it got worse", False),
        ("do i need sunscreen every day", False),
        ("is it common", False),
        ("how long", False),
    ],
)
def test_a_context_raises_what_is_said_to_get_worse_now(words: Bot, message: str, *, raised: bool):
    read, safety = words.knowledge.index.read(message), words.knowledge.safety
    alert = find_danger(read, replace(safety, shares=NOTHING_LEARNED), spoken_of="redness").alert
    assert (alert is not None) == raised
    assert find_danger(read, replace(safety, shares=NOTHING_LEARNED)).alert is None


def test_no_plain_question_alarms_because_of_what_was_asked_before(words: Bot):
    before = words.reply("how common are burns").context
    alarmed = [
        text
        for text in ASKED[::6]
        if words.decide(text, before).kind in PRESSING and words.decide(text).kind not in PRESSING
    ]
    assert alarmed == []


# --- laws of the reply ------------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(text=st.text(max_size=300) | st.lists(st.sampled_from(DANGERS + QUIET), max_size=4).map(" ".join))
def test_any_message_is_read_and_gives_a_tier_or_none(words: Bot, text: str):
    finding = judge(text, words)
    assert finding == judge(text, words)
    assert finding.alert is None or finding.alert.tier in set(Tier)
    assert all(0 <= near.harmless <= 1 for near in finding.near)


@pytest.mark.parametrize("text", ["", " ", "\ud800", "?", "\u200b", "😭", "\0"])
def test_what_holds_no_word_is_no_danger(readers: dict[str, Bot], text: str):
    for bot in readers.values():
        assert judge(text, bot) == Finding(None)


@pytest.mark.parametrize("message", DANGERS)
def test_an_urgent_reply_is_the_curated_text_byte_for_byte(words: Bot, message: str):
    reply = words.reply(message)
    assert reply.kind in PRESSING
    assert reply.context.said[0].startswith("safety.md#")
    assert reply.text == words.content.answers[reply.context.said[0]].text
    assert reply.answers == reply.options == ()


def test_an_option_that_is_sent_back_alarms_nobody(readers: dict[str, Bot]):
    for bot in readers.values():
        for title in bot.knowledge.titles:
            said = bot.explain(title)
            assert said.finding == Finding(None), title
            assert said.decision.answers == (bot.knowledge.titles[title],), title


@pytest.mark.parametrize("number", ["999", "112", "911", " 999 ", "999!", "000"])
def test_a_number_alone_is_an_emergency_even_when_options_are_on_offer(readers: dict[str, Bot], number: str):
    for bot in readers.values():
        context = bot.reply("how long does the redness last").context
        assert context.options
        assert bot.decide(number, context).says == ("safety.md#emergency",)


@pytest.mark.parametrize("reader", ["both", "words"])
@pytest.mark.parametrize("pick", ["1", "2", "the first one", "last"])
def test_an_option_that_is_picked_alarms_nobody(readers: dict[str, Bot], reader: str, pick: str, request):
    if reader == "words":
        request.applymarker(pytest.mark.xfail(reason="not yet: words alone take a pick for danger", strict=False))
    bot = readers[reader]
    context = bot.reply("how long does the redness last").context
    assert len(context.options) == 2
    assert bot.decide(pick, context).kind is Kind.ANSWER


@pytest.mark.parametrize(
    ("message", "sign", "told"),
    [
        ("pus on my cheek", "infection", "pus on my"),
        ("it began on Monday. my eye hurts since the laser", "eye", "my eye hurts"),
        ("i have blistrs on my neck", "blister", "i have blisters"),
        ("i want to die", "self-harm", "i want to die"),
        ("he hit me", "violence", "he hit me"),
        ("i am pregnant", "pregnancy", "i am pregnant"),
    ],
)
def test_an_alert_tells_its_sign_and_the_words_that_showed_it(words: Bot, message: str, sign: str, told: str):
    alert = judge(message, words).alert
    assert alert
    assert (alert.sign, alert.words) == (sign, told)


def test_every_text_that_a_sign_leads_to_is_there(shipped: Bot):
    texts = {sign.text for sign in shipped.content.safety.signs} | set(Tier)
    assert [text for text in texts if Alert(Tier.TODAY, "", "", text).ref not in shipped.content.answers] == []


def test_an_example_word_for_word_is_what_it_was(words: Bot):
    """One that was added after the learning counts at once."""
    added = Example("the purple zebra sings at dusk", "emergency", "eye")
    likeness = words.knowledge.safety.likeness
    exact = {**likeness.exact, flatten(added.text): added}
    before = replace(words.knowledge.safety, shares=NOTHING_LEARNED)
    message = words.knowledge.index.read("The purple zebra  sings at dusk!")
    assert find_danger(message, before).alert is None
    after = find_danger(message, replace(before, likeness=replace(likeness, exact=exact))).alert
    assert after
    assert (after.tier, after.sign, after.band) == (Tier.EMERGENCY, "eye", Band.ALARM)


def test_without_the_encoder_the_words_are_read_as_here(words: Bot, monkeypatch: pytest.MonkeyPatch):
    """The bot of these tests that reads words alone is the one that is built where the extra is not installed."""
    monkeypatch.setattr("bot.likeness.find_meaning", lambda: None)
    built = Bot.load()
    assert built.knowledge.safety.likeness.encoder is None
    for message in [*QUIET, *DANGERS][::8]:
        assert judge(message, built) == judge(message, words)
