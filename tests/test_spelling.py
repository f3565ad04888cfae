"""Is the quick repair the same as a slow one that tries every word?"""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.spelling import MOST_READINGS, SHORTEST, SHORTEST_FOR_TWO, Speller

words = st.text(alphabet="abcd", min_size=1, max_size=10)


def slow(word: str, known: dict[str, int]) -> list[str]:
    if len(word) < SHORTEST:
        return []
    one = [other for other in known if len(other) >= SHORTEST - 1 and OSA.distance(word, other) == 1]
    two = [other for other in known if OSA.distance(word, other) == 2 and other[0] == word[0]]
    near = one or (two if len(word) >= SHORTEST_FOR_TWO else [])
    return sorted(near, key=lambda other: (-known[other], other))[:MOST_READINGS]


@given(words, st.dictionaries(words, st.integers(1, 5), max_size=60))
def test_a_repair_equals_a_slow_and_obvious_one(word, known):
    known.pop(word, None)
    assert [found for found, _ in Speller(known).find_nearest(word)] == slow(word, known)


def test_two_words_run_together_are_parted():
    speller = Speller({"how": 3, "long": 2, "ho": 1, "wlong": 1})
    assert speller.part("howlong") == ["how", "long"]
    assert speller.part("redness") == []
