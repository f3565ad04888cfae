"""Do the same words come out of a text in other dress?"""

import pytest

from bot.words import drop_polite, split_words, stem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What's THIS?", ["what", "is", "this"]),
        ("i dont know, can't you", ["i", "do", "not", "know", "can", "not", "you"]),
        ("the clinic's hours", ["the", "clinic", "hours"]),
        ("non-invasive", ["non", "invasive"]),
        ("", []),
        ("?!", []),
    ],
)
def test_words_are_split_and_contractions_spelt_out(text, words):
    assert split_words(text) == words


@pytest.mark.parametrize(
    "forms",
    [
        ("session", "sessions"),
        ("swell", "swelling", "swelled"),
        ("stop", "stopped", "stopping"),
        ("colour", "color", "colours"),
        ("organise", "organize", "organised"),
        ("injury", "injuries"),
        ("charge", "charges", "charging"),
    ],
)
def test_the_forms_of_a_word_share_a_stem(forms):
    assert len({stem(form) for form in forms}) == 1


def test_greetings_stay_where_nothing_else_is_said():
    assert drop_polite(["hello", "there"]) == ["hello", "there"]
    assert drop_polite(["hello", "redness"]) == ["redness"]
