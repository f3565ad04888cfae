"""A cache saves time and can do no harm: gone, torn, stale, forged or somebody else's, it is not used.

Every bad cache begins as a lie that would be believed: whole, under its right name, with every weight turned round. One
that is used for all its fault gives other scores. Files are given away with `chown` where the tests run as root.
"""

import binascii
import fcntl
import hashlib
import json
import logging
import os
import pickle
import re
import resource
import shutil
import socket
import subprocess
import sys
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SMALL, TESTS

import bot.cache
from bot import Bot
from bot.content.load import load_content
from bot.content.source import Source
from bot.knowledge import build_knowledge

ROOT = TESTS.parent
NOBODY = 65534
QUESTIONS = ["how much is it", "wil i be redd", "hello", "remove a tattoo", "and how long?", "sun", "my skin blisters"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Path:
    monkeypatch.setenv("CLINIC_FAQ_CACHE", str(tmp_path / "cache"))
    caplog.set_level(logging.WARNING)
    return tmp_path / "cache"


def ask_all(answering: Bot) -> list[object]:
    """Give all that a question gets: the reply, and the scores behind it."""
    matches = [[(found.intent, found.score) for found in answering.match(text).candidates] for text in QUESTIONS]
    return [matches, [answering.reply(question).to_dict() for question in QUESTIONS]]


def texts_of(answering: Bot) -> list[str]:
    return [answer.text for answer in answering.content.answers.values()]


def find_kept(folder: Path) -> Path:
    """Give the file of the index of everything; that of small talk is the smaller one."""
    return max((path for path in folder.iterdir() if path.is_file()), key=lambda path: path.stat().st_size)


def read(path: Path) -> dict[str, object]:
    return json.loads(path.read_bytes().partition(b"\n")[2])


def seal(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest().encode() + b"\n" + text


def write(path: Path, value: object) -> None:
    path.write_bytes(seal(json.dumps(value).encode()))


def pack(kind: str, numbers: list[float]) -> str:
    return binascii.b2a_base64(array(kind, numbers).tobytes(), newline=False).decode()


def unpack(kind: str, text: str) -> list[float]:
    return list(array(kind, binascii.a2b_base64(text)))


def lie(path: Path) -> None:
    """Turn every weight round: what spoke for an intent speaks against it."""
    kept = read(path)
    rows = kept["learned"]["weights"]["rows"]
    rows["values"] = pack("f", [-value for value in unpack("f", rows["values"])])
    write(path, kept)


def call(module: str, name: str, *arguments: str) -> bytes:
    """Pickle a call of what a module holds, at whatever remove."""
    texts = [b"X" + len(text).to_bytes(4, "little") + text.encode() for text in (module, name, *arguments)]
    return b"\x80\x04" + b"".join(texts[:2]) + b"\x93(" + b"".join(texts[2:]) + b"tR."


def with_crc(data: bytes) -> bytes:
    """Seal it as caches were sealed when they were pickles."""
    return binascii.crc32(data).to_bytes(4, "big") + data


# --- whose it is ------------------------------------------------------------------------------------------------------


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    else:  # the same seen from the other side: we are somebody else
        monkeypatch.setattr(os, "geteuid", lambda: NOBODY)


def move(path: Path) -> Path:
    moved = path.with_name(f"{path.name}-elsewhere")
    path.rename(moved)
    return moved


def listen(path: Path) -> None:
    path.unlink()
    with socket.socket(socket.AF_UNIX) as plug:
        place = Path.cwd()
        os.chdir(path.parent)  # the address of a socket must be short
        plug.bind(path.name)
        os.chdir(place)


Spoil = Callable[[Path, pytest.MonkeyPatch], object]
NOT_OURS: dict[str, Spoil] = {
    "a file of another user": give_away,
    "a folder of another user": lambda path, patch: give_away(path.parent, patch),
    "a file that the group may write": lambda path, _: path.chmod(0o620),
    "a file that all may write": lambda path, _: path.chmod(0o606),
    "a folder that the group may write": lambda path, _: path.parent.chmod(0o770),
    "a folder that all may write": lambda path, _: path.parent.chmod(0o707),
    "a folder like /tmp": lambda path, _: path.parent.chmod(0o1777),
    "a link to a file": lambda path, _: path.symlink_to(move(path)),
    "a link to nothing": lambda path, _: (path.unlink(), path.symlink_to("nowhere")),
    "a link to itself": lambda path, _: (path.unlink(), path.symlink_to(path)),
    "a link to what never ends": lambda path, _: (path.unlink(), path.symlink_to("/dev/zero")),
    "a link to a folder": lambda path, _: path.parent.symlink_to(move(path.parent)),
    "a hard link": lambda path, _: os.link(path, path.parent.parent / "other"),
    "a pipe": lambda path, _: (path.unlink(), os.mkfifo(path, 0o600)),
    "a socket": lambda path, _: listen(path),
    "a folder in its place": lambda path, _: (path.unlink(), path.mkdir(0o700)),
    "a file in the place of the folder": lambda path, _: move(path.parent) and path.parent.write_text("no folder"),
    "a gigabyte of nothing": lambda path, _: os.truncate(path, 1 << 30),
}


@pytest.mark.parametrize("kind", NOT_OURS)
def test_what_is_not_ours_alone_is_not_used_and_not_touched_and_said_once(
    kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    right = Bot.load(SMALL)
    kept = find_kept(folder)
    lie(kept)
    NOT_OURS[kind](kept, monkeypatch)
    before = [(path, path.lstat().st_ino, path.lstat().st_mtime_ns) for path in (folder, kept) if os.path.lexists(path)]
    again = Bot.load(SMALL)
    assert ask_all(again) == ask_all(right)
    assert [(path, path.lstat().st_ino, path.lstat().st_mtime_ns) for path, *_ in before] == before
    (said,) = caplog.messages
    assert said.startswith(f"The cache is not used, and each start takes some seconds: {folder}")


# --- what it holds ----------------------------------------------------------------------------------------------------


def change(*path: str | int, to: object) -> Callable[[Path], None]:
    """Put something into the place of one value."""

    def spoil(file: Path) -> None:
        kept = read(file)
        *outer, last = path
        inner = kept
        for key in outer:
            inner = inner[key]
        inner[last] = to(inner.get(last)) if callable(to) else to
        write(file, kept)

    return spoil


def row(name: str, kind: str, alter: Callable[[list[float]], list[float]]) -> Callable[[Path], None]:
    return change("learned", "weights", "rows", name, to=lambda text: pack(kind, alter(unpack(kind, text))))


def curve(*parts: object) -> Callable[[Path], None]:
    """Put in a curve; a right one has 7, 7, 8 and 100 numbers."""
    return change("learned", "curve", to=list(parts))


def text(alter: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change the text, and seal it."""
    return lambda file: file.write_bytes(seal(alter(file.read_bytes().partition(b"\n")[2])))


def whole(alter: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Change the bytes, seal and all."""
    return lambda file: file.write_bytes(alter(file.read_bytes()))


def flip(at: int) -> Callable[[Path], None]:
    def alter(data: bytes) -> bytes:
        place = at % len(data)
        return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]

    return whole(alter)


def swap_files(file: Path) -> None:
    (other,) = set(file.parent.iterdir()) - {file}
    data = file.read_bytes()
    file.write_bytes(other.read_bytes())
    other.write_bytes(data)


SEVEN, EIGHT, HUNDRED = [0.5] * 7, [0.5] * 8, [0.5] * 100
BAD: dict[str, Callable[[Path], object]] = {
    "nothing": whole(lambda _: b""),
    "cut in its seal": whole(lambda data: data[:40]),
    "cut after its seal": whole(lambda data: data[:64]),
    "cut after the line of its seal": whole(lambda data: data[:65]),
    "cut in the middle": whole(lambda data: data[: len(data) // 2]),
    "cut by one": whole(lambda data: data[:-1]),
    "longer by one": whole(lambda data: data + b" "),
    "twice": whole(lambda data: data + data),
    "zeros": whole(lambda data: bytes(len(data))),
    "no seal": whole(lambda data: data[65:]),
    "a hole at its end": lambda file: os.truncate(file, 1 << 20),
    "a bit of the seal": flip(3),
    "the line end": flip(64),
    "the first bit of the text": flip(65),
    "a bit of the name": flip(90),
    "a bit in the middle": flip(3000),
    "the last bit": flip(-1),
    "another's": swap_files,
    "an older pickle": whole(lambda _: with_crc(pickle.dumps({"rows": [], "curve": None}))),
    "an older layout": text(lambda _: b'{"intents": [], "out_of_scope": [], "whole": [], "real": []}'),
    "a newer layout": text(lambda _: b'{"format": 9, "of": "", "learned": ""}'),
    "no UTF-8": text(lambda data: b'{"\xff": 1, ' + data[1:]),
    "UTF-16": text(lambda data: data.decode().encode("utf-16")),
    "a byte order mark": text(lambda data: b"\xef\xbb\xbf" + data),
    "no JSON": text(lambda data: data[:-1]),
    "null": text(lambda _: b"null"),
    "a number": text(lambda _: b"1"),
    "a number of many digits": text(lambda data: data.replace(b'"curve": null', b'"curve": ' + b"9" * 9999)),
    "a list": text(lambda data: b"[" + data + b"]"),
    "deep lists": text(lambda _: b"[" * 200_000),
    "deep tables": text(lambda _: b'{"of":' * 200_000),
    "a key twice": text(lambda data: data[:-1] + b', "learned": 1}'),
    "a key twice, the last one right": text(lambda data: b'{"of": "", ' + data[1:]),
    "NaN": text(lambda data: data.replace(b'"curve": null', b'"curve": NaN')),
    "an infinite number": text(lambda data: data.replace(b'"curve": null', b'"curve": -Infinity')),
    "of another content": change("of", to="0" * 64 + ".json"),
    "of no content": change("of", to=None),
    "nothing learned": change("learned", to=None),
    "a text learned": change("learned", to="everything"),
    "a list learned": change("learned", to=[[], []]),
    "no rows": change("learned", to={"curve": None}),
    "no curve": change("learned", to=lambda learned: {"weights": learned["weights"], "sense": learned["sense"]}),
    "null for the rows": change("learned", "weights", to=None),
    "no values": change("learned", "weights", "rows", "values", to=None),
    "values as a list": change("learned", "weights", "rows", "values", to=[1.0]),
    "values that are no base64": change("learned", "weights", "rows", "values", to="?" * 40),
    "values that are half base64": change("learned", "weights", "rows", "values", to=lambda text: text[:-1]),
    "values in another alphabet": change("learned", "weights", "rows", "values", to=lambda text: text + "\u0661"),
    "half a value": change("learned", "weights", "rows", "values", to="AAAA"),
    "a value less": row("values", "f", lambda values: values[:-1]),
    "a value more": row("values", "f", lambda values: [*values, 0.0]),
    "no number for a value": row("values", "f", lambda values: [float("nan"), *values[1:]]),
    "no number for a later value": row("values", "f", lambda values: [values[0], float("nan"), *values[2:]]),
    "an infinite value": row("values", "f", lambda values: [float("inf"), *values[1:]]),
    "two infinite values": row("values", "f", lambda values: [float("inf"), float("-inf"), *values[2:]]),
    "a huge value": row("values", "f", lambda values: [1e30, *values[1:]]),
    "a huge value below": row("values", "f", lambda values: [-1e30, *values[1:]]),
    "a column less": row("columns", "I", lambda columns: columns[:-1]),
    "a column for no intent": row("columns", "I", lambda columns: [2**32 - 1, *columns[1:]]),
    "a column for the intent after the last": row("columns", "I", lambda columns: [9, *columns[1:]]),
    "no starts": row("starts", "I", lambda _: []),
    "a start less": row("starts", "I", lambda starts: starts[:-1]),
    "a start more": row("starts", "I", lambda starts: [*starts, starts[-1]]),
    "a start that is not the first": row("starts", "I", lambda starts: [1, *starts[1:]]),
    "a start after its end": row("starts", "I", lambda starts: [starts[0], starts[-1], *starts[2:]]),
    "an end that is not there": row("starts", "I", lambda starts: [*starts[:-1], starts[-1] + 1]),
    "rows of another content": change(
        "learned", "weights", "rows", to={"starts": pack("I", [0]), "columns": "", "values": ""}
    ),
    "no names": change("learned", "weights", "names", to=""),
    "a name less": change("learned", "weights", "names", to=lambda text: pack("Q", unpack("Q", text)[:-1])),
    "a name twice": change(
        "learned", "weights", "names", to=lambda text: pack("Q", [*unpack("Q", text)[:-1], unpack("Q", text)[0]])
    ),
    "a rarity less": change("learned", "weights", "rarity", to=lambda text: pack("f", unpack("f", text)[:-1])),
    "no number for a rarity": change("learned", "weights", "rarest", to=None),
    "no sense": change("learned", "sense", to={}),
    "vectors that are no base64": change("learned", "sense", "vectors", to="?" * 40),
    "vectors of another list": change("learned", "sense", "vectors", to=lambda text: text[:400]),
    "a weight of meaning that is no number": change(
        "learned", "sense", "weights", to=lambda text: pack("f", [float("nan"), *unpack("f", text)[1:]])
    ),
    "a weight of meaning less": change(
        "learned", "sense", "weights", to=lambda text: pack("f", unpack("f", text)[:-1])
    ),
    "a curve of no parts": curve(),
    "a curve of three parts": curve(SEVEN, SEVEN, EIGHT),
    "a curve of short parts": curve(SEVEN, SEVEN, EIGHT, [0.5] * 99),
    "a curve of long parts": curve(SEVEN, [0.5] * 8, EIGHT, HUNDRED),
    "a curve of texts": curve(SEVEN, SEVEN, EIGHT, ["0.5"] * 100),
    "a curve of truths": curve(SEVEN, [True] * 7, EIGHT, HUNDRED),
    "a curve of a table": change("learned", "curve", to={"centres": SEVEN}),
    "a curve of a number": change("learned", "curve", to=1),
    "a curve with NaN in it": curve(SEVEN, SEVEN, EIGHT, [*[0.5] * 99, float("nan")]),
    "a curve without spread": curve(SEVEN, [0.0] * 7, EIGHT, HUNDRED),
    "a curve with a spread below nothing": curve(SEVEN, [-0.5] * 7, EIGHT, HUNDRED),
    "a curve with a spread too small": curve(SEVEN, [1e-300] * 7, EIGHT, HUNDRED),
    "a curve that is endless": text(lambda data: data.replace(b'"curve": null', b'"curve": [[1e999]]')),
    "a curve of huge numbers": curve([1e300] * 7, SEVEN, EIGHT, HUNDRED),
    "a curve that is wrong more than always": curve(SEVEN, SEVEN, EIGHT, [1.5] * 100),
    "a curve that is wrong less than never": curve(SEVEN, SEVEN, EIGHT, [-0.5] * 100),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_whole_and_right_is_learned_again(
    kind: str, folder: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    right = Bot.load(SMALL)
    kept = find_kept(folder)
    good = kept.read_bytes()
    lie(kept)
    BAD[kind](kept)
    assert kept.read_bytes() != good
    assert ask_all(Bot.load(SMALL)) == ask_all(right)
    assert kept.read_bytes() == good
    assert caplog.messages == []
    forbid_learning(monkeypatch)
    assert ask_all(Bot.load(SMALL)) == ask_all(right)


def test_there_are_forty_kinds_of_bad_cache_and_more():
    assert len(NOT_OURS) + len(BAD) >= 40


POISON: dict[str, Callable[[Path], bytes]] = {
    "plain": lambda ran: call("pathlib", "Path.touch", str(ran)),
    "through our own modules": lambda ran: call("bot.cache", "io.FileIO", str(ran), "w"),
    "through the standard library": lambda ran: call("asyncio.events", "subprocess.os.mkdir", str(ran)),
    "in a program": lambda ran: f"open({str(ran)!r}, 'w')".encode(),
}


@pytest.mark.parametrize("kind", POISON)
@pytest.mark.parametrize("sealed", [with_crc, seal, bytes])
def test_poison_runs_nothing(kind: str, sealed: Callable[[bytes], bytes], folder: Path, tmp_path: Path):
    right = Bot.load(SMALL)
    ran = tmp_path / "ran"
    for path in folder.iterdir():
        path.write_bytes(sealed(POISON[kind](ran)))
    assert ask_all(Bot.load(SMALL)) == ask_all(right)
    assert not ran.exists()


def test_pickle_itself_would_have_run_it(tmp_path: Path):
    """Say that the poison above is a real one."""
    pickle.loads(POISON["through the standard library"](tmp_path / "ran"))  # noqa: S301 - this is what is shown
    assert (tmp_path / "ran").exists()


def test_a_well_made_lie_of_our_own_moves_numbers_and_no_text(folder: Path):
    """Say what remains: whoever can write to our own folder as ourselves can mislead the matcher, and nothing else."""
    right = Bot.load(SMALL)
    lie(find_kept(folder))
    misled = Bot.load(SMALL)
    assert ask_all(misled) != ask_all(right)
    assert misled.content == right.content
    assert misled.reply("my skin blisters").to_dict() == right.reply("my skin blisters").to_dict()


def test_no_text_of_the_content_is_kept(folder: Path):
    answering = Bot.load(SMALL)
    kept = b"".join(path.read_bytes() for path in folder.iterdir())
    words = {word.encode() for answer in texts_of(answering) for word in answer.split() if len(word) > 6}
    assert words
    assert [word for word in words if word in kept] == []


# --- what it is kept under --------------------------------------------------------------------------------------------


def forbid_learning(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it was learned again")

    monkeypatch.setattr("bot.matching.learned.learn", fail)
    monkeypatch.setattr("bot.index.calibrate", fail)


def test_what_was_learned_once_is_not_learned_again(monkeypatch: pytest.MonkeyPatch):
    first = ask_all(Bot.load(SMALL))
    forbid_learning(monkeypatch)
    assert ask_all(Bot.load(SMALL)) == first


def test_another_text_is_said_at_once_and_another_phrasing_is_learned(tmp_path: Path, folder: Path):
    content = tmp_path / "clinic"
    shutil.copytree(SMALL, content)
    Bot.load(content)
    kept = set(folder.iterdir())
    costs = content / "answers" / "costs.md"
    costs.write_text(costs.read_text() + "\nIt may also depend on the clinic.\n")
    assert any("It may also depend on the clinic." in text for text in texts_of(Bot.load(content)))
    assert set(folder.iterdir()) == kept
    intents = content / "intents.yaml"
    intents.write_text(intents.read_text().replace("- redness\n", "- crimson\n"))
    assert Bot.load(content).match("crimson").candidates[0].intent == "redness"
    assert set(folder.iterdir()) > kept


def test_content_that_changes_while_it_is_read_is_not_kept_for_what_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    content = tmp_path / "clinic"
    shutil.copytree(SMALL, content)
    intents = content / "intents.yaml"
    before = intents.read_text()
    reads = Source.read_yaml

    def save_then_read(source: Source, path: str):
        intents.write_text(before.replace("- redness\n", "- crimson\n"))
        return reads(source, path)

    with monkeypatch.context() as patch:
        patch.setattr(Source, "read_yaml", save_then_read)
        Bot.load(content)
    intents.write_text(before)
    assert ask_all(Bot.load(content)) == ask_all(Bot(build_knowledge(load_content(SMALL))))


def test_another_program_of_the_same_size_and_time_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    program = tmp_path / "bot"
    shutil.copytree(bot.cache.PACKAGE, program, ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    source = program / "matching" / "features.py"
    monkeypatch.setattr(bot.cache, "PACKAGE", program)
    names = []
    for text in (source.read_text(), source.read_text().replace("ENDS = 0.4", "ENDS = 0.5")):
        times = source.stat().st_atime_ns, source.stat().st_mtime_ns
        source.write_text(text)
        os.utime(source, ns=times)
        names.append(bot.cache._hash_program.__wrapped__())
    assert names[0] == bot.cache._hash_program()
    assert names[0] != names[1]


def test_another_version_of_what_compares_words_is_another_program(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("rapidfuzz.__version__", "0")
    assert bot.cache._hash_program.__wrapped__() != bot.cache._hash_program()


def test_what_one_start_learned_another_reads_the_same_whatever_its_hash_seed(tmp_path: Path):
    replies = [
        run("ask", "--json", "wil i be redd", cwd=tmp_path, PYTHONHASHSEED=seed, CLINIC_FAQ_CACHE=str(tmp_path / "c"))
        for seed in ("1", "2", "3")
    ]
    assert len({reply.stdout for reply in replies}) == 1
    assert len(list((tmp_path / "c").iterdir())) == 2


# --- writing ----------------------------------------------------------------------------------------------------------


def test_folder_and_files_are_for_their_owner_only(folder: Path):
    umask = os.umask(0)
    try:
        Bot.load(SMALL)
    finally:
        os.umask(umask)
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600, 0o600]


def test_a_name_that_waits_to_be_followed_is_not_followed(folder: Path, tmp_path: Path):
    Bot.load(SMALL)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    for path in list(folder.iterdir()):
        path.unlink()
        for ending in (str(os.getpid()), "tmp", "new", "unfinished"):
            path.with_suffix(f".{ending}").symlink_to(victim)
    Bot.load(SMALL)
    assert victim.read_text() == "precious"


def test_a_name_that_was_guessed_is_not_followed_either(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder.mkdir(0o700)
    monkeypatch.setattr(os, "urandom", bytes)
    victim, guessed = tmp_path / "victim", folder / f"{bytes(16).hex()}.unfinished"
    victim.write_text("precious")
    guessed.symlink_to(victim)
    Bot.load(SMALL)
    assert victim.read_text() == "precious"
    assert guessed.is_symlink()


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let no file grow beyond a kilobyte: what a full disk says, another errno apart."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_no_half_a_file_and_is_said_once(folder: Path, caplog: pytest.LogCaptureFixture):
    first = ask_all(Bot.load(SMALL))
    assert list(folder.iterdir()) == []
    assert len(caplog.messages) == 1
    assert ask_all(Bot.load(SMALL)) == first


def test_a_writer_that_is_killed_breaks_no_start_and_leaves_nothing(tmp_path: Path):
    """A thousand kills by hand: `python benchmarks/kills.py`."""
    command = [sys.executable, ROOT / "benchmarks" / "kills.py", "--kills", "20"]
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    killed = re.fullmatch(
        r"20 kills, (\d+) in the middle of a write: 0 broken starts, files torn or left behind\n", done.stdout
    )
    assert killed
    assert int(killed[1]) > 0


def test_what_is_too_much_to_be_read_is_not_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(bot.cache, "MOST_BYTES", 100)
    Bot.load(SMALL)
    assert list(folder.iterdir()) == []
    assert "too many to keep" in caplog.text


def test_what_a_killed_writer_left_goes_at_the_next_start_and_nothing_else_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    Bot.load(SMALL)
    left, link = folder / f"{'0' * 32}.unfinished", folder / f"{'1' * 32}.unfinished"
    others = [
        folder / name
        for name in (
            "notes.cache",
            "x.unfinished",
            "my.json",
            f"{'0' * 32}.unfinished.mine",
            f"{'2' * 32}-{'3' * 16}.cache",
        )
    ]
    link.symlink_to(folder / "notes.cache")
    for path in (left, *others):
        path.write_text("text")
    Bot.load(SMALL)
    assert not left.exists()
    assert [path for path in (link, *others) if not path.exists()] == []
    left.write_text("another's")
    give_away(left, monkeypatch)
    Bot.load(SMALL)
    assert left.exists()


def test_what_another_start_is_writing_is_left_alone(folder: Path):
    Bot.load(SMALL)
    unfinished = folder / f"{'0' * 32}.unfinished"
    with unfinished.open("w") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        Bot.load(SMALL)
        assert unfinished.exists()
    Bot.load(SMALL)
    assert not unfinished.exists()


def test_only_a_few_are_kept_and_what_is_not_ours_stays(folder: Path):
    Bot.load(SMALL)
    foreign = [folder / f"{number}.cache" for number in range(20)]
    for path in foreign:
        path.write_text("another program's")
    with bot.cache.open_cache() as cache:
        for number in range(bot.cache.KEPT + 9):
            cache.keep(f"{number}", number)
        assert [cache.find(f"{number}") for number in (0, 9, bot.cache.KEPT + 8)] == [None, 9, bot.cache.KEPT + 8]
    assert [path for path in foreign if not path.exists()] == []
    assert len(list(folder.iterdir())) == len(foreign) + bot.cache.KEPT


# --- nowhere to keep it -----------------------------------------------------------------------------------------------

NOWHERE: dict[str, dict[str, str]] = {
    "no home": {"HOME": ""},
    "a home that is here": {"HOME": "."},
    "a relative folder": {"CLINIC_FAQ_CACHE": "cache"},
    "a relative folder of caches": {"XDG_CACHE_HOME": "cache"},
    "a folder below a file": {"CLINIC_FAQ_CACHE": "/dev/null/cache"},
    "a folder that cannot be made": {"CLINIC_FAQ_CACHE": "/proc/cache"},
    "a name that is too long, and paints": {"CLINIC_FAQ_CACHE": "/var/a\x1b[31m" + "x" * 300},
}


@pytest.mark.parametrize("kind", NOWHERE)
def test_with_nowhere_to_keep_it_the_program_answers_and_says_so_once(kind: str, tmp_path: Path):
    right = run("ask", "redness", cwd=tmp_path, CLINIC_FAQ_CACHE=str(tmp_path / "cache"))
    shutil.rmtree(tmp_path / "cache")
    done = run("ask", "redness", cwd=tmp_path, **NOWHERE[kind])
    assert (done.returncode, done.stdout) == (0, right.stdout)
    assert done.stderr.startswith("clinic-faq: The cache is not used, and each start takes some seconds: ")
    assert done.stderr.count("\n") == 1
    assert done.stderr.removesuffix("\n").isprintable()
    assert list(tmp_path.iterdir()) == []


def test_a_user_who_is_nobody_has_no_home(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    for name in ("CLINIC_FAQ_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 987_654_321)
    Bot.load(SMALL)
    assert "there is no home folder; name a folder with CLINIC_FAQ_CACHE" in caplog.text


def test_a_system_that_does_not_tell_whose_a_file_is_has_no_cache(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.delattr(os, "geteuid")
    Bot.load(SMALL)
    assert "this system does not tell whose a file is" in caplog.text
    assert not folder.exists()


def run(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **env}
    return subprocess.run(
        [sys.executable, "-m", "bot", "--content", str(SMALL), *arguments],
        cwd=cwd,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
