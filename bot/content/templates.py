"""Which phrasings does a template stand for? `[optional]` words, `(one|of|several)`, nested, and nothing more."""

from itertools import accumulate, product

MOST = 64
"""So many phrasings at the most from one template: more is a slip, and would outvote the phrasings of other intents."""


DEEPEST = 8
"""So deep may brackets stand in each other; in what ships none stands in another."""
LONGEST = 500
"""Characters of a template; the longest that ships has 103. Each is compared with all others."""


class TemplateError(ValueError):
    """A template cannot be read; the message says what is wrong and what would be right."""


def expand(template: str) -> tuple[str, ...]:
    """Give every phrasing of a template, each once, in the order they are written.

    >>> expand("[so] does it (hurt|sting)")
    ('so does it hurt', 'so does it sting', 'does it hurt', 'does it sting')

    Raises:
        TemplateError: a bracket is not closed or not opened, an alternative is empty, or there are too many phrasings.
    """
    if len(template) > LONGEST:
        raise TemplateError(f"it has {len(template):,} characters, more than {LONGEST}; write it shorter")
    if _measure_depth(template) > DEEPEST:
        raise TemplateError(f"brackets stand more than {DEEPEST} deep in it; write several phrasings instead")
    found, end = _alternatives(template, 0, closing="")
    if end < len(template):
        raise TemplateError(f"'{template[end]}' closes nothing; write [optional] or (one|another)")
    phrasings = tuple(dict.fromkeys(" ".join(text.split()) for text in found))
    if "" in phrasings:
        raise TemplateError("everything in it is optional; leave at least one word outside [ ]")
    if len(phrasings) > MOST:
        raise TemplateError(f"it stands for {len(phrasings)} phrasings, more than {MOST}; write fewer alternatives")
    return phrasings


def _measure_depth(template: str) -> int:
    """Say how deep brackets stand in each other, whether or not they are closed rightly."""
    steps = (1 if letter in "[(" else -1 for letter in template if letter in "[()]")
    return max(accumulate(steps), default=0)


def _alternatives(template: str, start: int, *, closing: str) -> tuple[list[str], int]:
    """Read `a|b|c` up to the closing bracket; give the texts and where it ends."""
    texts: list[str] = []
    while True:
        more, start = _sequence(template, start, inside=bool(closing))
        texts += more
        if len(texts) > 4 * MOST:
            raise TemplateError(f"it stands for more than {MOST} phrasings; write fewer alternatives")
        if start < len(template) and template[start] == "|" and closing:
            start += 1
            continue
        return texts, start


def _sequence(template: str, start: int, *, inside: bool) -> tuple[list[str], int]:
    """Read words and brackets one after another; every combination of their texts is a text."""
    parts: list[list[str]] = [[""]]
    while start < len(template) and template[start] not in "])" and not (inside and template[start] == "|"):
        if template[start] in "[(":
            part, start = _bracket(template, start)
        else:
            stop = next((i for i in range(start, len(template)) if template[i] in "[]()|"), len(template))
            if stop == start:
                raise TemplateError("'|' stands outside ( ); write (one|another)")
            part, start = [template[start:stop]], stop
        parts.append(part)
        if len(parts) > 40:
            raise TemplateError("it has too many brackets; write several phrasings instead")
    return _combine(parts), start


def _combine(parts: list[list[str]]) -> list[str]:
    size = 1
    for part in parts:
        size *= len(part)
    if size > 4 * MOST:
        raise TemplateError(f"it stands for more than {MOST} phrasings; write fewer alternatives")
    return ["".join(choice) for choice in product(*parts)]


def _bracket(template: str, start: int) -> tuple[list[str], int]:
    opening = template[start]
    closing = "]" if opening == "[" else ")"
    texts, end = _alternatives(template, start + 1, closing=closing)
    if end >= len(template) or template[end] != closing:
        raise TemplateError(f"'{opening}' is not closed; write '{closing}' where it ends")
    if any(not text.strip() for text in texts):
        right = "(one|another)" if opening == "(" else "[optional]"
        raise TemplateError(f"an alternative in '{template[start : end + 1]}' is empty; write {right}")
    return ([*texts, ""] if opening == "[" else texts), end + 1
