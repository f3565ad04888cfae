"""Does an index come back from what was learned as it was, and is what does not fit learned again?"""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index import Index, build_index
from bot.match import find_match
from bot.matching.learned import Rows

PAIRS = [
    (f"{ask} {what}{end}", what.replace(" ", "-"))
    for what in ("redness last", "session cost", "laser hurt", "sun cream", "skin swell", "clinic open")
    for ask in ("how long does the", "will my", "tell me about the", "is there any", "what about")
    for end in ("", " after a week")
]
QUESTIONS = ["does the lasr hurt", "coat", "blistr", "sunscreen", "when is the clinic open", "how long", "giraffe", ""]


class Memory(dict[str, str]):
    """Keeps what JSON can hold, as a file would."""

    def find(self, key: str) -> object:
        return json.loads(self[key]) if key in self else None

    def keep(self, key: str, value: object) -> None:
        self[key] = json.dumps(value)


def build(memory: Memory | None = None) -> Index:
    return build_index(
        PAIRS,
        synonyms=[("sunscreen", "sun cream")],
        words=["blister"],
        english=frozenset({"coat"}),
        memory=memory,
    )


INDEX = build()
LEARNED = INDEX.to_plain()


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_index_that_is_remembered_matches_the_same(question):
    memory = Memory()
    build(memory)
    again = build(memory)
    assert find_match(question, again) == find_match(question, INDEX)
    assert again.to_plain() == LEARNED


def test_learning_twice_gives_the_same():
    assert build().to_plain() == LEARNED


def test_only_numbers_are_remembered():
    base64 = set(string.ascii_letters + string.digits + "+/=")
    weights = LEARNED["weights"]
    assert all(set(text) <= base64 for text in (weights["names"], weights["rarity"], *weights["rows"].values()))
    assert type(weights["rarest"]) is float
    assert LEARNED["sense"] is None
    assert {type(number) for part in LEARNED["curve"] for number in part} == {float}


def test_what_is_remembered_is_not_learned_again(monkeypatch):
    def fail(*_):
        raise AssertionError("it was learned again")

    memory = Memory()
    build(memory)
    monkeypatch.setattr("bot.matching.learned.learn", fail)
    monkeypatch.setattr("bot.index.calibrate", fail)
    assert build(memory).curve == INDEX.curve


@pytest.mark.parametrize(
    "change",
    [
        {"pairs": [*PAIRS, ("one more", "laser-hurt")]},
        {"pairs": PAIRS[::-1]},
        {"synonyms": [("sunscreen", "cream")]},
        {"out_of_scope": {"laser-hurt"}},
        {"topics": {"laser-hurt": "pain"}},
        {"words": {"swollen"}},
        {"english": frozenset({"coat"})},
    ],
)
def test_whatever_else_is_learned_from_is_remembered_apart(change):
    memory = Memory()
    taught = {"pairs": PAIRS, "synonyms": [], "out_of_scope": (), "topics": {}}
    for lesson in (taught, taught | change):
        build_index(lesson.pop("pairs"), **lesson, memory=memory)
    assert len(memory) == 2


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["rows", "curve", *Rows._fields]), inner)
    ),
    max_leaves=9,
)


@given(plain)
def test_what_was_not_learned_is_learned_again(value):
    class Forged:
        kept = None

        def find(self, _: str) -> object:
            return value

        def keep(self, _: str, value: object) -> None:
            self.kept = value

    forged = Forged()
    build_index([("one", "first"), ("two", "second")], memory=forged)
    assert forged.kept is not None


def test_confidence_is_measured_where_phrasings_are_enough():
    assert build_index(PAIRS).curve is not None
    assert build_index(PAIRS[:20]).curve is None
    assert 0.0 <= find_match("laser", INDEX).confidence <= 1.0


def test_an_index_of_nothing_answers_nothing():
    assert find_match("anything", build_index([])).candidates == ()
    assert find_match("anything", build_index([("one", "only")])).candidates == ()
    assert find_match("one", build_index([("one", "only")])).candidates[0].score == 100.0


def test_an_index_of_nothing_is_remembered():
    memory = Memory()
    build_index([], memory=memory)
    assert find_match("anything", build_index([], memory=memory)).candidates == ()
