"""Does an index come back from its bytes as it was, and is what does not fit refused?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index import Index, build_index
from bot.match import find_match

PAIRS = [
    (f"{ask} {what}{end}", what.replace(" ", "-"))
    for what in ("redness last", "session cost", "laser hurt", "sun cream", "skin swell", "clinic open")
    for ask in ("how long does the", "will my", "tell me about the", "is there any", "what about")
    for end in ("", " after a week")
]
INDEX = build_index(PAIRS, synonyms=[("sunscreen", "sun cream")], out_of_scope={"clinic-open"})
DATA = INDEX.to_bytes()
QUESTIONS = ["does the lasr hurt", "sunscreen", "when is the clinic open", "how long", "giraffe", ""]


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_index_read_back_matches_the_same(question):
    again = Index.from_bytes(DATA)
    assert again is not None
    assert find_match(question, again) == find_match(question, INDEX)
    assert again.to_bytes() == DATA


def test_building_twice_gives_the_same_bytes():
    assert build_index(PAIRS, synonyms=[("sunscreen", "sun cream")], out_of_scope={"clinic-open"}).to_bytes() == DATA


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_damaged_byte_is_noticed(at, change):
    assert Index.from_bytes(DATA[:at] + bytes([DATA[at] ^ change]) + DATA[at + 1 :]) is None


@given(st.binary(max_size=60))
def test_what_is_no_index_is_refused(data):
    assert Index.from_bytes(data) is None


def test_a_cut_file_is_refused():
    assert Index.from_bytes(DATA[:-1]) is None
    assert Index.from_bytes(b"") is None


def test_confidence_is_measured_where_phrasings_are_enough():
    assert build_index(PAIRS).curve is not None
    assert build_index(PAIRS[:20]).curve is None
    assert 0.0 <= find_match("laser", INDEX).confidence <= 1.0


def test_an_index_of_nothing_answers_nothing():
    assert find_match("anything", build_index([])).candidates == ()
    assert find_match("anything", build_index([("one", "only")])).candidates == ()
    assert find_match("one", build_index([("one", "only")])).candidates[0].score == 100.0
