"""The shipped content says what the article says: every fact, no figure, nothing too long to read."""

import re

import pytest
import yaml
from conftest import TESTS

from bot import Answer, Bot
from bot.content import find_folder

FACTS = [
    (section, fact["fact"], fact["words"])
    for section, facts in yaml.safe_load((TESTS / "facts.yaml").read_text()).items()
    for fact in facts
]
SUN_RULE = ("out of the sun", "a few weeks", "sunscreen", "every day", "floppy sun hat")


@pytest.fixture(scope="session")
def ordinary(shipped: Bot) -> list[Answer]:
    return [answer for answer in shipped.content.answers.values() if answer.section]


def test_there_are_forty_one_facts():
    assert len(FACTS) == 41


@pytest.mark.parametrize(("section", "fact", "words"), FACTS, ids=[fact for _, fact, _ in FACTS])
def test_a_fact_is_carried_by_an_answer_of_its_section(ordinary, section, fact, words):
    texts = [answer.text.lower() for answer in ordinary if answer.section == section]
    assert any(all(any(w.strip('"') in text for w in group.split("|")) for group in words) for text in texts), fact


def test_an_answer_is_short(ordinary):
    assert {answer.ref: len(answer.text.split()) for answer in ordinary if len(answer.text.split()) >= 90} == {}


def test_a_title_reads_as_a_question(ordinary):
    assert [answer.ref for answer in ordinary if not answer.title.endswith("?")] == []


def test_extremely_rare_is_never_said_first(ordinary):
    first = {answer.ref: re.split(r"[.!?]", answer.text)[0] for answer in ordinary}
    assert [ref for ref, sentence in first.items() if "extremely rare" in sentence] == []


def test_hz25_every_answer_on_staying_out_of_the_sun_states_the_rule_in_full(shipped):
    answers = [shipped.content.answers[i.answer] for i in shipped.content.intents.values() if i.topic == "sun"]
    assert len(answers) >= 8
    assert {a.ref: part for a in answers for part in SUN_RULE if part not in a.text.lower().replace("*", "")} == {}


def test_hz24_laser_is_for_mild_or_moderate_and_surgery_for_severe_sagging(ordinary):
    """Say so: no sentence joins laser with severe sagging, or surgery with mild, unless it sets them apart."""
    apart = re.compile(r"\b(not|n't|only|unless|different|than|instead|while|but|surgery|operation|how|decid)\b")
    sentences = [s.lower() for answer in ordinary for s in re.split(r"(?<=[.!?])\s+", answer.text)]
    swapped = [s for s in sentences if "laser" in s and "sever" in s and not apart.search(s)]
    assert swapped == []


def test_a_contact_line_follows_every_answer_on_side_effects(shipped):
    refs = {ref for ref in shipped.content.answers if ref.startswith("side-effects.md#")}
    assert refs == shipped.content.with_contact


def test_each_intent_has_many_ways_of_asking(shipped):
    few = {i.name: len(i.phrasings) for i in shipped.content.intents.values() if len(i.phrasings) < 12}
    assert few == {}


@pytest.mark.parametrize("ref", ["bot.md#welcome", "bot.md#who-are-you"])
def test_hz50_the_bot_says_that_it_is_a_program_reviewed_by_no_clinician(shipped, ref):
    text = shipped.content.answers[ref].text
    assert "program" in text
    assert "o clinician has reviewed" in text


def test_a_clinician_can_read_the_rules_in_ten_minutes():
    text = (find_folder() / "safety.yaml").read_text()
    assert text.count("\n") < 400
    assert len(text.encode()) < 30_000


def test_a_sign_has_a_few_plain_phrases_and_sentences_to_learn_from(shipped):
    rules = shipped.content.safety
    assert {sign.name: len(sign.phrases) for sign in rules.signs if not 5 <= len(sign.phrases) <= 30} == {}
    told = {example.sign for example in rules.examples}
    assert [sign.name for sign in rules.signs if sign.name not in told and not sign.alone] == []


def test_danger_is_heard_by_likeness_too(shipped):
    assert shipped.content.safety.find_lack() == ""


def test_each_text_said_where_it_matters_is_led_to(shipped):
    used = {sign.text for sign in shipped.content.safety.signs} | {
        "careful",
        "careful-crisis",
        "contact",
        "contact-short",
        "help",
        "help-offline",
    }
    used |= {ref.removeprefix("safety.md#") for ref in shipped.content.refusals.values()}
    refs = {ref for ref in shipped.content.answers if ref.startswith("safety.md#")}
    assert refs == {f"safety.md#{text}" for text in used if ".md" not in text}
