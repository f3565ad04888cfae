"""Was this content read before? What was built of it is kept under the hash of its files, and a start takes no time.

A cache may be gone, stale, torn or forged, and then nothing is lost: it is not used, and everything is built again.
"""

import contextlib
import gc
import hashlib
import io
import os
import pickle
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

PACKAGE = Path(__file__).parent
_KEPT = 4
"""So many contents are kept; the oldest goes first."""

T = TypeVar("T")


def load_or_build(digest: str, kind: type[T], build: Callable[[], T]) -> T:
    """Give what was kept for a content and this very program, or build it and keep it."""
    path = _find_path(digest)
    found = _read(path)
    if isinstance(found, kind):
        return found
    built = build()
    _write(path, built)
    return built


def is_kept(digest: str) -> bool:
    """Say whether there is a cache for a content, so that whoever waits for it to be built can be told."""
    return _find_path(digest).is_file()


def _find_path(digest: str) -> Path:
    return _folder() / f"{digest[:32]}-{_program()}.cache"


def _folder() -> Path:
    """Find the place for files that may be deleted at any time: $CLINIC_FAQ_CACHE, or that of the desktop standard."""
    if named := os.environ.get("CLINIC_FAQ_CACHE"):
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "clinic-faq"


def _program() -> str:
    """Tell this program from any other: its files' sizes and times, and the Python that runs it."""
    stamps = [
        (entry.path, entry.stat().st_size, entry.stat().st_mtime_ns)
        for folder, _, _ in os.walk(PACKAGE)
        for entry in os.scandir(folder)
        if entry.name.endswith(".py")
    ]
    return hashlib.sha256(repr((sys.version, *sorted(stamps))).encode()).hexdigest()[:16]


def _read(path: Path) -> object:
    try:
        data = path.read_bytes()
        if zlib.crc32(data[4:]).to_bytes(4) == data[:4]:
            return _unpickle(data[4:])
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        pass  # whatever is wrong with it, it is built again
    return None


def _write(path: Path, built: object) -> None:
    """Write it whole or not at all; a place that cannot be written to is no fault."""
    data = pickle.dumps(built, protocol=pickle.HIGHEST_PROTOCOL)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = path.with_suffix(f".{os.getpid()}")
        own.write_bytes(zlib.crc32(data).to_bytes(4) + data)
        own.replace(path)
        kept = sorted(path.parent.glob("*.cache"), key=lambda old: old.stat().st_mtime)
        for old in kept[:-_KEPT]:
            old.unlink(missing_ok=True)


def _unpickle(data: bytes) -> object:
    """Make the values; that many are made at once would only have the garbage collector look at them in vain."""
    collects = gc.isenabled()
    gc.disable()
    try:
        return _Unpickler(io.BytesIO(data)).load()
    finally:
        if collects:
            gc.enable()


class _Unpickler(pickle.Unpickler):
    """Makes the values of this package and of the standard library's containers; anything else is refused."""

    def find_class(self, module: str, name: str) -> object:
        """Give a class that a cache may hold.

        Raises:
            UnpicklingError: it holds another.
        """
        if module.partition(".")[0] == "bot" or (module, name) in _ALLOWED:
            found = super().find_class(module, name)
            if isinstance(found, type) or (module, name) in _ALLOWED:
                return found
        raise pickle.UnpicklingError(f"a cache does not hold {module}.{name}")


_ALLOWED = {
    ("bot.index", "restore_index"),
    ("array", "array"),
    ("array", "_array_reconstructor"),
    ("collections", "Counter"),
    ("collections", "defaultdict"),
    ("collections", "OrderedDict"),
    ("builtins", "frozenset"),
    ("builtins", "set"),
    ("builtins", "dict"),
    ("copyreg", "_reconstructor"),
    ("builtins", "object"),
}
