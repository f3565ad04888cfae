"""Which words speak for danger is learned from examples, and kept as numbers that are believed only where they fit."""

import binascii
import copy
import json
from array import array
from collections.abc import Callable

import pytest

from bot.content import ORDINARY, Example
from bot.examples import Words, label, learn_words
from bot.message import read_message
from bot.vocabulary import Vocabulary

PARTS = {
    ("crisis", "self-harm"): ["i want to die", "i will die tonight", "to die is what i want"],
    ("crisis", "violence"): ["he hits me", "he hits me often", "at night he hits me"],
    ("emergency", "eye"): ["my eye hurts", "the eye hurts badly", "an eye hurts so much"],
    ("today", "blister"): ["my skin has blisters", "blisters on the skin", "big blisters everywhere"],
    (ORDINARY, ""): ["is there parking", "where is parking", "parking for two cars"],
}
EXAMPLES = tuple(Example(text, tier, sign) for (tier, sign), texts in PARTS.items() for text in texts)
ASKED = ("how much does it cost", "what does it cost me", "what will it cost")
READING = Vocabulary({word: 1 for example in EXAMPLES for word in example.text.split()})

NAN = float("nan")


class Shelf:
    """Keeps what was learned as JSON, as the cache does; `spoil` changes what is found."""

    def __init__(self, spoil: Callable[[dict], object] = lambda kept: kept) -> None:
        self.kept: dict[str, str] = {}
        self.spoil = spoil
        self.learned = 0

    def find(self, key: str) -> object:
        return self.spoil(json.loads(self.kept[key])) if key in self.kept else None

    def keep(self, key: str, value: object) -> None:
        self.learned += 1
        self.kept[key] = json.dumps(value)


def weigh_all(words: Words) -> list[dict[str, float]]:
    return [words.weigh(read_message(text, READING)) for text in (*(e.text for e in EXAMPLES), *ASKED, "", "zebra")]


def learn(memory: Shelf | None = None, examples: tuple[Example, ...] = EXAMPLES) -> Words:
    return learn_words(examples, ASKED, memory)


def test_the_words_of_an_example_speak_for_its_label():
    words = learn()
    assert words.labels == ("crisis", "emergency", "ordinary", "today", "violence")
    for example in EXAMPLES:
        found = words.weigh(read_message(example.text, READING))
        assert max(found, key=found.__getitem__) == label(example), example
    found = words.weigh(read_message("what does it cost", READING))
    assert max(found, key=found.__getitem__) == ORDINARY


def test_what_was_never_learned_speaks_for_nothing():
    assert learn().weigh(read_message("zebra", READING)) == {}
    assert learn().weigh(read_message("", READING)) == {}


@pytest.mark.parametrize(
    ("tier", "sign", "due"),
    [
        ("crisis", "self-harm", "crisis"),
        ("crisis", "violence", "violence"),
        ("crisis", "assault-by-staff", "violence"),
        ("today", "blister", "today"),
        (ORDINARY, "", ORDINARY),
    ],
)
def test_violence_is_learned_apart_from_other_crises(tier: str, sign: str, due: str):
    assert label(Example("x", tier, sign)) == due


def test_the_order_of_the_examples_changes_nothing():
    assert weigh_all(learn(examples=EXAMPLES[::-1])) == weigh_all(learn())


def test_what_was_learned_is_kept_and_found():
    shelf = Shelf()
    first, second = weigh_all(learn(shelf)), weigh_all(learn(shelf))
    assert shelf.learned == 1
    assert first == second == weigh_all(learn())


def test_what_is_kept_holds_no_word():
    shelf = Shelf()
    learn(shelf)
    (kept,) = shelf.kept.values()
    assert [word for word in READING.counts if len(word) > 3 and word in kept] == []


@pytest.mark.parametrize(
    "changed",
    [
        EXAMPLES[1:],
        (*EXAMPLES, Example("one more", "today", "blister")),
        (Example(EXAMPLES[0].text, "emergency", "eye"), *EXAMPLES[1:]),
        (Example(EXAMPLES[0].text, "crisis", "violence"), *EXAMPLES[1:]),
    ],
)
def test_a_change_of_an_example_is_learned_anew(changed: tuple[Example, ...]):
    shelf = Shelf()
    learn(shelf)
    assert weigh_all(learn(shelf, changed)) == weigh_all(learn(None, changed))
    assert shelf.learned == 2


def pack(kind: str, numbers: list[float]) -> str:
    return binascii.b2a_base64(array(kind, numbers).tobytes(), newline=False).decode()


def unpack(kind: str, text: str) -> list[float]:
    return list(array(kind, binascii.a2b_base64(text)))


def lie(kept: dict) -> dict:
    """Turn every weight round: one that is believed for all its fault gives other scores."""
    rows = kept["rows"]
    rows["values"] = pack("f", [-value for value in unpack("f", rows["values"])])
    return kept


def put(*path: str, value: object) -> Callable[[dict], object]:
    def change(kept: dict) -> dict:
        place = kept
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value(place[path[-1]]) if callable(value) else value
        return kept

    return change


def drop(name: str) -> Callable[[dict], object]:
    return lambda kept: {key: value for key, value in kept.items() if key != name}


def with_rarity(change: Callable[[list[float]], list[float]]) -> Callable[[dict], object]:
    return put("rarity", value=lambda text: pack("f", change(unpack("f", text))))


SPOILT: dict[str, Callable[[dict], object]] = {
    "nothing": lambda _: None,
    "a list": lambda kept: [kept],
    "a text": json.dumps,
    "no names": drop("names"),
    "no rarity": drop("rarity"),
    "no rarest": drop("rarest"),
    "no rows": drop("rows"),
    "names that are no text": put("names", value=7),
    "names in no base64": put("names", value="a"),
    "names cut short": put("names", value=lambda text: text[: len(text) // 8 * 4]),
    "names twice": put("names", value=lambda text: text[:12] * (len(text) // 12)),
    "no name at all": put("names", value=""),
    "rarity in no base64": put("rarity", value="%"),
    "rarity cut within a number": put("rarity", value="AAA="),
    "one rarity too few": with_rarity(lambda rare: rare[1:]),
    "one rarity too many": with_rarity(lambda rare: [*rare, 1.0]),
    "a rarity below nothing": with_rarity(lambda rare: [-1.0, *rare[1:]]),
    "a rarity beyond any": with_rarity(lambda rare: [1e9, *rare[1:]]),
    "a rarity that is no number": with_rarity(lambda rare: [NAN, *rare[1:]]),
    "an endless rarest": put("rarest", value=float("inf")),
    "a rarest that is no number": put("rarest", value=NAN),
    "a rarest that is a text": put("rarest", value="4.3"),
    "rows that are a text": put("rows", value="rows"),
    "rows of nothing": put("rows", value={}),
    "a weight beyond any": put("rows", "values", value=lambda t: pack("f", [1e30] * len(unpack("f", t)))),
    "weights that are no numbers": put("rows", "values", value=lambda t: pack("f", [NAN] * len(unpack("f", t)))),
    "values cut short": put("rows", "values", value=lambda text: pack("f", unpack("f", text)[:-1])),
    "a label that there is not": put("rows", "columns", value=lambda t: pack("I", [60_000] * len(unpack("I", t)))),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_does_not_fit_is_learned_again(name: str):
    """Each begins as a lie that would be believed: whole, under its right name, with every weight turned round."""
    shelf = Shelf(lambda kept: SPOILT[name](lie(copy.deepcopy(kept))))
    true = weigh_all(learn(shelf))
    assert weigh_all(learn(shelf)) == true
    assert shelf.learned == 2


def test_a_whole_lie_would_be_believed():
    """Else nothing were shown by the faults above."""
    shelf = Shelf(lie)
    true = weigh_all(learn(shelf))
    assert weigh_all(learn(shelf)) != true
    assert shelf.learned == 1
