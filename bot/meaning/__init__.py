"""What does a text mean? Texts go in, vectors come out: texts that mean alike point the same way.

The encoder that ships needs the extra `meaning`. Without it, or with a file of it broken, the words alone are read, and
whoever starts the program is told so.
"""

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypedDict

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]

HERE = Path(__file__).parent
MODEL, TOKENIZER, HEADS = HERE / "encoder.onnx", HERE / "tokenizer.json", HERE / "danger.json"
NEEDED = ("onnxruntime", "tokenizers", "numpy")
"""The packages of the extra `meaning`."""
WIDTH = 384
"""Numbers of a vector of the encoder that ships."""
REMEDY = "pip install --force-reinstall 'clinic-faq[meaning]'"
"""What mends a file or a package that is broken."""

# NumPy's threads would wait for one another longer than a product of ours takes, and the server has threads of its own.
# It is looked at when NumPy is first imported; whoever has set it keeps it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_log = logging.getLogger(__name__)


class Encoder(Protocol):
    """Gives texts their meaning."""

    def encode(self, texts: Sequence[str]) -> "Vectors":
        """Give a vector of length 1 for each text: as many rows, and WIDTH columns for the one that ships."""
        ...


def remember(encoder: Encoder | None) -> Encoder | None:
    """Give an encoder that encodes no text twice; it is for one turn, or one learning, since it holds the texts."""
    if encoder is None:
        return None
    from bot.meaning.once import Once  # noqa: PLC0415 - numpy is there only with the extra

    return Once(encoder)


@cache
def find_encoder() -> Encoder | None:
    """Give the encoder that ships, made once; None where there is none, and `find_lack` says why."""
    return _open()[0]


def find_lack() -> str:
    """Say what keeps meaning from being read, and what to do; "" where nothing does."""
    return _open()[1]


@cache
def _open() -> tuple[Encoder | None, str]:
    """Give the encoder, and what it lacks. A fault of a file is noted in the log, too: it should be there."""
    missing = [name for name in NEEDED if not _is_installed(name)]
    faults = _find_faults()
    encoder: Encoder | None = None
    if not missing and not faults:
        encoder, faults = _make_encoder()
    for fault in faults:
        _log.warning(fault)
    lacks = [f"{', '.join(missing)} not installed; pip install 'clinic-faq[meaning]'"] if missing else []
    return encoder, "; ".join([*lacks, *faults])


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ValueError, ImportError):  # something of that name was imported that is no package
        return False


def _find_faults() -> list[str]:
    """Give what is wrong with the files, as far as can be told without the packages."""
    absent = [name_fault(path, "is not there") for path in (MODEL, TOKENIZER, HEADS) if not path.is_file()]
    unread = TOKENIZER.is_file() and not read_english()
    return [*absent, *([name_fault(TOKENIZER, "cannot be read")] if unread else [])]


def name_fault(path: Path, wrong: str) -> str:
    """Say what is wrong with a file that ships, and what to do."""
    return f"{path.relative_to(HERE.parent.parent).as_posix()} {wrong}; {REMEDY}"


def _make_encoder() -> tuple[Encoder | None, list[str]]:
    try:
        from bot.meaning.minilm import MiniLM  # noqa: PLC0415 - numpy and onnxruntime are there only with the extra
    except Exception as error:  # noqa: BLE001 - a package in C++ that does not fit the machine fails in ways of its own
        return None, [f"{', '.join(NEEDED)} cannot be imported ({type(error).__name__}); {REMEDY}"]
    try:
        return MiniLM(MODEL, TOKENIZER), []
    except BrokenFileError as error:
        return None, [name_fault(error.path, error.wrong)]


class BrokenFileError(Exception):
    """A file that ships is not what was made."""

    def __init__(self, path: Path, wrong: str = "cannot be read") -> None:
        super().__init__(f"{path} {wrong}")
        self.path = path
        self.wrong = wrong


@cache
def hash_model() -> str:
    """Give the SHA-256 of the encoder's file, in hex."""
    with MODEL.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def read_english() -> frozenset[str]:
    """Give common English words: those that the encoder's vocabulary holds whole. They are there without the extra."""
    try:
        tokenizer: _Tokenizer = json.loads(TOKENIZER.read_text(encoding="utf-8"))
        return frozenset(piece for piece in tokenizer["model"]["vocab"] if len(piece) > 2 and piece.isalpha())
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # `find_lack` says so
        return frozenset()


class _Model(TypedDict):
    vocab: dict[str, int]


class _Tokenizer(TypedDict):
    """What is read of the tokenizer's file."""

    model: _Model
