"""Evidence speaks against the sign that it is about, and against no other."""

import pytest
from test_safety import ALARMS, tier_of

from bot import Bot
from bot.safety import Safety


@pytest.fixture(scope="session")
def safety(shipped: Bot) -> Safety:
    return shipped.knowledge.safety


@pytest.mark.parametrize(
    "message",
    [
        "no blisters",
        "i have no blisters, pus or fever",
        "no blisters and no pus",
        "it has not blistered",
        "there isn't any pus",
        "without any blisters",
        "blisters none",
        "how common are blisters",
        "what if i get blisters",
        "blisters, how common are they?",
        "the blisters have all gone",
        "i used to have blisters",
        "i had blisters years ago",
        "my friend got blisters once",
        "i have a blister from my new shoes",
    ],
)
def test_a_sign_is_silenced(message, safety):
    assert tier_of(message, safety) not in ALARMS


@pytest.mark.parametrize(
    "message",
    [
        "no fever but blisters",
        "no fever, blisters everywhere",
        "not just red, blistered",
        "no fever. blisters",
        "it is not only blisters",
        "no idea why it is blistering",
        "i did not think it was a blister until it burst",
        "it will not stop weeping pus",
        "never seen so many blisters",
        "how common are burns? i have blisters",
        "how likely is a burn, because my cheek has blisters",
        "can i fly with blisters",
        "is it normal that i have blisters",
        "the swelling has gone but now i have blisters",
        "the blisters have not gone",
        "will my blisters scar",
        "i had blisters years ago and now i have blisters again",
        "my friend is covered in blisters since the laser this morning",
        "my friend says it is nothing but i have blisters",
        "i have new shoes and blisters where they lasered me",
    ],
)
def test_a_sign_stands(message, safety):
    assert tier_of(message, safety) in ALARMS


@pytest.mark.parametrize("other", ["fever", "swelling", "pain", "redness", "pus"])
def test_hz05_denying_another_sign_silences_nothing(other, safety):
    assert tier_of(f"no {other} but my cheek is blistered", safety) in ALARMS
    assert tier_of(f"my cheek is blistered but no {other}", safety) in ALARMS
    assert tier_of(f"i have no {other} at all. my cheek is blistered", safety) in ALARMS
