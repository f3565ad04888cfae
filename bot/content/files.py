"""What does a file hold? Regular files only, and no more of one than a content may have.

A link is followed, since a clinic may well mount its content as links to files that change; what it leads to must be a
file all the same. A pipe would keep a reader waiting for ever, and a device has no end.
"""

import os
import stat
from pathlib import Path

MOST_A_FILE = 2 * 2**20
"""Bytes; the largest file that ships has an eighth of it."""
MOST_IN_ALL = 4 * MOST_A_FILE
"""Bytes of all files of a content; eight times what ships."""
MOST_FILES = 200
"""Files in `answers/`; eight ship."""


class FileError(Exception):
    """A file is not read; the message says what it is, and what would be right."""


def read_file(path: Path) -> bytes:
    """Give the bytes of a regular file.

    Raises:
        FileError: it is something else, or has more than MOST_A_FILE bytes.
        OSError: it cannot be opened or read.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise FileError("this is no regular file but a pipe or a device; put a file with text here")
        if found.st_size > MOST_A_FILE or len(data := file.read(MOST_A_FILE + 1)) > MOST_A_FILE:
            raise FileError(f"the file has more than {MOST_A_FILE:,} bytes; take out what is too much")
        return data


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a pipe that nobody writes to would hold the reader up."""
    waits_not: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)  # neither is there on Windows
    return os.open(path, flags | waits_not)
