"""What does a message ask, what does it pick, and what does it only join on to?"""

import pytest

from bot import Bot, Context, Part
from bot.turn import drop_lead, find_units, read_turn


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
    ("message", "rest"),
    [
        ("I meant the time, not the price", "the time"),
        ("the healing and not the redness", "the healing"),
        ("is it not safe", "is it not safe"),
        ("not the price", "not the price"),
    ],
)
def test_what_is_said_not_to_be_meant_is_left_out(shipped: Bot, message: str, rest: str):
    turn = read_turn(shipped.knowledge.index.read(message), Context(), shipped.knowledge, None)
    assert " ".join(turn.whole.message.words) == rest


@pytest.mark.parametrize(
    ("message", "units"),
    [
        (
            "Does it hurt? I am a coward. And how much is it, and will it last?",
            ["does it hurt ?", "i am a coward", "and how much is it ?", "will it last ?"],
        ),
        ("is it safe, does it hurt", ["is it safe ?", "does it hurt ?"]),
        ("whats the cost but also how long is it", ["what is the cost ?", "how long is it ?"]),
        ("price + pain + how long pls", ["price", "pain", "how long please ?"]),
        ("1) how much 2) how many goes", ["how much ?", "how many goes ?"]),
        ("does it hurt and for how long", ["does it hurt ?", "for how long"]),
        ("my neck is sore and so is my chin", ["my neck is sore", "so is my chin ?"]),
        ("I went to the shops with my sister and her two boys, and we had tea", None),
        ("I was wondering about the price. I live far away", ["i was wondering about the price ?", "i live far away"]),
    ],
)
def test_a_message_is_parted_into_questions_and_sentences(shipped: Bot, message: str, units: list[str] | None):
    read = shipped.knowledge.index.read(message)
    found = [" ".join(read.words[start:end]) + " ?" * asks for start, end, asks in find_units(read)]
    assert found == (units if units is not None else [" ".join(read.words)])


OFFERED = Context(
    said=("bot.md#clarify",), options=("costs.md#how-much", "results.md#how-soon", "results.md#permanent")
)


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("2", [1]),
        ("the second one please", [1]),
        ("start with the last one", [2]),
        ("1 and 3", [0, 2]),
        ("both", [0, 1, 2]),
        ("both of them please", [0, 1, 2]),
        ("the first two", [0, 1]),
        ("all of them", [0, 1, 2]),
        ("either", [0, 1, 2]),
        ("the other one", [0]),
        ("4", []),
        ("neither", []),
        ("how much is one session", []),
    ],
)
def test_options_are_picked_by_number_place_or_all_at_once(shipped: Bot, message: str, places: list[int]):
    turn = read_turn(shipped.knowledge.index.read(message), OFFERED, shipped.knowledge, None)
    assert list(turn.picked) == [OFFERED.options[place] for place in places]


def test_a_number_with_a_question_mark_is_no_pick_after_a_question_of_quantity(shipped: Bot):
    context = shipped.reply("how many sessions will i need").context
    assert [answer.ref for answer in shipped.reply("2?", context).answers] == ["results.md#how-many-sessions"]


@pytest.mark.parametrize(
    "said", ["had my neck done yesterday", "day 3 and all is well", "had my session, back at work, all good"]
)
def test_somebody_who_says_so_has_had_the_treatment(shipped: Bot, said: str):
    after = shipped.reply(said)
    assert after.context.treated
    assert shipped.reply("thanks", after.context).context.treated
    topics = {i.answer: i.topic for i in shipped.content.intents.values()}
    titles = {answer.title: ref for ref, answer in shipped.content.answers.items()}
    options = shipped.reply("how much does it cost", after.context).options
    assert options
    assert all(topics[titles[title]] in shipped.content.recovery.topics for title in options)


def test_what_is_asked_and_too_much_for_one_reply_is_offered(shipped: Bot):
    reply = shipped.reply("does it hurt? how much is it? how many sessions will i need? when will i see results?")
    assert len(reply.answers) == 3
    assert reply.options[0] == "When will I see results?"


def test_what_has_no_answer_is_named_beside_what_has_one(shipped: Bot):
    reply = shipped.reply("does it hurt and where can I park?")
    assert [block.title for block in reply.blocks if block.part is Part.UNANSWERED] == ["Getting there"]


def test_a_text_on_worries_is_said_again_when_it_is_asked_for(shipped: Bot):
    worried = shipped.reply("when should I worry")
    assert shipped.reply("say that again", worried.context).blocks[0] == worried.blocks[0]
