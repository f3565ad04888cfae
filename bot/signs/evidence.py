"""What in a message speaks against a sign that stands in it? Only words about that very sign do.

It may be denied, asked about in general, over, long ago, somebody else's, or of another cause. A sentence, and a word
like "but", end what such words reach. That a sign is played down is no evidence, and is not looked for.
"""

from bot.signs.phrases import Reading, Span


class Evidence:
    """What one message says for and against what stands in it."""

    def __init__(self, reading: Reading, *, reach: int) -> None:
        self._reading = reading
        self._reach = reach
        self.clause = _number_clauses(reading)
        """The number of each word's clause: a part of a sentence between words like "but"."""
        self._through = _covered(reading.at("denied_through"))
        self._empty = _covered(reading.at("denies_nothing"))
        self._denying = _covered(reading.at("denies")) - self._empty
        self._asks = [ask for ask in reading.at("asks") if not overlaps(ask, reading.at("asks_nothing"))]
        self._checks = {
            "denied": self._is_denied,
            "asked": self._is_asked,
            "over": self._is_over,
            "past": self._is_past,
            "others": self._is_of_others,
            "elsewhere": self._is_elsewhere,
        }
        self._known: dict[tuple[str, Span], bool] = {}

    def speaks_against(self, span: Span, silencer: str) -> bool:
        """Tell whether a kind of evidence takes the meaning from what stands at a place."""
        if (silencer, span) not in self._known:
            self._known[silencer, span] = self._checks[silencer](span)
        return self._known[silencer, span]

    def is_in_sentence(self, family: str, span: Span) -> bool:
        """Tell whether a family stands in the sentence of a place."""
        return any(self._is_same_sentence(other[0], span) for other in self._reading.at(family))

    def is_told(self, family: str) -> bool:
        """Tell whether a family stands anywhere and is no part of a question in general."""
        asks = self._reading.at("asks")
        return any(not overlaps(span, asks) for span in self._reading.at(family))

    def _is_denied(self, span: Span) -> bool:
        """Look back from the place for what denies it, through the words of one list; then at the word after it."""
        i = span[0] - 1
        while i >= 0 and self._is_same_sentence(i, span) and i not in self._empty:
            if i + 1 in self._reading.comma and not self._is_in_list(i + 1):
                break
            if i in self._denying:
                return True
            if i not in self._through and not (self._reading.words[i] == "and" and self._ends(span[1])):
                break
            i -= 1
        after = span[1]
        return after in self._denying and not self._ends(after) and self._ends(after + 1)

    def _is_in_list(self, start: int) -> bool:
        """Tell whether a list goes on from here to an "or"."""
        words = self._reading.words
        for i in range(start, len(words)):
            if words[i] in ("or", "nor", "neither"):
                return True
            if i not in self._through:
                break
        return False

    def _ends(self, i: int) -> bool:
        """Tell whether a clause, or a part of it that a comma parts off, ends before this word."""
        return i >= len(self.clause) or i in self._reading.comma or self.clause[i] != self.clause[i - 1]

    def _is_asked(self, span: Span) -> bool:
        """Look for a question in general about it, with nothing between that tells of one's own skin."""
        tells = self._reading.at("tells")
        before = [ask for ask in self._asks if ask[0] < span[0] and ask[1] <= span[1] and self._reaches(ask, span)]
        if before and not any(before[-1][1] <= tale[0] <= span[0] for tale in tells):
            return True
        if not any(self._follows(ask, span) for ask in self._reading.at("asks_after")):
            return False
        asks = self._reading.at("asks")
        return not any(self._is_same_sentence(tale[0], span) and not overlaps(tale, asks) for tale in tells)

    def _is_over(self, span: Span) -> bool:
        """Look for what says that it has gone, and is not itself denied or still to come."""
        but_not = (*self._reading.at("not_yet_over"), *self._reading.at("denies"))
        for gone in self._reading.at("over"):
            near = 0 <= gone[0] - span[1] <= self._reach and self._is_same_clause(gone, span)
            if near and not any(max(gone[0], span[0]) - 3 <= no[0] < gone[1] for no in but_not):
                return True
        return any(
            0 <= span[0] - gone[1] <= 2 and self._is_same_clause(gone, span)
            and not any(0 <= gone[0] - no[1] <= 2 for no in but_not)
            for gone in self._reading.at("over_before")
        )  # fmt: skip

    def _is_past(self, span: Span) -> bool:
        return self.is_in_sentence("past", span) and not self.is_in_sentence("present", span)

    def _is_of_others(self, span: Span) -> bool:
        """Look for somebody else before it, not placed in the present, with nothing of the writer's own after."""
        others = [
            who for who in self._reading.at("others") if who[1] <= span[0] and self._is_same_sentence(who[0], span)
        ]
        if not others or self.is_in_sentence("bystander", span) or self.is_in_sentence("present", span):
            return False
        near = range(others[-1][0], span[1] + 4)
        return not any(own[0] in near and self._is_same_sentence(own[0], span) for own in self._reading.at("self"))

    def _is_elsewhere(self, span: Span) -> bool:
        return self.is_in_sentence("elsewhere", span) and not self.is_in_sentence("treated", span)

    def _reaches(self, ask: Span, span: Span) -> bool:
        """Tell whether a question that begins before a place still goes on there."""
        return self._is_same_clause(ask, span) and span[0] - ask[1] <= 2 * self._reach

    def _follows(self, ask: Span, span: Span) -> bool:
        return 0 <= ask[0] - span[1] <= self._reach and self._is_same_sentence(ask[0], span)

    def _is_same_clause(self, one: Span, other: Span) -> bool:
        return self.clause[one[0]] == self.clause[other[0]]

    def _is_same_sentence(self, i: int, span: Span) -> bool:
        return self._reading.sentence[i] == self._reading.sentence[span[0]]


def _number_clauses(reading: Reading) -> list[int]:
    breaks = {start for start, _ in reading.at("breaks")}
    numbers: list[int] = []
    for i, sentence in enumerate(reading.sentence):
        new = i > 0 and (i in breaks or sentence != reading.sentence[i - 1])
        numbers.append((numbers[-1] if numbers else 0) + new)
    return numbers


def _covered(spans: tuple[Span, ...]) -> frozenset[int]:
    return frozenset(i for start, end in spans for i in range(start, end))


def overlaps(span: Span, others: tuple[Span, ...]) -> bool:
    """Tell whether a place shares a word with any of the others.

    >>> overlaps((1, 3), ((0, 1), (2, 4)))
    True
    """
    return any(span[0] < end and start < span[1] for start, end in others)
