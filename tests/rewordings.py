"""In how many ways can one message be typed? Each rewording leaves what is meant as it was."""

from collections.abc import Callable

SPACES_TO_DROP = str.maketrans("", "", " ,.'?!-")
LOOK_ALIKES = str.maketrans("aeopcxi", "аеорсхі")
FULLWIDTH = {ord(" "): "\u3000"} | {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
PADDING = "my name is on the list for a consultation and i live near the park with two children and a garden. "
"""An ordinary tale; ten of it make 1,000 characters."""


def swap_letters(text: str) -> str:
    """Swap two letters in the middle of the longest word: a slip of the keyboard."""
    longest = max(text.split(), key=len)
    middle = len(longest) // 2
    slipped = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return text.replace(longest, slipped, 1) if len(longest) >= 7 else text


REWORDINGS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "capital first": str.capitalize,
    "a slip": swap_letters,
    "two spaces": lambda text: text.replace(" ", "  "),
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero-width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "look-alikes": lambda text: text.translate(LOOK_ALIKES),
    "fullwidth": lambda text: text.translate(FULLWIDTH),
    "combining marks": lambda text: "".join(letter + "\u0301" if letter in "aeiou" else letter for letter in text),
    "escape codes": lambda text: f"\x1b[31m{text}\x1b[0m",
    "an apology in front": lambda text: f"sorry to bother you with this, {text}",
    "a relative plays it down": lambda text: f"{text}. my mum says it is normal and i should not worry",
    "the writer plays it down": lambda text: f"it is probably nothing. {text}",
    "1,000 characters before": lambda text: PADDING * 10 + text,
    "1,000 characters after": lambda text: f"{text}. " + PADDING * 10,
    "a question before": lambda text: f"How much does it cost? {text}",
    "a question after": lambda text: f"{text}. How long do the results last?",
}


def run_together(text: str) -> str:
    """Leave out the spaces."""
    return text.translate(SPACES_TO_DROP)
