"""What does the next turn need to know of this one? A small value that the channel keeps and hands back.

It names things by ref and by intent; what the content no longer has is dropped where it is looked up, never an error.
"""

from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass, replace

from bot.errors import ContextError

MOST_TOPICS = 3
"""Answers that a follow-up may be about."""
MOST_REFS = 8
"""More than any reply says or offers; a context that travels over a network is bounded."""
LONGEST = 2_000
"""Characters in one value: as long as the longest question that is read."""


@dataclass(frozen=True, slots=True)
class Context:
    """What was said last."""

    topics: tuple[str, ...] = ()
    """The intents that were answered last, the newest first; at most MOST_TOPICS."""
    said: tuple[str, ...] = ()
    """Refs of the texts and answers of the last reply: what "say that again" means."""
    options: tuple[str, ...] = ()
    """Refs of the answers on offer: what "the second one" means."""
    misses: int = 0
    """How many questions in a row had no answer, 0 to 9."""
    warned: bool = False
    """Whether this conversation was told when to contact the clinic; after that it is said in short."""
    treated: bool = False
    """Whether it was said in this conversation that the treatment has been had."""
    unanswered: str = ""
    """The visitor's last question that had no answer, for a person to be handed; as typed."""

    def __post_init__(self) -> None:
        """Tell a program at once what it has put in wrongly: further on it would pass for a fault of ours."""
        _check_kind("unanswered", self.unanswered, str, "a str")
        for name in ("topics", "said", "options"):
            _check_kind(name, getattr(self, name), tuple, "a tuple of str")
            for ref in getattr(self, name):
                _check_kind(f"{name} is tuple and holds what", ref, str, "a tuple of str")
        _check_kind("misses", self.misses, int, "an int")
        for name in ("warned", "treated"):
            if not isinstance(getattr(self, name), bool):
                raise TypeError(f"context: {name} is {type(getattr(self, name)).__name__}; give a bool")

    def offer_only(self, known: Container[str]) -> "Context":
        """Give the context with each option that is not known left blank, so that the others keep their numbers.

        A context travels, and whoever sends it back may have put in the ref of any text.
        """
        return replace(self, options=tuple(ref if ref in known else "" for ref in self.options))

    def to_dict(self) -> dict[str, object]:
        """Give a dict that JSON can hold."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> "Context":
        """Read what `to_dict` gave; keys of another version are left aside.

        Raises:
            ContextError: a value is not of its kind, or is too long.
        """
        if not isinstance(values, Mapping):
            raise ContextError(f"the context is {type(values).__name__}; hand back the object of the last reply")
        return cls(
            topics=_refs(values, "topics"),
            said=_refs(values, "said"),
            options=_refs(values, "options"),
            misses=_count(values, "misses"),
            warned=_flag(values, "warned"),
            treated=_flag(values, "treated"),
            unanswered=_text(values, "unanswered"),
        )


def _check_kind(name: str, value: object, kind: type, right: str) -> None:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"context: {name} is {type(value).__name__}; give {right}")


def _text(values: Mapping[str, object], key: str) -> str:
    value = values.get(key, "")
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ContextError(f"context: {key} must be a text of at most {LONGEST} characters")
    return value


def _refs(values: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = values.get(key, ())
    if not isinstance(value, list | tuple) or len(value) > MOST_REFS:
        raise ContextError(f"context: {key} must be a list of at most {MOST_REFS} texts")
    refs = tuple(ref for ref in value if isinstance(ref, str) and len(ref) <= LONGEST)
    if len(refs) < len(value):
        raise ContextError(f"context: {key} must hold texts only")
    return refs


def _flag(values: Mapping[str, object], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise ContextError(f"context: {key} must be true or false")
    return value


def _count(values: Mapping[str, object], key: str) -> int:
    value = values.get(key, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 9:
        raise ContextError(f"context: {key} must be a whole number from 0 to 9")
    return value
