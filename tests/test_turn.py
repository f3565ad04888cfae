"""What does a message ask, and what does it only join on to?"""

import pytest

from bot import Bot
from bot.turn import drop_lead, find_questions


@pytest.mark.parametrize(
    ("message", "rest"),
    [
        ("no, I meant how soon they show", "how soon they show"),
        ("Never mind. Back to the cost please", "the cost please"),
        ("no thanks", "no thanks"),
        ("hi", "hi"),
    ],
)
def test_words_that_only_join_on_are_left_out(shipped: Bot, message: str, rest: str):
    assert " ".join(drop_lead(shipped.knowledge.index.read(message)).words) == rest


@pytest.mark.parametrize(
    ("message", "questions"),
    [
        (
            "Does it hurt? I am a coward. And how much is it, and will it last?",
            ["does it hurt", "and how much is it", "will it last"],
        ),
        ("any cost involved in having several sessions", ["any cost involved in having several sessions"]),
        ("is it safe, does it hurt", ["is it safe", "does it hurt"]),
        ("whats the cost but also how long is it", ["what is the cost", "how long is it"]),
        ("the swelling? redness", ["the swelling"]),
        ("my neck is sore and so is my chin", []),
        ("how and", ["how and"]),
    ],
)
def test_a_message_is_parted_into_its_questions(shipped: Bot, message: str, questions: list[str]):
    read = shipped.knowledge.index.read(message)
    assert [" ".join(read.words[start:end]) for start, end in find_questions(read)] == questions
