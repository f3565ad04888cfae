"""What people ask, and what must come of it: a test a line, written by someone who had not read the phrasings."""

import pytest
import yaml
from conftest import TESTS

from bot import Bot, Kind


def _read() -> list:
    """Give question and refs; an entry `not yet: ...` is a known failure, and fails once it passes."""
    cases = []
    for refs, questions in yaml.safe_load((TESTS / "questions.yaml").read_text()).items():
        for entry in questions:
            marks = [pytest.mark.xfail(reason="not yet")] if isinstance(entry, dict) else []
            question = entry["not yet"] if isinstance(entry, dict) else entry
            cases.append(pytest.param(question, refs.split(" | "), id=question, marks=marks))
    return cases


@pytest.mark.parametrize(("question", "refs"), _read())
def test_a_question_gets_its_answer(shipped: Bot, question: str, refs: list[str]):
    reply = shipped.reply(question)
    if refs == ["fallback"]:
        assert reply.kind in (Kind.FALLBACK, Kind.HANDOFF, Kind.CLINICIAN), [answer.ref for answer in reply.answers]
        return
    said = [answer.ref for answer in reply.answers]
    assert set(said) & set(refs), said or (reply.kind, reply.options)
