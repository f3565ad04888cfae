"""What people ask, and what must come of it whatever is learned next: a test a line of questions.yaml."""

import pytest
import yaml
from asking import is_answered
from conftest import TESTS
from learned import MOST_ALARMED, MOST_STOPPED, is_stopped

from bot import Bot, Kind

ASKED: list[tuple[str, list[str]]] = [
    (question, refs.split(" | "))
    for refs, questions in yaml.safe_load((TESTS / "questions.yaml").read_text()).items()
    for question in questions
]
"""Question, and refs of which one must be in the reply."""


@pytest.mark.parametrize(("question", "refs"), ASKED, ids=[question for question, _ in ASKED])
def test_a_question_gets_its_answer(shipped: Bot, question: str, refs: list[str]):
    """What was learned may stop it: how often is counted below."""
    reply = shipped.reply(question)
    assert is_answered(reply, refs) or is_stopped(shipped, question), (reply.kind, reply.context.said, reply.options)


def test_few_ordinary_questions_are_taken_for_danger_by_what_was_learned(shipped: Bot):
    asked = [(question, refs) for question, refs in ASKED if refs != ["fallback"]]
    replies = {question: shipped.reply(question) for question, _ in asked}
    stopped = [q for q, refs in asked if not is_answered(replies[q], refs) and is_stopped(shipped, q)]
    alarmed = [question for question in stopped if replies[question].kind in (Kind.URGENT, Kind.CRISIS)]
    assert len(asked) >= 200
    assert len(stopped) <= MOST_STOPPED * len(asked), stopped
    assert len(alarmed) <= MOST_ALARMED * len(asked), alarmed
