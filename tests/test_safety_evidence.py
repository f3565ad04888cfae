"""Evidence speaks against the phrase that it is about, and against no other. What was learned has no part in it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_safety import NOTHING_LEARNED, SAID, SIGNS, rank_told

from bot import Bot
from bot.content.safety_rules import SILENCERS
from bot.safety import Seen, find_danger


def see(message: str, bot: Bot) -> tuple[Seen, ...]:
    safety = replace(bot.knowledge.safety, shares=NOTHING_LEARNED)
    return find_danger(bot.knowledge.index.read(message), safety).seen


def signs_told(message: str, bot: Bot) -> set[str]:
    return {seen.sign for seen in see(message, bot) if not seen.against}


AGAINST = {
    "denied": {
        "no blisters on my neck": "blister",
        "there is no pus in my cheek": "infection",
        "without any blisters on my neck": "blister",
        "no pain, blisters on my neck or pus in my cheek": "blister",
        "no pain, blisters or pus in my cheek": "infection",
        "no sign of a rash after laser": "rash",
        "never had blisters on my face": "blister",
    },
    "asked": {
        "how common are blisters after laser": "blister",
        "what if i get blisters after laser": "blister",
        "is there a risk of a rash after laser": "rash",
        "what should i do if it is infected": "infection",
        "blisters after laser, are they common": "blister",
    },
    "over": {
        "the blisters on my cheek have all gone": "blister",
        "the rash on my treated skin cleared up": "rash",
        "the cold sore after laser has healed": "coldsore",
        "the bumps after laser went away": "rash",
    },
    "past": {
        "years ago i had blisters on my feet": "blister",
        "i had blisters on my feet as a child": "blister",
        "in the past i had pus in my ear": "infection",
    },
    "others": {
        "my aunt had hives all over": "airway",
        "a woman on tiktok had a cold sore after laser": "coldsore",
        "my neighbour told of a rash after laser": "rash",
    },
    "elsewhere": {
        "i have a burn from the oven": "burn",
        "i have blisters from my new shoes": "blister",
        "hives all over from a wasp": "airway",
        "i have a blister after hiking": "blister",
    },
}
"""Kinds of evidence, and messages whose sign each speaks against."""
NOTHING_TOLD = [
    "i do not have a fever",
    "I do NOT have a fever!",
    "i have no blisters",
    "i have never taken an overdose",
    "it is not infected",
    "i am not in agony",
    "my eye does not hurt",
]
"""What is denied inside the phrase: then it is not that phrase."""
STANDS = {
    "denied": {
        "no idea why i have blisters": "blister",
        "not only blisters on my neck": "blister",
        "not just redness, blisters on my neck": "blister",
        "no fever but blisters on my neck": "blister",
        "no fever. blisters on my neck": "blister",
        "i have no doubt that i have blisters": "blister",
        "it is not getting better, i have blisters": "blister",
        "i have not slept because i have blisters": "blister",
        "i did not think it was one until i saw blisters on my neck": "blister",
        "never seen so much, pus in my cheek": "infection",
        "no, my eye hurts": "eye",
        "no fever, blisters on my neck": "blister",
    },
    "asked": {
        "how common are burns? i have blisters": "blister",
        "how common are burns, because i have blisters": "blister",
        "is it normal that i have blisters": "blister",
        "can i fly when my skin is weeping": "weeping",
        "what if it scars, i have blisters": "blister",
        "how common are scars, now there are blisters on my cheek": "blister",
    },
    "over": {
        "the blisters on my cheek have not gone": "blister",
        "the swelling has gone but i have blisters": "blister",
        "the redness is gone. blisters on my neck": "blister",
        "the blisters on my cheek will not be gone": "blister",
        "the blisters on my cheek are badly healed": "blister",
    },
    "past": {
        "i had blisters years ago and now i have blisters": "blister",
        "years ago i had laser and today i have blisters": "blister",
        "i had laser years ago. i have blisters": "blister",
    },
    "others": {
        "my friend says i have blisters": "blister",
        "my sister has hives all over right now": "airway",
        "my mum says blisters on my face are normal": "blister",
        "my friend, she has hives all over, what do we do": "airway",
        "my friend had it too. hives all over": "airway",
    },
    "elsewhere": {
        "i have a burn from the laser, not the oven": "burn",
        "i have blisters where they lasered me, and new shoes": "blister",
        "the oven is broken. i have a burn": "burn",
    },
}
"""The same kinds, in messages that say such words of something else."""
NOT_YET = {
    "when will the blisters on my cheek be gone": "blister",
}
"""What is hoped to be over one day."""


def _list(table: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(kind, message, sign) for kind, messages in table.items() for message, sign in messages.items()]


def test_each_kind_of_evidence_has_both_tables():
    assert tuple(AGAINST) == tuple(STANDS) == SILENCERS


@pytest.mark.parametrize(("kind", "message", "sign"), _list(AGAINST))
def test_evidence_silences_its_sign_and_says_why(words: Bot, kind: str, message: str, sign: str):
    found = [seen for seen in see(message, words) if seen.sign == sign]
    assert found
    assert all(kind in seen.against for seen in found)


@pytest.mark.parametrize("message", NOTHING_TOLD)
def test_what_is_denied_inside_a_phrase_is_not_it(words: Bot, message: str):
    assert signs_told(message, words) == set()


@pytest.mark.parametrize(("kind", "message", "sign"), _list(STANDS))
def test_a_sign_stands_where_such_words_speak_of_something_else(words: Bot, kind: str, message: str, sign: str):
    assert sign in signs_told(message, words), kind


@pytest.mark.xfail(reason="not yet")
@pytest.mark.parametrize(("message", "sign"), NOT_YET.items())
def test_a_sign_should_stand_here_too(words: Bot, message: str, sign: str):
    assert sign in signs_told(message, words)


@pytest.mark.parametrize(("kind", "message"), [(kind, message) for kind, message, _ in _list(AGAINST)])
@settings(max_examples=6)
@given(danger=st.sampled_from(SAID), joint=st.sampled_from([". ", "! ", "\n"]))
def test_evidence_speaks_against_no_other_phrase(words: Bot, kind: str, message: str, danger: str, joint: str):
    due, silenced = rank_told(danger, words), signs_told(message, words)
    for joined in (f"{message}{joint}{danger}", f"{danger}{joint}{message}"):
        assert rank_told(joined, words) <= due, kind
        assert signs_told(joined, words) == signs_told(danger, words) | silenced, kind


@pytest.mark.parametrize("other", ["fever", "swelling", "pain", "redness", "pus"])
def test_hz05_denying_another_sign_silences_nothing(words: Bot, other: str):
    for message in (
        f"no {other} but blisters on my cheek",
        f"blisters on my cheek but no {other}",
        f"blisters on my cheek, no {other}",
        f"i have no {other} at all. blisters on my cheek",
    ):
        assert "blister" in signs_told(message, words), message


@pytest.mark.parametrize("name", SIGNS)
def test_only_evidence_that_a_sign_names_speaks_against_it(words: Bot, name: str):
    """A wish to die is never taken for denied, past or somebody else's: `unless: []` means that it always counts."""
    sign = words.knowledge.safety.signs[name]
    for phrase in sign.phrases:
        for message in (f"no {phrase}", f"what if {phrase}", f"{phrase} gone", f"my friend {phrase} years ago, oven"):
            for seen in see(message, words):
                if seen.sign == name:
                    assert set(seen.against) <= set(sign.unless)
                    assert sign.unless or not seen.against


@pytest.mark.parametrize("play_down", ["probably nothing but", "my mum says it is normal,", "i am overreacting,"])
def test_hz07_playing_it_down_is_no_evidence(words: Bot, play_down: str):
    assert [
        danger for danger in SAID[::3] if rank_told(f"{play_down} {danger}", words) > rank_told(danger, words)
    ] == []
