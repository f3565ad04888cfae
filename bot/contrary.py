"""Does the question turn round what the phrasings say? "Can I not go out" is another question than "can I go out".

Words alone hardly see it: all but one are the same. So what turns a meaning round is looked for by name.
"""

from collections.abc import Callable, Sequence

from bot.words import stem

_NEGATIONS = frozenset(map(stem, ("not", "never", "without", "no", "nor", "except", "instead")))
# "I am not sure how long", "I do not know whether": it is not the question that is negated.
_HARMLESS = frozenset(
    map(stem, ("sure", "know", "understand", "certain", "remember", "mind", "only", "yet", "see", "find"))
)
_OPPOSITES = tuple(
    (stem(left), stem(right))
    for left, right in (
        ("before", "after"),
        ("more", "less"),
        ("start", "stop"),
        ("better", "worse"),
        ("increase", "decrease"),
        ("hot", "cold"),
        ("old", "new"),
        ("first", "last"),
        ("remove", "add"),
        ("open", "close"),
    )
)


def find_contrary(stems: Sequence[str], is_held: Callable[[str], bool]) -> tuple[str, ...]:
    """Give the stems of a question that turn it away from an intent; `is_held` tells what the intent's phrasings say.

    A negation counts where no phrasing of the intent has one; a word counts where they say only its opposite.

    >>> find_contrary(["can", "i", "not", "tan"], {"can", "i", "tan"}.__contains__)
    ('not',)
    >>> find_contrary(["i", "am", "not", "sure", "if", "it", "hurt"], {"hurt"}.__contains__)
    ()
    >>> find_contrary([stem("before")], {"after"}.__contains__)
    ('befor',)
    """
    found: list[str] = []
    if not any(map(is_held, _NEGATIONS)):
        following = [*stems[1:], ""]
        found += [word for word, after in zip(stems, following, strict=True) if _negates(word, after)]
    for left, right in _OPPOSITES:
        for word, opposite in ((left, right), (right, left)):
            if word in stems and not is_held(word) and is_held(opposite):
                found.append(word)
    return tuple(dict.fromkeys(found))


def _negates(word: str, after: str) -> bool:
    return word in _NEGATIONS and after not in _HARMLESS
