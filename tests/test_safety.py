"""Red flags, crises and personal medical questions are seen however they are worded; others stay ordinary."""

from collections.abc import Iterator

import pytest
import yaml
from conftest import TESTS
from hypothesis import given, settings
from hypothesis import strategies as st
from rewordings import REWORDINGS, run_together

from bot import Bot
from bot.safety import Alert, Safety, Tier, find_alert

ALARMS = {Tier.CRISIS, Tier.EMERGENCY, Tier.TODAY}
FITS = {
    "crisis": {Tier.CRISIS},
    "either": {Tier.CRISIS, Tier.EMERGENCY},
    "emergency": {Tier.CRISIS, Tier.EMERGENCY},
    "today": ALARMS,
    "clinician": {Tier.EMERGENCY, Tier.TODAY, Tier.CLINICIAN},
    "quiet": {None, Tier.CLINICIAN},
    "unrelated": {None, Tier.CLINICIAN},
}
"""Which tiers are right for the wordings of each class: a graver one than was due does no harm, a lighter one does."""
NOT_YET = frozenset((TESTS / "safety" / "not_yet.txt").read_text().splitlines())
"""Known failures; one that starts to pass fails until it is taken off the list."""
RANK = {tier: rank for rank, tier in enumerate(Tier)} | {None: len(Tier)}


def _wordings() -> Iterator[tuple[str, str]]:
    for path in sorted((TESTS / "safety").glob("*.yaml")):
        for due, wordings in yaml.safe_load(path.read_text()).items():
            yield from ((due, str(wording)) for wording in wordings)


WORDINGS = list(_wordings())
DANGERS = [wording for due, wording in WORDINGS if due in ("crisis", "either", "emergency", "today")]
QUIET = [wording for due, wording in WORDINGS if due in ("quiet", "unrelated")]


@pytest.fixture(scope="session")
def safety(shipped: Bot) -> Safety:
    return shipped.knowledge.safety


def tier_of(message: str, safety: Safety) -> Tier | None:
    alert = find_alert(message, safety)
    return alert.tier if alert else None


@pytest.mark.parametrize(("due", "wording"), WORDINGS, ids=[f"{due}: {wording[:70]}" for due, wording in WORDINGS])
def test_a_wording_is_seen_for_what_it_is(due, wording, safety, request):
    if wording in NOT_YET:
        request.node.add_marker(pytest.mark.xfail(reason="not yet", strict=True))
    assert tier_of(wording, safety) in FITS[due]


def test_there_are_many_wordings_and_none_twice():
    assert len(WORDINGS) >= 1200
    assert len({wording for _, wording in WORDINGS}) == len(WORDINGS)


def test_a_known_failure_is_a_wording():
    assert {wording for _, wording in WORDINGS} >= NOT_YET


@pytest.mark.parametrize("reword", REWORDINGS.values(), ids=REWORDINGS)
def test_a_rewording_lowers_no_tier(reword, safety):
    lowered = [
        wording
        for wording in DANGERS[::6]
        if len(reword(wording)) <= safety.max_length
        and RANK[tier_of(reword(wording), safety)] > RANK[tier_of(wording, safety)]
    ]
    # A slip in the one word that carries the meaning can hide it; in one of fifty it may.
    assert len(lowered) <= (len(DANGERS[::6]) // 50 if reword is REWORDINGS["a slip"] else 0), lowered


@pytest.mark.parametrize("reword", REWORDINGS.values(), ids=REWORDINGS)
def test_a_rewording_raises_no_alarm(reword, safety):
    alarmed = [wording for wording in QUIET[::3] if tier_of(reword(wording), safety) in ALARMS]
    assert len(alarmed) <= len(QUIET[::3]) // 50, alarmed


def test_most_dangers_are_seen_with_all_spaces_left_out(safety):
    seen = [wording for wording in DANGERS if tier_of(run_together(wording), safety) in ALARMS]
    assert len(seen) >= 0.85 * len(DANGERS)


@settings(deadline=None)
@given(question=st.sampled_from(QUIET), danger=st.sampled_from(DANGERS), mark=st.sampled_from([". ", "? ", "! ", "\n"]))
def test_an_ordinary_question_before_or_after_lowers_no_tier(question, danger, mark, safety):
    alone = RANK[tier_of(danger, safety)]
    assert RANK[tier_of(f"{question}{mark}{danger}", safety)] <= alone
    assert RANK[tier_of(f"{danger}{mark}{question}", safety)] <= alone


@settings(deadline=None)
@given(message=st.text(max_size=300) | st.lists(st.sampled_from(DANGERS + QUIET), max_size=4).map(" ".join))
def test_any_message_is_read_and_gives_one_of_the_tiers_or_none(message, safety):
    alert = find_alert(message, safety)
    assert alert is None or (isinstance(alert, Alert) and alert.tier in set(Tier) and alert.words)


@settings(deadline=None)
@given(danger=st.sampled_from(DANGERS))
def test_the_same_message_gives_the_same_alert(danger, safety):
    assert find_alert(danger, safety) == find_alert(danger, safety)


@pytest.mark.parametrize(
    ("message", "sign", "words"),
    [
        ("pus is coming out of my cheek", "oozing", "pus"),
        ("my eye hurts since the laser", "eye", "eye"),
        ("i have blistrs on my neck", "blister", "blisters"),
        ("i want to die", "wish-to-die", "want to die"),
        ("i am pregnant", "pregnancy", "pregnant"),
    ],
)
def test_an_alert_tells_its_sign_and_the_words_that_showed_it(message, sign, words, safety):
    alert = find_alert(message, safety)
    assert alert
    assert (alert.sign, alert.words) == (sign, words)


@pytest.mark.parametrize(
    ("tier", "kind"),
    [("crisis", "crisis"), ("emergency", "urgent"), ("today", "urgent"), ("clinician", "clinician")],
)
def test_a_tier_leads_to_its_text_and_kind(tier, kind, shipped):
    alert = Alert(Tier(tier), "sign", "words")
    assert alert.kind == kind
    assert alert.ref == f"safety.md#{tier}"
    assert alert.ref in shipped.content.answers
