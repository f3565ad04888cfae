"""What people ask, and what must come of it: a test a line, written by someone who had not read the phrasings."""

import pytest
import yaml
from conftest import TESTS
from learned import MOST_ALARMED, MOST_STOPPED, is_stopped

from bot import Bot, Kind, Reply

ASKED: list[tuple[str, list[str], bool]] = [
    (entry["not yet"] if isinstance(entry, dict) else entry, refs.split(" | "), isinstance(entry, dict))
    for refs, questions in yaml.safe_load((TESTS / "questions.yaml").read_text()).items()
    for entry in questions
]
"""Question, refs, and whether it is a known failure, which fails once it passes."""


def is_met(reply: Reply, refs: list[str]) -> bool:
    if refs == ["fallback"]:
        return reply.kind in (Kind.FALLBACK, Kind.HANDOFF, Kind.CLINICIAN)
    return not {answer.ref for answer in reply.answers}.isdisjoint(refs)


@pytest.mark.parametrize(
    ("question", "refs"),
    [pytest.param(question, refs, id=question) for question, refs, failing in ASKED if not failing],
)
def test_a_question_gets_its_answer(shipped: Bot, question: str, refs: list[str]):
    """What was learned may stop it: how often is counted below."""
    reply = shipped.reply(question)
    assert is_met(reply, refs) or is_stopped(shipped, question), (reply.kind, reply.context.said, reply.options)


@pytest.mark.parametrize(
    ("question", "refs"), [pytest.param(question, refs, id=question) for question, refs, failing in ASKED if failing]
)
@pytest.mark.xfail(reason="not yet")
def test_a_question_gets_no_answer_yet(shipped: Bot, question: str, refs: list[str]):
    """What was learned may stop it, too: that is not what was missing."""
    assert is_met(shipped.reply(question), refs)
    assert not is_stopped(shipped, question)


def test_few_ordinary_questions_are_taken_for_danger_by_what_was_learned(shipped: Bot):
    asked = [(question, refs) for question, refs, failing in ASKED if not failing and refs != ["fallback"]]
    replies = {question: shipped.reply(question) for question, _ in asked}
    stopped = [q for q, refs in asked if not is_met(replies[q], refs) and is_stopped(shipped, q)]
    alarmed = [question for question in stopped if replies[question].kind in (Kind.URGENT, Kind.CRISIS)]
    assert len(asked) >= 300
    assert len(stopped) <= MOST_STOPPED * len(asked), stopped
    assert len(alarmed) <= MOST_ALARMED * len(asked), alarmed
