"""Which characters may the content hold? All that a reader sees, line breaks and tabs; none that works unseen.

What works unseen turns the writing round, hides words, or steers a terminal, and whoever reads the file cannot tell.
"""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Control, format (direction, zero width), private use, half a pair; line and paragraph separators."""
_NO_CHARACTERS = frozenset({0xFFFE, 0xFFFF})
"""What no plane of Unicode has a character at; YAML refuses them. Others without a name may be those of next year."""
_JOINERS = "\u200c\u200d"


def find_unseen(row: str) -> str:
    r"""Give the characters of a row that are not seen, each once.

    A joiner between two that are not ASCII is seen by what it does: it makes one emoji of two, or shapes a letter.

    >>> find_unseen("tab\tand no-break\xa0space"), find_unseen("👩🏿‍🔧")
    ('', '')
    >>> find_unseen("r\u200ded \u202e") == "\u200d\u202e"
    True
    """
    if row.replace("\t", "").isprintable():
        return ""
    found = (letter for at, letter in enumerate(row) if _is_unseen(letter) and not _joins(row, at))
    return "".join(dict.fromkeys(found))


def name_unseen(letter: str) -> str:
    r"""Say what a character is.

    >>> name_unseen("\x1b"), name_unseen("\u202e")
    ('a control character (U+001B)', 'an invisible character (U+202E RIGHT-TO-LEFT OVERRIDE)')
    """
    kind = "a control character" if unicodedata.category(letter) == "Cc" else "an invisible character"
    name = unicodedata.name(letter, "")
    return f"{kind} (U+{ord(letter):04X}{' ' if name else ''}{name})"


def drop(text: str, letters: str) -> str:
    """Give a text without some letters."""
    return text.translate(dict.fromkeys(map(ord, letters)))


def _is_unseen(letter: str) -> bool:
    return letter not in "\t\n" and (unicodedata.category(letter) in _UNSEEN or ord(letter) & 0xFFFF in _NO_CHARACTERS)


def _joins(row: str, at: int) -> bool:
    return (
        row[at] in _JOINERS and not (row[at - 1 : at] or " ").isascii() and not (row[at + 1 : at + 2] or " ").isascii()
    )
