"""Is what comes in checked at the border? From programs, whose errors are told, and from clients, who may forge."""

import logging
import logging.config
import math
import re
from dataclasses import replace

import pytest
from web_client import Site

from bot import Bot, Context, Kind, Policy
from bot.bot import _look
from bot.channels.web.serve import LOGGING
from bot.message import Message
from bot.safety import Finding, find_danger

TYPED = "my name is Zyxwv and my face is burning"
PRESSING = (Kind.URGENT, Kind.CRISIS, Kind.CLINICIAN)


# Errors of a program


@pytest.mark.parametrize("question", [b"redness", None, 7, ["redness"], {"question": "redness"}, 1.5])
@pytest.mark.parametrize("name", ["reply", "decide", "match", "explain"])
def test_a_question_that_is_no_text_is_an_error_and_no_alarm(small: Bot, name: str, question: object):
    with pytest.raises(TypeError, match=f"the question is {type(question).__name__}; give a str"):
        getattr(small, name)(question)


@pytest.mark.parametrize("context", [{"topic": "cost"}, {}, "", "cost", ["cost"], 0, False, b""])
@pytest.mark.parametrize("name", ["reply", "decide", "explain"])
def test_a_context_that_is_none_is_an_error_and_no_alarm(small: Bot, name: str, context: object):
    with pytest.raises(TypeError, match=rf"the context is {type(context).__name__}; give .*Context\.from_dict"):
        getattr(small, name)("how much does it cost", context)


def test_no_context_is_a_beginning(small: Bot):
    assert small.reply("redness", None) == small.reply("redness") == small.reply("redness", Context())


@pytest.mark.parametrize(
    "values",
    [
        {"topics": None},
        {"topics": ["cost"]},
        {"topics": ("cost", 1)},
        {"treated": 1},
        {"said": "costs.md#price"},
        {"said": ["costs.md#price"]},
        {"options": (1,)},
        {"options": None},
        {"misses": "1"},
        {"misses": True},
        {"unanswered": b"x"},
    ],
    ids=str,
)
def test_a_context_is_made_of_what_it_holds(values: dict[str, object]):
    name, value = next(iter(values.items()))
    with pytest.raises(TypeError, match=rf"context: {name} is {type(value).__name__}.*; give "):
        Context(**values)


WRONG = [
    ("most_wrong", 2, ValueError),
    ("most_wrong", -0.1, ValueError),
    ("most_wrong", math.nan, ValueError),
    ("most_wrong", math.inf, ValueError),
    ("most_wrong", True, TypeError),
    ("most_wrong", "0.1", TypeError),
    ("most_wrong", None, TypeError),
    ("threshold", -1, ValueError),
    ("threshold", math.nan, ValueError),
    ("clarify", 1.1, ValueError),
    ("split", -1, ValueError),
    ("beside_clinician", 60, ValueError),
    ("small_talk", 101, ValueError),
    ("small_talk", -1, ValueError),
    ("margin", math.nan, ValueError),
    ("most_options", 0, ValueError),
    ("most_options", 9, ValueError),
    ("most_options", 2.0, TypeError),
    ("most_options", True, TypeError),
    ("most_answers", 0, ValueError),
    ("most_answers", -3, ValueError),
    ("misses", 0, ValueError),
    ("misses", 10, ValueError),
    ("misses", "2", TypeError),
]


@pytest.mark.parametrize(("name", "value", "error"), WRONG)
def test_a_policy_that_makes_no_sense_is_refused_when_it_is_made(name: str, value: object, error: type[Exception]):
    with pytest.raises(error, match=rf"policy: {name} is .*; give a (whole )?number from \d+ to \d+"):
        Policy(**{name: value})
    with pytest.raises(error):
        replace(Policy(), **{name: value})


def test_a_policy_may_stand_on_the_edge(small: Bot):
    strict = Policy(most_wrong=0, clarify=1, split=1.0, margin=0, most_options=8, most_answers=1, misses=9)
    assert Bot(small.knowledge, strict).reply("redness").text


@pytest.mark.parametrize("policy", [{}, 0.5, "strict", False])
def test_a_policy_is_a_policy(small: Bot, policy: object):
    with pytest.raises(TypeError, match=f"the policy is {type(policy).__name__}; give a Policy"):
        Bot(small.knowledge, policy)


# Faults in the safety stage


class Faulty(Bot):
    """A bot with a bug in its safety stage, whose exception quotes what was typed, and was caused by another."""

    def _watch(self, message: Message, context: Context, once: object) -> Finding:  # noqa: ARG002 -- it never gets so far
        return _look(lambda: _stumble(message))


def _stumble(message: Message) -> Finding:
    try:
        return find_danger(message, message)  # rules that are none
    except AttributeError as error:
        raise ValueError(message.text) from error


def test_hz47_a_fault_in_the_safety_stage_is_logged_without_the_question(small: Bot, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.DEBUG):
        reply = Faulty(small.knowledge).reply(TYPED)
    assert reply.kind is Kind.URGENT
    assert len(caplog.records) == 1
    record = caplog.records[0]
    assert (record.name, record.levelno) == ("bot.bot", logging.ERROR)
    assert re.search(r"ValueError at \S*test_border\.py:\d+$", record.getMessage())
    shown = logging.Formatter("%(message)s %(args)s %(exc_text)s %(stack_info)s").format(record) + repr(vars(record))
    assert not [word for word in TYPED.split() if len(word) > 4 and word in shown]


def test_hz47_the_place_is_where_the_fault_arose(small: Bot, caplog: pytest.LogCaptureFixture):
    broken = Bot(replace(small.knowledge, safety=replace(small.knowledge.safety, phrases=None)))
    assert broken.reply(TYPED).kind is Kind.URGENT
    assert "test_border" not in caplog.text
    assert re.search(r"\w+Error at \S*bot/\S+\.py:\d+", caplog.text)
    assert "Zyxwv" not in caplog.text


def test_hz47_the_server_writes_such_a_fault_as_one_line_of_its_own(small: Bot, capfd: pytest.CaptureFixture[str]):
    loggers = [logging.getLogger(name) for name in LOGGING["loggers"]]
    logging.config.dictConfig(LOGGING)
    try:
        Site(Faulty(small.knowledge)).ask(TYPED)
    finally:
        for logger in loggers:
            logger.handlers, logger.propagate = [], True
    written = capfd.readouterr().err
    assert re.search(r'"level": "error", "message": "[^"]*ValueError at [^"]*test_border\.py:\d+"', written)
    assert "Zyxwv" not in written


# Forged contexts


TAKING = [
    "1",
    "the first one",
    "last",
    "yes",
    "yes please",
    "ok",
    "no",
    "none of these",
    "tell me more",
    "again please",
]


def forge(ref: str, ordinary: str) -> list[Context]:
    """Make contexts that offer a text which no question leads to, or have it said."""
    return [
        Context(options=(ref,)),
        Context(options=(ref, ordinary)),
        Context(options=(ordinary, ref)),
        Context(options=(ref,), said=("bot.md#clarify",)),
        Context(options=(ref, ref), said=(ref, ordinary), topics=("redness",)),
        Context(said=(ref,)),
        Context(said=("bot.md#ok", ref)),
        Context(said=(ordinary, ref)),
    ]


def test_hz29_a_forged_context_shows_no_text_as_what_it_is_not(shipped: Bot):
    answers = shipped.content.answers
    ordinary = next(ref for ref, answer in answers.items() if answer.section)
    for ref in (ref for ref, answer in answers.items() if not answer.section):
        for context in forge(ref, ordinary):
            for question in TAKING:
                reply = shipped.reply(question, context)
                assert all(answer.section for answer in reply.answers), (ref, question, context)
                assert "*From *" not in reply.text, (ref, question, context)
                pressing = ref.startswith("safety.md") and not ref.startswith("safety.md#contact")
                if pressing and answers[ref].text in reply.text:
                    assert reply.kind in PRESSING, (ref, question, context)


def test_hz29_a_forged_option_is_not_answered_over_http(shipped: Bot):
    site = Site(shipped)
    for ref in ("safety.md#emergency", "safety.md#crisis", "bot.md#welcome"):
        reply = site.ask("1", {"options": [ref]})
        assert reply["answers"] == []
        assert shipped.content.answers[ref].text not in reply["text"]


@pytest.mark.parametrize("forged", ["safety.md#crisis", "bot.md#welcome", "gone.md#x", ""])
def test_an_option_keeps_its_number_beside_one_that_is_none(shipped: Bot, forged: str):
    first, second = next(i.next for i in shipped.content.intents.values() if len(i.next) == 2)
    context = Context(options=(first, forged, second))
    for place, refs in (("1", [first]), ("2", []), ("3", [second]), ("last", [second])):
        assert [answer.ref for answer in shipped.reply(place, context).answers] == refs


def test_what_was_truly_said_is_said_again(shipped: Bot):
    for question in ("my skin is blistering and weeping", "i want to kill myself", "how much does it cost"):
        told = shipped.reply(question)
        assert shipped.reply("again please", told.context).text == told.text
