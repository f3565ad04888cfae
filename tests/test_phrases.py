"""A phrase is found whatever its endings, with a word or two between, in one sentence; and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message import Message, read_message
from bot.phrases import build_phrases, find_phrases, stems_of
from bot.vocabulary import Vocabulary
from bot.words import split_words, stem

WORDS = ["eye", "hurt", "red", "not", "no", "skin", "the", "my"]
VOCABULARY = Vocabulary({}, english=frozenset({*WORDS, "left", "sore", "poor", "very", "hurting", "anything"}))


def read(text: str) -> Message:
    return read_message(text, VOCABULARY)


def places(text: str, phrase: str, gap: int = 2, parting: tuple[str, ...] = ("no", "not")) -> tuple[str, ...]:
    """Give what stands where a phrase is found."""
    message = read(text)
    found = find_phrases(message, build_phrases({"it": [phrase]}, gap=gap, parting=parting))
    return tuple(" ".join(message.words[start:end]) for start, end in found.get("it", ()))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my eye hurts", ("my eye hurts",)),
        ("My EYES are hurting", ("my eyes are hurting",)),
        ("my left eye hurts", ("my left eye hurts",)),
        ("my very sore eye hurts", ("my very sore eye hurts",)),
        ("my poor old left eye hurts", ()),
        ("my eye. hurts", ()),
        ("my eye does not hurt", ()),
        ("my skin, no eye hurts", ()),
        ("hurts my eye", ()),
        ("my eye", ()),
        ("", ()),
        ("my eye hurts and my eye hurts", ("my eye hurts", "my eye hurts")),
        ("my my eye hurts", ("my my eye hurts", "my eye hurts")),
    ],
)
def test_where_a_phrase_stands(text: str, found: tuple[str, ...]):
    assert places(text, "my eye hurts") == found


def test_without_a_gap_the_words_stand_side_by_side():
    assert places("my left eye hurts", "eye hurts", gap=0) == ("eye hurts",)
    assert places("my left eye hurts", "my eye", gap=0) == ()


def test_a_phrase_without_a_word_is_never_found():
    assert places("anything ... at all", "...") == ()
    assert find_phrases(read("my eye"), build_phrases({})) == {}


def test_a_list_that_is_not_found_is_not_named():
    message = read("my skin is red")
    lists = {"eye": ["my eye"], "skin": ["my skin", "red"]}
    assert find_phrases(message, build_phrases(lists)) == {"skin": ((0, 2), (3, 4))}


def test_two_phrases_in_one_place_are_one_place():
    message = read("my eyes")
    assert find_phrases(message, build_phrases({"eye": ["my eye", "my eyes"]})) == {"eye": ((0, 2),)}


@pytest.mark.parametrize("phrase", ["my eyes hurt", "It's burning!", "38.5", "can't see"])
def test_the_stems_of_a_phrase_are_those_of_its_words(phrase: str):
    assert stems_of(phrase) == tuple(map(stem, split_words(phrase)))


@given(
    words=st.lists(st.sampled_from(WORDS), max_size=9), phrase=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
)
def test_it_finds_what_a_slow_search_finds(words: list[str], phrase: list[str]):
    """Take the next of each word within the gap, at each place where the first stands."""
    stems, wanted = [stem(word) for word in words], [stem(word) for word in phrase]
    slow = []
    for start in range(len(stems)):
        at = start if stems[start] == wanted[0] else -1
        for word in wanted[1:]:
            window = stems[at + 1 : at + 4] if at >= 0 else []
            reach = window.index(word) if word in window else -1
            parted = any(each in ("no", "not") and each != word for each in window[: reach + 1])
            at = at + 1 + reach if reach >= 0 and not parted else -1
        if at >= 0:
            slow.append((start, at + 1))
    message = read(" ".join(words))
    found = find_phrases(message, build_phrases({"it": [" ".join(phrase)]}, gap=2, parting=("no", "not")))
    assert list(found.get("it", ())) == slow
