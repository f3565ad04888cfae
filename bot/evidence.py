"""What in a message speaks against a phrase that stands in it? Only words about that very phrase do.

It may be denied, asked about in general, over, long ago, somebody else's, or of another cause. A sentence, and a word
like "but", end what such words reach. That something is played down is no evidence, and is not looked for.
"""

from bot.message import Message
from bot.phrases import Places, Span

REACH = 7
"""How many words may stand between a phrase and what speaks against it."""


class Evidence:
    """What one message says for and against what stands in it."""

    def __init__(self, message: Message, places: Places) -> None:
        self._message = message
        self._places = places
        self._clause = _number_clauses(message, places)
        self._empty = _covered(self._at("denies_nothing"))
        self._denying = _covered(self._at("denies")) - self._empty
        self._through = _covered(self._at("denied_through"))
        self._checks = {
            "denied": self._is_denied,
            "asked": self._is_asked,
            "over": self._is_over,
            "past": self._is_past,
            "others": self._is_of_others,
            "elsewhere": self._is_elsewhere,
        }

    def find_against(self, span: Span, silencers: tuple[str, ...]) -> tuple[str, ...]:
        """Give the kinds of evidence, of those that may count, which take the meaning from what stands at a place."""
        return tuple(name for name in silencers if self._checks[name](span))

    def _at(self, name: str) -> tuple[Span, ...]:
        return self._places.get(name, ())

    def _is_denied(self, span: Span) -> bool:
        """Look back from the place for what denies it, through the words of one list; then at the word after it."""
        i = span[0] - 1
        while i >= 0 and self._is_same_clause(i, span) and i not in self._empty:
            if i in self._denying:
                return i + 1 not in self._message.commas  # "no, my eye hurts" answers, and denies nothing
            if i not in self._through and not self._is_listed(i, span):
                return False
            i -= 1
        return False

    def _is_listed(self, i: int, span: Span) -> bool:
        """Tell whether a word is an item of a list that goes on: "no pain, blisters or pus"; it must have its "or"."""
        goes_on = i + 1 in self._message.commas or self._message.words[i + 1] in ("or", "nor", "and")
        listed = any(
            word in ("or", "nor") and self._is_same_clause(at, span) for at, word in enumerate(self._message.words)
        )
        return goes_on and (listed or self._message.words[i + 1] == "and")

    def _is_asked(self, span: Span) -> bool:
        """Look for a question in general about it, with nothing between that tells of one's own body."""
        before = [ask for ask in self._at("asks") if ask[0] <= span[0] and self._reaches(ask, span)]
        if before:
            return not any(before[-1][1] <= tale[0] < span[1] for tale in self._at("tells"))
        after = any(
            0 <= ask[0] - span[1] <= REACH and self._is_same_sentence(ask, span) for ask in self._at("asks_after")
        )
        return after and not any(self._is_same_sentence(tale, span) for tale in self._at("tells"))

    def _is_over(self, span: Span) -> bool:
        """Look for what says that it has gone, and is not itself denied or still to come."""
        for gone in self._at("over"):
            if 0 <= gone[0] - span[1] <= REACH and self._is_same_clause(gone[0], span):
                return not any(gone[0] - 3 <= no[0] < gone[1] for no in self._at("not_over"))
        return False

    def _is_past(self, span: Span) -> bool:
        return self._has("past", span) and not self._has("present", span)

    def _is_of_others(self, span: Span) -> bool:
        """Look for somebody else before it, not placed in the present, and nothing of the writer's own between."""
        others = [who for who in self._at("others") if who[1] <= span[0] and self._is_same_sentence(who, span)]
        if not others or self._has("bystander", span) or self._has("present", span):
            return False
        return not any(others[-1][1] <= tale[0] < span[1] for tale in self._at("tells"))

    def _is_elsewhere(self, span: Span) -> bool:
        return self._has("elsewhere", span) and not self._has("treated", span)

    def _has(self, name: str, span: Span) -> bool:
        return any(self._is_same_sentence(other, span) for other in self._at(name))

    def _reaches(self, ask: Span, span: Span) -> bool:
        """Tell whether a question that begins before a place still goes on there."""
        return self._is_same_clause(ask[0], span) and span[0] - ask[1] <= REACH

    def _is_same_clause(self, i: int, span: Span) -> bool:
        return self._clause[i] == self._clause[span[0]]

    def _is_same_sentence(self, one: Span, other: Span) -> bool:
        return self._message.sentence[one[0]] == self._message.sentence[other[0]]


def _number_clauses(message: Message, places: Places) -> list[int]:
    """Give the number of each word's clause: a part of a sentence between words like "but"."""
    breaks = {start for start, _ in places.get("breaks", ())}
    numbers: list[int] = []
    for i, sentence in enumerate(message.sentence):
        new = i > 0 and (i in breaks or sentence != message.sentence[i - 1])
        numbers.append((numbers[-1] if numbers else 0) + new)
    return numbers


def _covered(spans: tuple[Span, ...]) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end))
