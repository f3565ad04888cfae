"""Several turns, and what must come of each: a test a conversation of conversations.yaml; and laws for any of them."""

import json

import pytest
import yaml
from asking import hold, is_met
from conftest import TESTS
from hypothesis import given, settings
from hypothesis import strategies as st
from learned import MOST_STOPPED, is_stopped

from bot import Bot, Context, ContextError, Kind

CONVERSATIONS = yaml.safe_load((TESTS / "conversations.yaml").read_text())


@pytest.mark.parametrize("turns", [c["turns"] for c in CONVERSATIONS], ids=[c["name"] for c in CONVERSATIONS])
def test_a_conversation_goes_as_it_should(shipped: Bot, turns: list[dict]):
    context = None
    for turn, reply in hold(shipped, turns):
        found = (turn["user"], reply.kind.value, [answer.ref for answer in reply.answers], reply.options)
        if not is_met(reply, turn) and is_stopped(shipped, turn["user"], context):
            return  # what comes after leans on what was not said; how often it happens is counted below
        assert is_met(reply, turn), found
        context = reply.context


def test_few_ordinary_turns_are_taken_for_danger_by_what_was_learned(shipped: Bot):
    asked, stopped = 0, []
    for conversation in CONVERSATIONS:
        context = None
        for turn, reply in hold(shipped, conversation["turns"]):
            asked += 1
            if not is_met(reply, turn) and is_stopped(shipped, turn["user"], context):
                stopped.append(turn["user"])
            context = reply.context
    assert asked >= 150
    assert len(stopped) <= MOST_STOPPED * asked, stopped


def test_there_are_many_conversations():
    assert len(CONVERSATIONS) >= 60


def test_any_option_of_the_whole_content_is_answered_by_the_answer_it_promises(shipped: Bot):
    for intent in shipped.content.intents.values():
        for ref in intent.next:
            reply = shipped.reply(
                shipped.content.answers[ref].title, Context(topics=(intent.name,), options=intent.next)
            )
            assert [answer.ref for answer in reply.answers] == [ref], (intent.name, ref)


def test_any_title_is_answered_by_its_answer_whatever_was_said_before(shipped: Bot):
    for before in shipped.content.intents.values():
        context = Context(topics=(before.name,), options=before.next)
        for ref, answer in list(shipped.content.answers.items())[:: len(before.name)]:
            if answer.section:
                assert [a.ref for a in shipped.reply(answer.title, context).answers] == [ref], before.name


FRAGMENTS = [
    *(
        "how long",
        "does it last",
        "is it",
        "safe",
        "redness",
        "the second one",
        "2",
        "yes",
        "no",
        "none of these",
        "why",
    ),
    *(
        "tell me more",
        "and",
        "?",
        "swelling",
        "cost",
        "surgery",
        "hi",
        "thanks",
        "again please",
        "a person",
        "what about",
    ),
    *(
        "my",
        "mum says",
        "laser",
        "sun",
        "normal",
        "wie viel kostet das",
        "\u200b",
        "🔥",
        "x" * 50,
        "\x1b[31m",
        "\n",
        ".",
    ),
]
messages = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map(" ".join) | st.text(max_size=60)


@settings(max_examples=100, deadline=None)
@given(st.lists(messages, min_size=1, max_size=6))
def test_random_turns_raise_nothing_and_are_well_formed(turns: list[str]):
    """Play random conversations; ten thousand turns of them are played by hand: see CONTRIBUTING."""
    bot = _shipped()
    context = Context()
    for turn in turns:
        reply = bot.reply(turn, context)
        assert reply.text.strip()
        json.dumps(reply.to_dict()).encode()
        assert Context.from_dict(json.loads(json.dumps(reply.context.to_dict()))) == reply.context
        assert reply == bot.reply(turn, context)
        for option in reply.options:
            assert bot.reply(option, reply.context).kind is Kind.ANSWER
        context = reply.context


_BOTS: list[Bot] = []


def _shipped() -> Bot:
    if not _BOTS:
        _BOTS.append(Bot.load())
    return _BOTS[0]


@given(
    st.builds(
        Context,
        topics=st.tuples(st.text(max_size=9)),
        said=st.tuples(st.text(max_size=9)),
        options=st.tuples(st.text()),
    )
)
def test_a_context_of_another_content_is_accepted_or_dropped(context: Context):
    assert _shipped().reply("and how long?", context).text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@given(st.dictionaries(st.sampled_from(["topic", "said", "options", "misses", "unanswered", "other"]), JSON))
def test_what_is_handed_back_as_a_context_is_read_or_refused_in_words(values: dict):
    try:
        context = Context.from_dict(values)
    except ContextError as error:
        assert str(error).startswith("context: ")
        return
    assert Context.from_dict(context.to_dict()) == context
