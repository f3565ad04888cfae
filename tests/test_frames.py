"""Which topic does a message name, and which side of it does it ask for?"""

import pytest

from bot import Bot
from bot.content.load import load_content
from bot.frames import Frame


def read(bot: Bot, message: str) -> Frame:
    return bot.knowledge.frames.read(bot.knowledge.index.read(message), bot.knowledge.index.encoder)


@pytest.mark.parametrize(
    ("message", "topic", "aspect"),
    [
        ("how long", "", "how-long"),
        ("until when", "", "how-long"),
        ("moneywise", "", "how-much"),
        ("how long does the redness last", "redness", "how-long"),
        ("how much is surgery", "surgery", "how-much"),
    ],
)
def test_a_side_is_told_with_and_without_its_topic(shipped: Bot, message: str, topic: str, aspect: str):
    frame = read(shipped, message)
    assert frame.aspect == aspect
    assert not topic or topic in frame.topics


@pytest.mark.parametrize("message", ["and the swelling", "what about surgery then?", "back to the redness"])
def test_a_name_alone_asks_for_no_side(shipped: Bot, message: str):
    frame = read(shipped, message)
    assert frame.bare
    assert (frame.aspect, len(frame.topics)) == ("", 1)


def test_what_is_a_way_of_asking_word_for_word_is_sure_even_if_it_names_a_topic(shipped: Bot):
    frame = read(shipped, "and its risks")
    assert (frame.aspect, frame.sure, frame.exact) == ("safe", 1.0, True)


def test_no_side_of_a_topic_belongs_to_two_intents_and_each_leads_somewhere(shipped: Bot):
    cells = shipped.knowledge.frames.cells
    sides = [(i.topic, aspect) for i in shipped.content.intents.values() for aspect in i.aspects]
    assert len(sides) == len(set(sides)) == len(cells)
    assert all(shipped.content.is_ordinary(intent) for intent in cells.values())


def test_every_aspect_is_a_side_of_something(shipped: Bot):
    assert {aspect for _, aspect in shipped.knowledge.frames.cells} == set(shipped.content.aspects)


def test_every_plain_way_of_asking_is_told_for_what_it_is():
    content = load_content()
    assert all(len(ways) >= 4 for ways in content.aspects.values())
