"""Is this message more than an ordinary question? What is found becomes a Finding; the most pressing alert decides.

Danger is heard in two ways, and either is enough: by the phrases of `safety.yaml`, unless the message itself speaks
against one, and by likeness to the examples of `safety/`, in the whole of a message and in each of its sentences. What
plays a sign down is no evidence, and nothing outside the content counts: no score of an intent, no earlier turn.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.content import SafetyRules, Shares, Sign
from bot.evidence import Evidence
from bot.language import is_english
from bot.likeness import ALARM, CLINICIAN, CRISIS, EMERGENCY, VIOLENCE, Curve, Likeness, find_parts
from bot.meaning import Encoder
from bot.message import Message
from bot.phrases import Phrases, Places, build_phrases, find_phrases, stems_of

GAP = 2
"""How many other words may stand between two of a phrase."""
TIMES = 2.0
"""A sentence by itself must be so many times as sure as a whole message: it lacks what stands around it."""


class Tier(StrEnum):
    """How pressing it is; the most pressing first."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    TODAY = "today"
    CLINICIAN = "clinician"


class Band(StrEnum):
    """How sure it is that it is so."""

    ALARM = "alarm"
    """As good as sure: the urgent text."""
    CAREFUL = "careful"
    """It may be: the contact line first, and nothing that reassures."""


@dataclass(frozen=True, slots=True)
class Alert:
    """What a message is taken for."""

    tier: Tier
    sign: str
    """The name of the sign in `safety.yaml`; that of the nearest example where no phrase was found."""
    words: str
    """The words of the message that show it."""
    text: str
    """The anchor in `answers/safety.md` of what is said."""
    band: Band = Band.ALARM
    likely: bool = False
    """Whether it is told by likeness alone, and not by a phrase."""

    @property
    def ref(self) -> str:
        """Which curated text is said."""
        return f"safety.md#{self.text}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A phrase that was found, and what spoke against it."""

    sign: str
    words: str
    against: tuple[str, ...]
    """Kinds of evidence; where there is any, the phrase does not count."""


@dataclass(frozen=True, slots=True)
class Near:
    """How like a text is to the examples of danger."""

    text: str
    harmless: float
    """The share of harmless messages that come as near to an alarm, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Finding:
    """All that was found in a message."""

    alert: Alert | None
    seen: tuple[Seen, ...] = ()
    near: tuple[Near, ...] = ()
    """The whole message first, then its likeliest sentence, where it has several."""


@dataclass(frozen=True, slots=True)
class Safety:
    """The rules, compiled."""

    max_length: int
    signs: Mapping[str, Sign]
    phrases: Phrases
    """Those of the signs."""
    evidence: Phrases
    alone: Mapping[tuple[str, ...], str]
    """The sign of what a message says and nothing else."""
    shares: Shares
    likeness: Likeness


def build_safety(rules: SafetyRules, likeness: Likeness) -> Safety:
    """Compile the rules."""
    return Safety(
        rules.max_length,
        {sign.name: sign for sign in rules.signs},
        build_phrases(
            {sign.name: sign.phrases for sign in rules.signs}, gap=GAP, parting=rules.evidence.get("denies", ())
        ),
        build_phrases(rules.evidence),
        {stems_of(phrase): sign.name for sign in rules.signs for phrase in sign.alone},
        rules.words_alone if likeness.encoder is None else rules.shares,
        likeness,
    )


def find_danger(message: Message, safety: Safety, encoder: Encoder | None = None, *, spoken_of: str = "") -> Finding:
    """Look for the most pressing sign in a message; `encoder` is one that remembers what was read in this turn.

    `spoken_of` names what the last answer was about, where that was a side effect: a message that says something is
    getting worse, or does not go away, is then taken to mean it.
    """
    places = find_phrases(message, safety.evidence)
    evidence = Evidence(message, places)
    seen = _find_seen(message, evidence, safety)
    alerts = [_raise(found, safety) for found in seen if not found.against]
    if spoken_of and (worse := _find_worse(message, places, evidence)):
        alerts.append(Alert(Tier.TODAY, spoken_of, worse, Tier.TODAY))
    near, likely = _read(message, safety, encoder)
    if likely and safety.likeness.is_ordinary(message):
        likely = None
    if likely and not is_english(message):
        likely = replace(likely, tier=Tier.TODAY, text=Tier.TODAY, band=Band.CAREFUL)  # what was learned is English
    alerts += [alert for alert in (_repeat(message, safety), likely) if alert]
    ranked = sorted(alerts, key=lambda alert: (alert.band is Band.CAREFUL, list(Tier).index(alert.tier)))
    return Finding(_choose(ranked), seen, near)


def _choose(alerts: Sequence[Alert]) -> Alert | None:
    """Choose what counts: what is sure before what may be; but what may be danger before a clinician's question."""
    best = next(iter(alerts), None)
    if best is None or best.tier is not Tier.CLINICIAN:
        return best
    return next((alert for alert in alerts if alert.tier is not Tier.CLINICIAN), best)


# --- by phrases ------------------------------------------------------------------------------------------------------


def _find_seen(message: Message, evidence: Evidence, safety: Safety) -> tuple[Seen, ...]:
    found = [
        Seen(name, " ".join(message.words[start:end]), evidence.find_against((start, end), safety.signs[name].unless))
        for name, spans in find_phrases(message, safety.phrases).items()
        for start, end in spans
    ]
    if name := safety.alone.get(message.stems):
        found.append(Seen(name, " ".join(message.words), ()))
    return tuple(found)


def _raise(found: Seen, safety: Safety) -> Alert:
    sign = safety.signs[found.sign]
    return Alert(Tier(sign.tier), sign.name, found.words, sign.text)


def _find_worse(message: Message, places: Places, evidence: Evidence) -> str:
    """Give the words that say something gets worse or stays, where nothing denies or only asks them; "" for none."""
    for start, end in places.get("worse", ()):
        if not evidence.find_against((start, end), ("denied", "asked", "past", "others")):
            return " ".join(message.words[start:end])
    return ""


def _repeat(message: Message, safety: Safety) -> Alert | None:
    """Take what somebody said before, word for word, for what it was then: it may have been added since."""
    example = safety.likeness.find_exact(message)
    return _raise(Seen(example.sign, message.text, ()), safety) if example else None


# --- by likeness -----------------------------------------------------------------------------------------------------


def _read(message: Message, safety: Safety, encoder: Encoder | None) -> tuple[tuple[Near, ...], Alert | None]:
    """Read a message as a whole and sentence by sentence; give how near it comes, and what it is taken for."""
    likeness = safety.likeness
    if not message.words or not likeness.whole:
        return (), None
    parts = find_parts(message)
    whole, *rest = likeness.score((message, *parts), encoder)
    readings = [(message, whole, likeness.whole)]
    if rest:
        likeliest = max(range(len(rest)), key=lambda at: rest[at][ALARM])
        readings.append((parts[likeliest], rest[likeliest], likeness.parts))
    near = tuple(
        Near(part.text, min(1.0, times * share_above(scores[ALARM], curve[ALARM])))
        for times, (part, scores, curve) in zip((1.0, TIMES), readings, strict=False)
    )
    return near, _judge(near, readings, safety)


def _judge(
    near: Sequence[Near], readings: Sequence[tuple[Message, Mapping[str, float], Curve]], safety: Safety
) -> Alert | None:
    """Take a message for what the likeliest of its readings is sure of, or may be; None where it is neither."""
    shares = safety.shares
    at, likeliest = min(enumerate(near), key=lambda found: found[1].harmless)
    if likeliest.harmless > shares.alarm:
        at, likeliest = 0, near[0]  # a sentence that only may be a sign is judged with what stands around it
    message, scores, _ = readings[at]
    if likeliest.harmless <= shares.careful:
        tier, text = _name_tier(scores)
        band = Band.ALARM if likeliest.harmless <= shares.alarm else Band.CAREFUL
        return _name(message, tier, text, band, safety)
    message, scores, curve = readings[0]
    if share_above(scores[CLINICIAN], curve[CLINICIAN]) <= shares.clinician:
        return _name(message, Tier.CLINICIAN, Tier.CLINICIAN, Band.ALARM, safety)
    return None


def _name(message: Message, tier: Tier, text: str, band: Band, safety: Safety) -> Alert:
    """Name the sign of the nearest example."""
    alert = Alert(tier, "", message.text, text, band, likely=True)
    nearest = safety.likeness.find_nearest(message.text, name_labels(alert))
    return replace(alert, sign=nearest.sign) if nearest else alert


def name_labels(alert: Alert) -> tuple[str, ...]:
    """Give the labels of the examples that an alert is like."""
    return ("violence",) if alert.text == "violence" else (alert.tier.value,)


def _name_tier(scores: Mapping[str, float]) -> tuple[Tier, str]:
    """Give the tier of the strongest head, and the text that is said; the lightest where none is strong."""
    strongest = max((CRISIS, VIOLENCE, EMERGENCY), key=lambda head: scores[head])
    if scores[strongest] <= 0:
        return Tier.TODAY, Tier.TODAY
    if strongest == EMERGENCY:
        return Tier.EMERGENCY, Tier.EMERGENCY
    return Tier.CRISIS, "violence" if strongest == VIOLENCE else Tier.CRISIS


def share_above(score: float, harmless: Sequence[float]) -> float:
    """Give the share of harmless messages that score as high, 0 to 1."""
    return (len(harmless) - bisect_left(harmless, score)) / max(len(harmless), 1)
