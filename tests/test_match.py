"""Does the matcher find the intent that was meant, and keep its laws whatever is asked?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.index import build_index
from bot.match import find_match

PAIRS = [
    ("how long does the redness last", "redness"),
    ("when will the redness go away", "redness"),
    ("can i wear sunscreen after the session", "sunscreen"),
    ("which sun protection should i use", "sunscreen"),
    ("how much does a session cost", "cost"),
    ("what is the price of the treatment", "cost"),
    ("does the laser hurt", "pain"),
    ("is the treatment painful", "pain"),
    ("will it be swollen afterwards", "swelling"),
    ("how long does swelling last", "swelling"),
]
INDEX = build_index(PAIRS, synonyms=[("sunscreen", "sunblock", "sun cream")])


def best(question: str) -> str:
    candidates = find_match(question, INDEX).candidates
    return candidates[0].intent if candidates else ""


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("redness how long?", "redness"),
        ("what's the price", "cost"),
        ("DOES IT HURT", "pain"),
        ("is it painfull", "pain"),
        ("swolen after", "swelling"),
        ("can i use sun cream", "sunscreen"),
        ("sun block after the session", "sunscreen"),
        ("howlong is the redness", "redness"),
    ],
)
def test_a_question_in_other_words_finds_its_intent(question, intent):
    assert best(question) == intent


@pytest.mark.parametrize(("phrasing", "intent"), PAIRS)
def test_an_exact_phrasing_comes_first_with_the_full_score(phrasing, intent):
    candidate = find_match(f"  {phrasing.upper()}?! ", INDEX).candidates[0]
    assert (candidate.intent, candidate.score, candidate.phrasing) == (intent, 100.0, phrasing)


def test_a_candidate_unpacks_as_intent_score_phrasing():
    intent, score, phrasing = find_match("does the laser hurt", INDEX).candidates[0]
    assert (intent, score, phrasing) == ("pain", 100.0, "does the laser hurt")


def test_a_repair_is_told():
    assert find_match("swolen", INDEX).repairs == (("swolen", "swollen"),)


def test_a_known_word_is_never_repaired():
    guarded = build_index(PAIRS, words=["blister"], english=frozenset({"coat", "anger", "priced"}))
    assert find_match("coat", guarded).repairs == ()
    assert find_match("coat", INDEX).repairs == (("coat", "cost"),)
    assert find_match("coat", guarded).unknown == ("coat",)
    assert find_match("blistr", guarded).repairs == (("blistr", "blister"),)
    assert find_match("blister", guarded).unknown == ("blister",)


def test_a_message_that_was_read_is_not_read_again():
    message = INDEX.read("is it painfull")
    assert find_match(message, INDEX) == find_match("is it painfull", INDEX)


def test_a_repaired_word_makes_no_phrasing_word_for_word():
    assert find_match("does the lasr hurt", INDEX).candidates[0].score < 100


def test_a_word_that_nobody_knows_is_told_and_lowers_the_coverage():
    match = find_match("redness of my giraffe", INDEX)
    assert match.unknown == ("giraffe",)
    assert match.coverage < find_match("redness", INDEX).coverage == 1.0


def test_the_words_that_counted_are_told_the_weightiest_first():
    words = find_match("price of the treatment", INDEX).candidates[0].words
    assert "pric" in dict(words)
    assert [weight for _, weight in words] == sorted((weight for _, weight in words), reverse=True)


def test_nothing_known_gives_no_candidate():
    assert find_match("xyzzy", INDEX).candidates == ()
    assert find_match("", INDEX).candidates == ()


WORDS = sorted({word for phrasing, _ in PAIRS for word in phrasing.split()})
questions = st.lists(st.sampled_from([*WORDS, "giraffe", "swolen", "hi"]), max_size=12).map(" ".join)


@given(questions)
def test_candidates_come_best_first_and_ties_in_the_order_of_names(question):
    candidates = find_match(question, INDEX).candidates
    ranks = [(-candidate.score, candidate.intent) for candidate in candidates]
    assert ranks == sorted(ranks)
    assert all(0 <= candidate.score <= 100 for candidate in candidates)


@given(st.sampled_from(PAIRS), st.sampled_from(["hi", "hello", "thanks", "um"]))
def test_politeness_changes_nothing(pair, polite):
    phrasing, intent = pair
    assert best(f"{polite}, {phrasing} please") == intent


@given(st.text(max_size=200))
def test_any_text_is_survived_and_gives_the_same_match_again(text):
    assert find_match(text, INDEX) == find_match(text, INDEX)
