"""Was this learned before? Numbers alone are kept, each under the hash of what they were learned from, and by what.

No text is ever read from a cache. Its numbers are believed where nobody but us can have written them: in a folder and
a file of ours alone. Gone, torn, stale, forged or out of reach, it is not used, and everything is learned again.
"""

import errno
import hashlib
import json
import logging
import os
import re
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import rapidfuzz

PACKAGE = Path(__file__).parent
KEPT = 24
"""So much is kept, four for each content and each way of reading it; the oldest goes first."""
MOST_BYTES = 1 << 26
"""The content that ships needs 3 MB; a list of phrasings as long as is learned from at all, some 50."""
_NAME = re.compile(r"[0-9a-f]{64}\.json")
_UNFINISHED = re.compile(r"[0-9a-f]{32}\.unfinished")
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

_log = logging.getLogger(__name__)


class Cache:
    """A folder that is ours alone; or none, and then nothing is found and nothing is kept."""

    def __init__(self) -> None:
        self._folder: int | None = None
        self._path: Path | None = None
        try:
            self._program = _hash_program()
            self._path = _find_folder()
            self._folder = _open_folder(self._path)
            _sweep(self._folder)
        except OSError as error:
            self._give_up(error)

    def find(self, key: str) -> object:
        """Give what was kept under a key; None where nothing was, or nothing that can be used."""
        if self._folder is None:
            return None
        name = self._name(key)
        found = None
        try:
            found = _parse(_read(name, self._folder), name)
        except FileNotFoundError:
            pass
        except OSError as error:
            self._give_up(error, name)
            return None
        if found is None:
            _log.info("Learning the phrasings. It takes up to a minute, once for each change of the content.")
        return found

    def keep(self, key: str, value: object) -> None:
        """Keep a value that JSON can hold, whole or not at all; a place that cannot be written to is no fault."""
        if self._folder is None:
            return
        name = self._name(key)
        try:
            write_whole(name, _make_file(name, value), self._folder)
            _thin_out(self._folder)
        except OSError as error:
            self._give_up(error, name)

    def close(self) -> None:
        """Let go of the folder."""
        if self._folder is not None:
            os.close(self._folder)
        self._folder = None

    def _name(self, key: str) -> str:
        return hashlib.sha256(f"{key} {self._program}".encode()).hexdigest() + ".json"

    def _give_up(self, error: OSError, name: str = "") -> None:
        """Go on without; said once, since nothing is tried again."""
        self.close()
        why = "it is a link, or no folder" if error.errno in (errno.ELOOP, errno.ENOTDIR) else error.strerror or error
        where = f"{self._path / name}: " if self._path else ""
        _log.warning("The cache is not used, and each start takes some seconds: %s%s", where, why)


@contextmanager
def open_cache() -> Iterator[Cache]:
    """Open the cache for one start."""
    opened = Cache()
    try:
        yield opened
    finally:
        opened.close()


def _find_folder() -> Path:
    """Find the place for files that may be deleted at any time: $CLINIC_FAQ_CACHE, or that of the desktop standard.

    Raises:
        OSError: there is none. The working folder is nobody's.
    """
    if named := os.environ.get("CLINIC_FAQ_CACHE"):
        folder = Path(named)
    elif named := os.environ.get("XDG_CACHE_HOME"):
        folder = Path(named, "clinic-faq")
    else:
        folder = _find_home() / ".cache" / "clinic-faq"
    if not folder.is_absolute():
        raise OSError(f"{folder} is no whole path; name one that begins at the root with CLINIC_FAQ_CACHE")
    return folder


def _find_home() -> Path:
    with suppress(RuntimeError):
        if os.environ.get("HOME") != "":
            return Path.home()
    raise OSError("there is no home folder; name a folder with CLINIC_FAQ_CACHE")


def _open_folder(path: Path) -> int:
    """Open the folder, made if need be. What it is asked for later is asked of this very one, wherever it is moved.

    Raises:
        OSError: it is not ours alone.
    """
    if not hasattr(os, "geteuid"):
        raise OSError("this system does not tell whose a file is")
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _check_ours(os.fstat(folder))
    except OSError:
        os.close(folder)
        raise
    return folder


def _check_ours(status: os.stat_result) -> None:
    if status.st_uid != os.geteuid():
        raise OSError("it belongs to another user; name a folder of your own with CLINIC_FAQ_CACHE")
    if status.st_mode & _OTHERS_WRITE:
        raise OSError(
            "others may write to it; forbid it (chmod go-w), or name a folder of your own with CLINIC_FAQ_CACHE"
        )


@cache
def _hash_program() -> str:
    """Tell this program from any other: its sources, the Python that runs it, and the library that compares words.

    Raises:
        OSError: there are no sources to be read.
    """
    whole = hashlib.sha256(repr((sys.version, sys.byteorder, rapidfuzz.__version__)).encode())
    sources = sorted(PACKAGE.rglob("*.py"))
    if not sources:
        raise OSError("the sources of the program cannot be read; install it as files")
    for path in sources:
        text = path.read_bytes()
        whole.update(f"{path.relative_to(PACKAGE).as_posix()} {len(text)}\n".encode() + text)
    return whole.hexdigest()


def _read(name: str, folder: int) -> bytes:
    """Read a file of ours alone. Nothing is waited for: a pipe in its place is opened, looked at and left."""
    opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    try:
        status = os.fstat(opened)
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no ordinary file; delete it")
        _check_ours(status)
        if status.st_nlink > 1:  # 0 where another start has just put a newer one in its place
            raise OSError("it has a second name somewhere (a hard link); delete it")
        if status.st_size > MOST_BYTES:
            raise OSError("it is larger than any that was kept; delete it")
        with os.fdopen(opened, "rb", closefd=False) as file:
            return file.read(MOST_BYTES)
    finally:
        os.close(opened)


def _make_file(name: str, value: object) -> bytes:
    text = json.dumps({"of": name, "learned": value}, allow_nan=False, separators=(",", ":")).encode()
    if len(text) >= MOST_BYTES - 65:
        raise OSError(f"{len(text):,} bytes are too many to keep; there are more phrasings than it was made for")
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def _parse(data: bytes, name: str) -> object:
    """Give the value that a file holds; None if the file is not whole, or is another's under this name."""
    checksum, _, text = data.partition(b"\n")
    if hashlib.sha256(text).hexdigest().encode() != checksum:
        return None
    try:
        kept: object = json.loads(text.decode(), object_pairs_hook=_read_table)
    except (ValueError, RecursionError):
        return None
    match kept:
        case {"of": of, "learned": learned} if of == name:
            return learned
    return None


def _read_table(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a key stands there twice")
    return table


def write_whole(name: str, data: bytes, folder: int) -> None:
    """Write under a name that nobody can guess, and only what is whole and on the disk gets its own."""
    unfinished = f"{os.urandom(16).hex()}.unfinished"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    opened = os.open(unfinished, flags, 0o600, dir_fd=folder)
    try:
        with os.fdopen(opened, "wb") as file:
            _lock(opened)
            file.write(data)
            file.flush()
            os.fsync(opened)
        os.rename(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(unfinished, dir_fd=folder)
        raise
    os.fsync(folder)


def _sweep(folder: int) -> None:
    """Remove what writers left behind that were killed; one that still writes holds a lock on its file."""
    for name, _ in _list_ours(folder, _UNFINISHED):
        with suppress(FileNotFoundError):
            opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            if _lock(opened):
                _remove(name, folder)
            os.close(opened)


def _lock(opened: int) -> bool:
    """Say whether nobody else holds a file, and hold it until it is closed."""
    import fcntl  # noqa: PLC0415 - not there on Windows, where no cache is used

    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _thin_out(folder: int) -> None:
    """Remove the oldest of what is kept."""
    kept = sorted(_list_ours(folder, _NAME), key=lambda found: found[1].st_mtime)
    for name, _ in kept[:-KEPT]:
        _remove(name, folder)


def _list_ours(folder: int, pattern: re.Pattern[str]) -> list[tuple[str, os.stat_result]]:
    """List the files that we wrote; nothing else is touched, whatever it is called."""
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries if pattern.fullmatch(entry.name)]
    return [(n, status) for n, status in found if stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()]


def _remove(name: str, folder: int) -> None:
    with suppress(FileNotFoundError):  # another start was quicker
        os.unlink(name, dir_fd=folder)
