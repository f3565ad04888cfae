"""Does an explanation tell what the decision rests on, and nothing else?"""

import json
import re
from dataclasses import replace

import pytest

from bot import Bot, Context, Explanation, Kind
from bot.channels.markdown import Paragraph
from bot.channels.why import CONTACTS, EVIDENCE, name_share, show_explanation
from bot.content.safety_rules import SILENCERS
from bot.decide import Contact, explain_contact
from bot.safety import Alert, Band, Finding, Near, Seen, Tier

MESSAGES = [
    *("how lnog do the resluts last?", "can it remove a tattoo", "my eye hurts since the laser", "i am pregnant"),
    *("no blisters on my cheek, can i go out?", "hi", "", "x" * 5_000, "my friend had blisters on her cheek years ago"),
    *("the clinic's card machine", "is it? is it? is it?", "\ud83d\x1b[2J\u202e", "wie lange hält das Ergebnis"),
]
SHAPE = {
    "question": str,
    "repairs": list,
    "unknown": list,
    "alert": dict | None,
    "seen": list,
    "near": list,
    "nearest": dict | None,
    "says": list,
    "answers": list,
    "reason": str,
    "contact": str,
    "contact_reason": str,
    "intents": list,
    "confidence": float | None,
}


def show(explanation: Explanation) -> str:
    return "\n".join(map(_letters, show_explanation(explanation)))


def _letters(block: Paragraph) -> str:
    return block.marker + "".join(span.text for span in block.spans)


@pytest.mark.parametrize("message", MESSAGES)
def test_as_a_dict_it_is_of_one_shape_and_json_holds_it(shipped: Bot, message: str):
    explained = shipped.explain(message).to_dict()
    assert list(explained) == list(SHAPE)
    assert [name for name, kind in SHAPE.items() if not isinstance(explained[name], kind)] == []
    assert json.loads(json.dumps(explained)) == explained


@pytest.mark.parametrize("message", MESSAGES)
def test_it_is_of_the_decision_that_the_reply_comes_from(shipped: Bot, message: str):
    before = Context(topics=("swelling",), warned=True)
    explanation, reply = shipped.explain(message, before), shipped.reply(message, before)
    assert (explanation.decision.kind, explanation.decision.context) == (reply.kind, reply.context)
    assert explanation.to_dict()["answers"] == [answer.ref for answer in reply.answers]
    assert all(shipped.content.answers[ref].text in reply.text for ref in explanation.decision.says)


def test_the_ranking_is_the_one_that_was_judged(shipped: Bot):
    explanation = shipped.explain("how long does the redness last")
    assert explanation.turn
    best = explanation.turn.whole.match.candidates[0]
    assert explanation.to_dict()["intents"][0]["intent"] == best.intent
    assert f"1. {best.intent} {best.score:.1f} by '{best.phrasing}'" in show(explanation)


class TestDanger:
    def test_a_sign_that_is_seen_is_shown_with_its_words_and_ends_the_search(self, shipped: Bot):
        explanation = shipped.explain("my eye hurts since the laser")
        shown = show(explanation)
        assert "Danger: taken for the sign 'eye' (emergency), as good as sure." in shown
        assert "- the sign 'eye' shows in 'my eye hurts'" in shown
        assert "What it asks was not looked at any more." in shown
        assert explanation.to_dict()["intents"] == []

    @pytest.mark.parametrize(
        ("message", "why"),
        [
            ("i have no blisters on my cheek", "it is denied"),
            ("what if the skin is oozing", "it is asked in general"),
            ("the blisters on my cheek have all gone", "it is over"),
            ("blisters on my cheek, years ago", "it was long ago"),
        ],
    )
    def test_a_sign_that_is_silenced_is_shown_with_what_speaks_against_it(self, shipped: Bot, message: str, why: str):
        shown = show(shipped.explain(message))
        assert re.search(rf"^- '[\w ]+' is no sign '[\w-]+' here, since .*{why}", shown, re.MULTILINE)

    def test_each_kind_of_evidence_has_its_words(self):
        assert set(EVIDENCE) == set(SILENCERS)

    def test_the_nearest_example_is_the_one_that_named_the_sign(self, shipped: Bot):
        """Whatever was learned: where a message is taken for a sign by likeness, its sign is that of the example."""
        explanation = shipped.explain("it stings a little")
        like = Alert(Tier.TODAY, "blister", explanation.message.text, "today", Band.CAREFUL)
        judged = replace(explanation, finding=Finding(like, (), (Near(explanation.message.text, 0.01),)))
        assert judged.nearest
        assert judged.nearest.label == "today"
        assert judged.to_dict()["nearest"] == {
            "text": judged.nearest.text,
            "label": "today",
            "sign": judged.nearest.sign,
        }
        assert "not surely" in show(judged)

    def test_what_stands_word_for_word_in_an_example_is_nearest_to_it(self, shipped: Bot):
        example = next(each for each in shipped.content.safety.examples if each.label == "today")
        nearest = shipped.explain(example.text).nearest
        assert nearest
        assert " ".join(nearest.text.casefold().split()) == " ".join(example.text.casefold().split())

    def test_several_kinds_of_evidence_are_all_named(self, shipped: Bot):
        explanation = shipped.explain("hi")
        seen = Seen("blister", "blisters", ("denied", "others"))
        shown = show(replace(explanation, finding=Finding(None, (seen,))))
        assert "'blisters' is no sign 'blister' here, since it is denied and it is somebody else's" in shown

    @pytest.mark.parametrize(
        ("harmless", "words"),
        [
            (0.0, "nearer to danger than any harmless message that was counted"),
            (0.0001, "as near to danger as 1 of 1,000 harmless messages"),
            (0.003, "as near to danger as 3 of 1,000 harmless messages"),
            (0.25, "as near to danger as 250 of 1,000 harmless messages"),
            (0.95, "no nearer to danger than most harmless messages"),
        ],
    )
    def test_how_near_it_came_is_told_in_counts(self, harmless: float, words: str):
        assert name_share(harmless) == words

    def test_the_whole_and_its_likeliest_sentence_are_told_apart(self, shipped: Bot):
        near = (Near("one. two", 0.2), Near("two", 0.01))
        shown = show(replace(shipped.explain("hi"), finding=Finding(None, (), near)))
        assert "- the whole message comes as near to danger as 200 of 1,000" in shown
        assert "- its likeliest sentence, 'two', comes as near to danger as 10 of 1,000" in shown

    def test_a_content_without_examples_is_explained(self, small: Bot):
        assert "Danger: no sign that counts was found." in show(small.explain("redness"))


class TestTheLineOnTheClinic:
    @pytest.mark.parametrize("message", MESSAGES)
    def test_it_is_named_with_its_reason(self, shipped: Bot, message: str):
        decision = shipped.explain(message).decision
        line = f"At its end: {CONTACTS[decision.contact]}, since {explain_contact(decision)}."
        assert line in show(shipped.explain(message))

    def test_each_kind_of_reply_and_line_has_a_reason(self, shipped: Bot):
        decision = shipped.decide("hi")
        reasons = {
            explain_contact(replace(decision, kind=kind, contact=contact)) for kind in Kind for contact in Contact
        }
        assert len(reasons) >= 5
        assert all(reasons)
