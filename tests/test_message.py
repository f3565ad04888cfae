"""Is a message read once, and as it was meant?"""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.message
import bot.words
from bot.message import LONGEST, Message, join, read_message
from bot.vocabulary import Vocabulary

WORDS = (
    "how long do the results last does laser hurt my face skin is swollen blisters blister pus infected redness cost "
    "price sunscreen session danger factor trick days day eyes what it price"
)
VOCABULARY = Vocabulary(dict.fromkeys(WORDS.split(), 1))
GUARDED = Vocabulary(VOCABULARY.counts, english=frozenset("coat actor brick anger prize sam kin".split()))


def read(text: str) -> Message:
    return read_message(text, VOCABULARY)


@pytest.mark.parametrize("module", [bot.message, bot.words])
def test_the_examples_in_the_docstrings_run(module):
    assert doctest.testmod(module).attempted
    assert not doctest.testmod(module).failed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("𝐡𝐨𝐰 𝐥𝐨𝐧𝐠 𝐝𝐨 𝐫𝐞𝐬𝐮𝐥𝐭𝐬 𝐥𝐚𝐬𝐭", "how long do results last"),
        ("what&#39;s the cost", "what is the cost"),
        ("what&rsquo;s the cost", "what is the cost"),
        ("spf50", "spf 50"),
        ("day5, it hurts", "day 5 it hurts"),
        ("5am or 2day or the 2nd", "5 am or today or the 2nd"),
        ("39.5 and 7/10", "39.5 and 7/10"),
        ("👍", "ok"),
        ("👍🏽 thanks", "ok thanks"),
        ("\ud83d\udc4d", "ok"),
        ("cost\ud83d", "cost"),
        ("😭😭😭", ""),
        ("bl1sters, pu5, las3r, inf3ct3d, 3yes", "blisters pus laser infected eyes"),
        ("c'est", "c est"),
        ("swolllen", "swollen"),
        ("u cant c it", "you can not c it"),
    ],
)
def test_dress_and_disguise_are_undone(typed, words):
    assert " ".join(read(typed).words) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("swolen", "swollen"),
        ("bblliisstteerrss", "blisters"),
        ("sun screen", "sunscreen"),
        ("howlong", "how long"),
        ("howlongdotheresultslast", "how long do the results last"),
        ("myfaceisswollenandithurtsandmyskinisinfected", "my face is swollen and it hurts and my skin is infected"),
    ],
)
def test_slips_are_put_right_and_told(typed, words):
    message = read(typed)
    assert " ".join(message.words) == words
    assert message.repairs


@pytest.mark.parametrize("word", ["coat", "actor", "brick", "anger", "prize"])
def test_a_rare_english_word_is_no_slip_of_ours(word):
    assert read_message(word, GUARDED).words == (word,)
    assert read_message(word, GUARDED).repairs == ()
    assert read(word).words != (word,)


def test_what_is_common_or_known_is_never_repaired():
    message = read("hello, shall we? redness")
    assert message.repairs == message.unknown == ()


def test_a_word_that_nobody_knows_is_told_once():
    assert read("giraffe or giraffe 50").unknown == ("giraffe",)


def test_sentences_are_kept_as_typed_without_what_cannot_be_shown():
    message = read("No p\u200bain,\x00 but a Blister!\nIs it\ud83d bad?And now")
    assert message.sentences == ("No pain,  but a Blister!", "Is it bad?", "And now")
    assert message.sentence == (0, 0, 0, 0, 0, 1, 1, 1, 2, 2)
    assert message.commas == {2}
    assert message.text == "No p\u200bain,\x00 but a Blister!\nIs it\ud83d bad?And now"


def test_nothing_is_joined_over_a_comma_or_a_full_stop():
    assert "sunscreen" not in read("sun, screen. sun. screen").words


def test_a_part_is_a_message_of_its_own():
    message = read("Hello there! My fase is swolen, and does it hurt?")
    part = message.part(5, 9)
    assert part.words == ("swollen", "and", "does", "it")
    assert part.repairs == (("swolen", "swollen"),)
    assert part.sentences == ("swollen and does it",)
    assert message.part(2, len(message.words)).sentences == ("My fase is swolen, and does it hurt?",)


def test_messages_are_joined_one_after_the_other():
    both = join(read("How long? Redness"), read("swolen"))
    assert both.words == ("how", "long", "redness", "swollen")
    assert both.sentence == (0, 0, 1, 2)
    assert both.sentences == ("How long?", "Redness", "swolen")


def test_what_is_too_long_once_normalised_is_not_read_and_says_so():
    message = read("my skin is dry on my cheek " + "\u3316" * 1970)
    assert message.words == message.sentences == ()
    assert message.length > LONGEST


@given(st.text(max_size=300))
def test_any_text_is_survived(text):
    message = read(text)
    rows = (message.words, message.stems, message.sentence, message.spelt)
    assert {len(row) for row in rows} == {len(message.words)}
    assert all(message.words)
    shown = "".join(message.sentences)
    assert shown.encode().decode() == shown
    assert message.part(0, len(message.words)).words == message.words
