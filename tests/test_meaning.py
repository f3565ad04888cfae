"""Is whoever starts the program told whether meaning is read, and does it answer where it is not?

A program of its own is run each time: the packages taken away, or a file of the encoder broken.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SMALL, TESTS
from test_command_line import read_all

from bot.likeness import describe_meaning
from bot.meaning import HEADS, MODEL, NEEDED, TOKENIZER, hash_model

ROOT = TESTS.parent
READ = re.compile(r"meaning: read by bot/meaning/encoder\.onnx sha256 [0-9a-f]{64}")
NOT_INSTALLED = "meaning: not read, words alone are (onnxruntime not installed; pip install 'clinic-faq[meaning]')"
URGENT = "my eye hurts since the laser"


class Program:
    """The program as it is somewhere else."""

    def __init__(self, root: Path, *first: Path) -> None:
        self._root = root
        path = os.pathsep.join(map(str, [*first, root]))
        self.environ = {key: os.environ[key] for key in ("PATH", "VIRTUAL_ENV", "SYSTEMROOT") if key in os.environ}
        self.environ |= {"PYTHONPATH": path, "PYTHONUTF8": "1", "COLUMNS": "500"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *arguments],
            env=self.environ,
            cwd=self._root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        with self.start(*arguments) as process:
            shown, noted = process.communicate(typed)
        return process.returncode, shown, noted


@pytest.fixture
def whole() -> Program:
    return Program(ROOT)


@pytest.fixture
def bare(tmp_path: Path) -> Program:
    """Give the program where onnxruntime cannot be found."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['onnxruntime'] = None\n")
    return Program(ROOT, tmp_path)


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[Path, bytes | None], Program]:
    """Give the program with one of its files made another, or taken away."""

    def make(path: Path, content: bytes | None) -> Program:
        package = shutil.copytree(
            ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns(MODEL.name, "__pycache__")
        )
        (package / "meaning" / MODEL.name).symlink_to(MODEL)
        for name in ("intents.yaml", "safety.yaml", "safety", "answers"):
            (tmp_path / name).symlink_to(ROOT / name)
        (package / "meaning" / path.name).unlink()
        if content is not None:
            (package / "meaning" / path.name).write_bytes(content)
        return Program(tmp_path)

    return make


def spoil(values: object) -> bytes:
    return json.dumps(values).encode()


def heads() -> dict[str, dict[str, list[float]]]:
    return json.loads(HEADS.read_bytes())


def no_curve() -> bytes:
    return spoil({**heads(), "whole": {**heads()["whole"], "alarm": []}})


def no_number() -> bytes:
    return spoil({**heads(), "whole": {**heads()["whole"], "alarm": [float("nan")] * 9}})


def narrow_weights() -> bytes:
    return spoil({**heads(), "weights": {name: row[:100] for name, row in heads()["weights"].items()}})


def other_pieces() -> bytes:
    known = json.loads(TOKENIZER.read_bytes())
    vocab = known["model"]["vocab"]
    return spoil({**known, "model": {**known["model"], "vocab": {piece: vocab[piece] + 10**6 for piece in vocab}}})


def no_marks() -> bytes:
    return TOKENIZER.read_bytes().replace(b"[CLS]", b"[BOS]")


BROKEN = {
    "model cut short": (MODEL, lambda: MODEL.read_bytes()[:1_000_000]),
    "model empty": (MODEL, lambda: b""),
    "model not there": (MODEL, lambda: None),
    "model of something else": (MODEL, lambda: b"GIF89a" * 99),
    "tokenizer cut short": (TOKENIZER, lambda: TOKENIZER.read_bytes()[:5_000]),
    "tokenizer of something else": (TOKENIZER, lambda: b'{"model": 5}'),
    "tokenizer is a list": (TOKENIZER, lambda: b"[]"),
    "tokenizer without marks": (TOKENIZER, no_marks),
    "tokenizer not there": (TOKENIZER, lambda: None),
    "heads of another width": (HEADS, narrow_weights),
    "heads without a curve": (HEADS, no_curve),
    "heads with what is no number": (HEADS, no_number),
    "heads of another encoder": (HEADS, lambda: spoil({**heads(), "encoder": "0" * 64})),
    "heads of something else": (HEADS, lambda: b"[1, 2]"),
    "heads cut short": (HEADS, lambda: HEADS.read_bytes()[:999]),
    "heads not UTF-8": (HEADS, lambda: b"\xff\xfe"),
    "heads not there": (HEADS, lambda: None),
}


class TestWhereItIsRead:
    def test_the_words_name_the_file_and_its_sum(self) -> None:
        assert READ.fullmatch(describe_meaning())
        assert hash_model() in describe_meaning()

    def test_version_and_check_say_so(self, whole: Program) -> None:
        assert READ.search(whole.run("--version")[1])
        assert READ.search(whole.run("--content", str(SMALL), "check")[1].splitlines()[-1])

    def test_a_chat_does_not(self, whole: Program) -> None:
        assert "meaning" not in whole.run("--content", str(SMALL), "--plain", typed="/quit\n")[1]


class TestWhereItIsNotInstalled:
    def test_version_and_check_say_so_and_what_to_do(self, bare: Program) -> None:
        assert bare.run("--version")[1].endswith(f", {NOT_INSTALLED}\n")
        status, shown, noted = bare.run("--content", str(SMALL), "check")
        assert (status, shown.splitlines()[-1], noted) == (0, NOT_INSTALLED, "")

    def test_the_server_says_so_in_its_first_line(self, bare: Program) -> None:
        with bare.start("serve", "--content", str(SMALL), "--port", "0") as server:
            first = json.loads((server.stderr or pytest.fail("no errors")).readline())
            server.send_signal(signal.SIGKILL)
        assert (first["event"], f"meaning: {first['meaning']}") == ("start", NOT_INSTALLED)

    def test_it_answers_and_alarms_all_the_same(self, bare: Program) -> None:
        replies = [
            json.loads(line) for line in bare.run("ask", "-", typed=f"what does it cost\n{URGENT}\n")[1].splitlines()
        ]
        assert [reply["kind"] for reply in replies] == ["answer", "urgent"]

    @pytest.mark.parametrize("name", NEEDED)
    def test_each_package_may_be_what_is_missing(self, tmp_path: Path, name: str) -> None:
        hidden = "import sys, types\nsys.modules[{0!r}] = types.ModuleType({0!r})\n"  # of which no spec is known
        (tmp_path / "sitecustomize.py").write_text(hidden.format(name))
        status, shown, noted = Program(ROOT, tmp_path).run("--version")
        assert (status, noted) == (0, "")
        assert f"{name} not installed" in shown


class TestWhereAFileIsBroken:
    @pytest.mark.parametrize("case", BROKEN)
    def test_the_start_says_which_and_what_to_do(self, broken, case: str) -> None:
        path, content = BROKEN[case]
        status, shown, noted = broken(path, content()).run("--content", str(SMALL), "check")
        assert (status, noted.count("\n")) == (0, 1), noted
        assert noted.startswith(f"clinic-faq: bot/meaning/{path.name} ")
        assert "; pip install --force-reinstall 'clinic-faq[meaning]'" in noted
        assert f"meaning: not read, words alone are (bot/meaning/{path.name} " in shown

    def test_pieces_that_the_model_does_not_know_are_no_vectors(self, broken) -> None:
        status, _, noted = broken(TOKENIZER, other_pieces()).run("--content", str(SMALL), "check")
        assert status == 0
        assert "bot/meaning/encoder.onnx does not work with tokenizer.json; pip install" in noted

    @pytest.mark.parametrize(("path", "content"), [(MODEL, b""), (HEADS, b"{}")], ids=["model", "heads"])
    def test_it_goes_on_with_words_alone_and_says_so(self, broken, path: Path, content: bytes) -> None:
        status, shown, noted = broken(path, content).run("ask", "-", typed=f"what does it cost\n{URGENT}\n")
        assert (status, [json.loads(line)["kind"] for line in shown.splitlines()]) == (0, ["answer", "urgent"])
        assert f"bot/meaning/{path.name} " in noted
        assert "Traceback" not in noted

    def test_version_says_which_file(self, broken) -> None:
        assert "not read, words alone are (bot/meaning/danger.json" in broken(HEADS, b"{}").run("--version")[1]


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal as POSIX has it")
def test_a_chat_begins_with_what_is_lacking(bare: Program) -> None:
    keyboard, terminal = os.openpty()
    command = [sys.executable, "-m", "bot", "--content", str(SMALL)]
    environ = {**bare.environ, "TERM": "dumb", "CLINIC_FAQ_NO_HISTORY": "1"}
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdin=terminal, stdout=terminal, stderr=terminal) as chatting:
        os.close(terminal)
        os.write(keyboard, b"/quit\n")
        shown = read_all(keyboard)
    os.close(keyboard)
    assert (chatting.returncode, shown.count("meaning: not read")) == (0, 1)
    assert NOT_INSTALLED in " ".join(shown.split())
