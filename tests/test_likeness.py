"""How like is a message to the examples? Two readers add up; what a score is worth was measured on harmless ones."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import Bot
from bot.content import ORDINARY
from bot.likeness import (
    LIKELIEST,
    MOST_PARTS,
    NAMES,
    SHORTEST,
    SUREST,
    WORDS,
    Likeness,
    find_parts,
    flatten,
    label,
    measure,
    read_heads,
)
from bot.message import Message
from bot.safety import Band, Tier, find_danger, share_above


@pytest.fixture(scope="module")
def likeness(words: Bot) -> Likeness:
    return words.knowledge.safety.likeness


@pytest.fixture(scope="module")
def both(readers: dict[str, Bot]) -> Likeness:
    return readers["both"].knowledge.safety.likeness


def read(text: str, bot: Bot) -> Message:
    return bot.knowledge.index.read(text)


# --- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("my eye hurts", []),
        ("", []),
        ("My eye hurts. How much is it?", ["My eye hurts.", "How much is it?"]),
        ("Day three. It weeps.", []),
        ("Day three. It weeps. We have a dog.", ["Day three. It weeps.", "We have a dog."]),
        ("Hello. My eye hurts. Bye.", ["Hello. My eye hurts.", "Bye."]),
        ("my eye hurts\nhow much is it", ["my eye hurts", "how much is it"]),
    ],
)
def test_a_sentence_is_read_by_itself_unless_it_is_too_short(words: Bot, text: str, parts: list[str]):
    assert [part.text for part in find_parts(read(text, words))] == parts


@given(text=st.lists(st.sampled_from(["my eye hurts.", "ok.", "day three.", "it is red, and hot!", "?"])).map(" ".join))
def test_the_parts_hold_every_word_once_and_in_order(words: Bot, text: str):
    message = read(text, words)
    parts = find_parts(message)
    if parts:
        assert tuple(word for part in parts for word in part.words) == message.words
        assert all(len(part.words) >= SHORTEST for part in parts[:-1])
        assert len(parts) > 1


# --- scores -----------------------------------------------------------------------------------------------------------


def test_every_message_has_a_score_for_every_head(words: Bot, likeness: Likeness, both: Likeness):
    messages = [read(text, words) for text in ("my eye hurts", "how much is it", "", "zzz")]
    for reader in (likeness, both):
        scores = reader.score(messages)
        assert [tuple(score) for score in scores] == [NAMES] * len(messages)
        assert all(math.isfinite(value) for score in scores for value in score.values())
        assert reader.score([]) == []


@given(text=st.text(max_size=80))
@settings(max_examples=50)
def test_the_words_of_a_message_are_never_surer_than_the_likeliest(words: Bot, likeness: Likeness, text: str):
    (score,) = likeness.score([read(text, words)])
    assert all(-LIKELIEST - 1 <= value <= LIKELIEST + 1 for value in score.values())


class Told:
    """An encoder that says what it is told, where the heads read it as it is."""

    def __init__(self, value: float) -> None:
        self.value = value

    def encode(self, texts: Sequence[str]) -> list[float]:
        return [self.value] * len(texts)

    def score(self, vectors: Sequence[float]) -> list[dict[str, float]]:
        return [dict.fromkeys(NAMES, value) for value in vectors]


@pytest.mark.parametrize(("meant", "counts"), [(0.0, 0.0), (1.5, 1.5), (99.0, SUREST), (-99.0, -SUREST)])
def test_meaning_and_words_add_up_and_meaning_ends_somewhere(
    words: Bot, likeness: Likeness, meant: float, counts: float
):
    message = read("my eye hurts", words)
    (alone,) = likeness.score([message])
    (added,) = replace(likeness, encoder=Told(meant), heads=Told(meant)).score([message])
    assert added == {name: pytest.approx(counts + WORDS * alone[name]) for name in NAMES}


def test_the_shipped_heads_fit_the_encoder_and_their_curves_ascend():
    heads, whole, parts = read_heads()
    assert heads.weights.shape == (len(NAMES), 384)
    assert heads.bias.shape == (len(NAMES),)
    assert set(whole) >= set(NAMES)
    assert "alarm" in parts
    for curve in (*whole.values(), *parts.values()):
        assert len(curve) >= 200
        assert list(curve) == sorted(curve)


# --- what a score is worth --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "share"), [(-1, 1.0), (0, 1.0), (0.5, 0.75), (1, 0.75), (2, 0.5), (2.1, 0.25), (3, 0.25), (3.1, 0.0)]
)
def test_a_share_counts_the_harmless_ones_that_come_as_high(score: float, share: float):
    assert share_above(score, [0, 1, 2, 3]) == share


def test_a_score_of_which_nothing_was_measured_is_worth_nothing():
    assert share_above(99, []) == 0


@given(scores=st.lists(st.floats(-9, 9)), low=st.floats(-9, 9), high=st.floats(-9, 9))
def test_the_higher_a_score_the_fewer_come_as_high(scores: list[float], low: float, high: float):
    curve = sorted(scores)
    assert share_above(max(low, high), curve) <= share_above(min(low, high), curve)
    assert share_above(low, curve) * len(curve) == pytest.approx(sum(score >= low for score in curve))


def test_the_curves_are_measured_on_ordinary_held_out_messages_only(words: Bot, likeness: Likeness):
    held_out = words.content.safety.held_out
    ordinary = [example for example in held_out if example.label == ORDINARY]
    curves = measure(likeness, held_out, words.knowledge.index.read)
    assert curves == {"whole": likeness.whole, "parts": likeness.parts}
    assert {name: len(curve) for name, curve in curves["whole"].items()} == dict.fromkeys(NAMES, len(ordinary))
    assert len(curves["parts"]["alarm"]) == len(ordinary)
    assert measure(likeness, [each for each in held_out if each.label != ORDINARY], words.knowledge.index.read) == {
        "whole": {name: [] for name in NAMES},
        "parts": {"alarm": []},
    }


@pytest.mark.parametrize(
    ("alarm", "careful", "band"), [(1.0, 1.0, Band.ALARM), (-1.0, 1.0, Band.CAREFUL), (-1.0, -1.0, None)]
)
def test_the_declared_shares_decide_the_band(words: Bot, alarm: float, careful: float, band: Band | None):
    """A message that every harmless one comes as near as: what is declared decides, and nothing else."""
    safety = words.knowledge.safety
    shares = replace(safety.shares, alarm=alarm, careful=careful, clinician=-1.0)
    alert = find_danger(read("how much does it cost", words), replace(safety, shares=shares)).alert
    assert (alert.band if alert else None) == band


@pytest.mark.parametrize(
    ("head", "tier", "text"),
    [
        ("crisis", Tier.CRISIS, "crisis"),
        ("violence", Tier.CRISIS, "violence"),
        ("emergency", Tier.EMERGENCY, "emergency"),
        ("", Tier.TODAY, "today"),
    ],
)
def test_the_strongest_head_names_the_tier(words: Bot, head: str, tier: Tier, text: str):
    class Strong(Told):
        def score(self, vectors: Sequence[float]) -> list[dict[str, float]]:
            return [{name: 99.0 if name in ("alarm", head) else -99.0 for name in NAMES} for _ in vectors]

    safety = words.knowledge.safety
    strong = replace(safety.likeness, encoder=Strong(0), heads=Strong(0))
    shares = replace(safety.shares, alarm=1.0, careful=1.0)
    alert = find_danger(read("xyzzy", words), replace(safety, likeness=strong, shares=shares)).alert
    assert alert
    assert (alert.tier, alert.text, alert.band) == (tier, text, Band.ALARM)


def test_what_is_surely_a_clinicians_question_gives_way_to_what_may_be_danger(words: Bot):
    safety = replace(words.knowledge.safety, shares=replace(words.knowledge.safety.shares, alarm=-1.0, careful=1.0))
    alert = find_danger(read("i am pregnant", words), safety).alert
    assert alert
    assert (alert.tier is Tier.CLINICIAN, alert.band) == (False, Band.CAREFUL)


# --- word for word ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["My  eye hurts!", " my eye hurts ", "MY EYE HURTS...", "my eye hurts?"])
def test_case_space_and_the_last_mark_tell_no_two_texts_apart(text: str):
    assert flatten(text) == "my eye hurts"


def test_every_example_of_danger_is_found_word_for_word(words: Bot, likeness: Likeness):
    for example in words.content.safety.examples[::40]:
        found = likeness.find_exact(Message(example.text.upper() + " !", len(example.text)))
        assert (found is not None) == (example.label != ORDINARY), example
        if found:
            assert label(found) == label(example)


def test_the_nearest_is_one_of_the_labels(likeness: Likeness):
    for labels in (["crisis"], ["violence"], ["today", "emergency"]):
        found = likeness.find_nearest("my eye hurts", labels)
        assert found
        assert label(found) in labels
    assert likeness.find_nearest("my eye hurts", []) is None


def test_hundreds_of_tiny_sentences_are_read_some_together(words: Bot):
    message = words.knowledge.index.read("we had it. " * 150)
    parts = find_parts(message)
    assert len(parts) <= MOST_PARTS + 1
    assert sum(len(part.words) for part in parts) == len(message.words)


def test_an_ordinary_example_said_again_is_no_sign_by_likeness(readers: dict[str, Bot]):
    for bot in readers.values():
        said = [example.text for example in bot.content.safety.examples if example.label == ORDINARY][::60]
        alerts = [find_danger(bot.knowledge.index.read(text), bot.knowledge.safety).alert for text in said]
        assert len(said) > 40
        assert not any(alert and alert.likely for alert in alerts)


def test_a_phrase_counts_in_an_ordinary_example_too(shipped: Bot):
    safety = shipped.knowledge.safety
    message = shipped.knowledge.index.read("there is pus on my chin")
    calm = replace(safety, likeness=replace(safety.likeness, ordinary=frozenset({flatten(message.text)})))
    alert = find_danger(message, calm).alert
    assert alert
    assert not alert.likely
