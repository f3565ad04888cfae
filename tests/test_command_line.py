"""Does clinic-faq, run as a program, read its command line, print what it should and exit as it says?"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import SMALL, TESTS

from bot import Bot, __version__
from bot.likeness import describe_meaning

ROOT = TESTS.parent
HELP = TESTS / "transcripts"
BARE = {key: value for key, value in os.environ.items() if key in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV")}
COMMAND = (sys.executable, "-m", "bot")


def run(*arguments: str, typed: str = "", env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environ = {**BARE, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "COLUMNS": "80", **(env or {})}
    return subprocess.run(
        [*COMMAND, *arguments], input=typed, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def ask(*arguments: str, typed: str = "", env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return run("--content", str(SMALL), *arguments, typed=typed, env=env)


class TestHelp:
    @pytest.mark.parametrize("command", ["", "chat", "ask", "check", "diff"])
    def test_is_what_is_written_down(self, command: str) -> None:
        """Write it anew: COLUMNS=80 python -m bot [COMMAND] --help > tests/transcripts/help[-COMMAND].txt."""
        name = f"help-{command}.txt" if command else "help.txt"
        done = run(*filter(None, [command]), "--help", env={"NO_COLOR": "1"})
        assert (done.returncode, done.stdout) == (0, (HELP / name).read_text())

    def test_version_is_that_of_the_package(self) -> None:
        assert run("--version").stdout == f"clinic-faq {__version__}, {describe_meaning()}\n"


class TestAsk:
    def test_shows_the_answer_its_source_and_what_to_ask_next(self) -> None:
        done = ask("ask", "how", "long", "does", "redness", "last?")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == (
            "How long does the redness last?\n\n"
            "Our source calls it temporary and gives no number of days.\n\n"
            "From What the Side Effects of Laser Skin Tightening Are\n\n"
            "If it blisters or gets worse, contact the clinic now.\n\n"
        )

    def test_wraps_to_the_window(self) -> None:
        shown = ask("ask", "how long does redness last", env={"COLUMNS": "30"}).stdout
        assert max(map(len, shown.split("\n"))) <= 30

    def test_gives_what_the_library_gives_as_json(self, small: Bot) -> None:
        shown = ask("ask", "--json", "will i be red afterwards").stdout
        assert json.loads(shown) == small.reply("will i be red afterwards").to_dict()
        assert shown.count("\n") == 1

    def test_explains_the_reply_below_it_when_told_to(self) -> None:
        plain, why = ask("ask", "redness").stdout, ask("ask", "--why", "redness").stdout
        assert why.startswith(f"{plain}Why: redness\n\nDecided: answer, since ")
        assert "\nDanger: no sign that counts was found.\n" in why
        assert "\n1. redness " in why

    def test_puts_the_explanation_into_the_json_when_told_to(self, small: Bot) -> None:
        question = "how long does rednes last, i am pregnant"
        told = {**small.reply(question).to_dict(), "why": small.explain(question).to_dict()}
        assert json.loads(ask("ask", "--json", "--why", question).stdout) == told
        assert json.loads(ask("ask", "--why", "-", typed=f"{question}\n").stdout) == told

    def test_says_that_each_line_stands_by_itself(self) -> None:
        assert "each by itself" in " ".join(run("ask", "--help").stdout.split())

    def test_gives_one_json_a_line_for_each_line(self, small: Bot) -> None:
        questions = ["redness", "", "qwerty", "asdfgh", "is it dear"]
        shown = ask("ask", "-", typed="\n".join(questions) + "\n").stdout
        replies = [json.loads(line) for line in shown.splitlines()]
        assert replies == [small.reply(question).to_dict() for question in questions]

    def test_json_holds_no_control_character(self) -> None:
        shown = ask("ask", "-", typed="a\x1b[31m\x7f\x9b\u202e\u2028b\n").stdout
        assert shown.isascii()
        assert shown.removesuffix("\n").isprintable()

    def test_shows_a_question_that_is_not_utf8(self) -> None:
        done = subprocess.run(
            [*COMMAND, "--content", str(SMALL), "ask", "--json", b"red\xffness"],
            env={**BARE, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0
        assert b"Traceback" not in done.stderr

    def test_needs_a_question(self) -> None:
        done = ask("ask")
        assert done.returncode == 2
        assert done.stderr.startswith("usage: clinic-faq ask")


class TestPipe:
    def test_answers_a_question_a_line(self) -> None:
        done = ask(typed="redness\n\n1\n")
        assert (done.returncode, done.stderr) == (0, "")
        assert "> redness\n\nWill my skin be red afterwards?\n" in done.stdout
        assert "> 1\n\nHow long does the redness last?\n" in done.stdout

    def test_is_the_same_as_chat(self) -> None:
        assert ask("chat", typed="redness\n").stdout == ask(typed="redness\n").stdout

    @pytest.mark.parametrize("typed", ["", "\n", "redness", "redness\r\n", "\x00\x1b[2J\n", "/quit\nredness\n"])
    def test_ends_well(self, typed: str) -> None:
        done = ask(typed=typed)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout

    def test_reads_what_is_not_utf8(self) -> None:
        done = subprocess.run(
            [*COMMAND, "--content", str(SMALL)],
            input=b"red\xff\xfeness\n",
            env={**BARE, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")

    def test_prints_what_the_encoding_holds(self) -> None:
        done = ask(typed="skin 皮膚\n", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
        assert (done.returncode, done.stderr) == (0, "")

    def test_is_coloured_only_when_forced(self) -> None:
        assert "\x1b[1m" in ask(typed="redness\n", env={"FORCE_COLOR": "1"}).stdout
        assert "\x1b" not in ask(typed="redness\n", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout
        assert "\x1b" not in ask("--plain", typed="redness\n", env={"FORCE_COLOR": "1"}).stdout


class TestCheck:
    def test_says_what_was_checked(self) -> None:
        done = ask("check")
        assert (done.returncode, done.stderr) == (0, "")
        checked, danger, meaning = done.stdout.splitlines()
        assert checked.startswith("No problems: 7 intents, ")
        assert danger.startswith("Danger is heard by the 8 phrases of safety.yaml alone, and ")
        assert meaning == describe_meaning()

    def test_names_every_problem_with_its_file_and_line(self, tmp_path: Path) -> None:
        (tmp_path / "answers").mkdir()
        (tmp_path / "intents.yaml").write_text("clinic: {emergency: a, helplines: b}\nintents: {}\nintent: {}\n")
        done = run("check", "--content", str(tmp_path))
        assert done.returncode == 1
        assert f"{tmp_path / 'intents.yaml'}:3: unknown key 'intent'; did you mean 'intents'?\n" in done.stdout
        assert f"{tmp_path / 'answers' / 'bot.md'}: the file is not there; " in done.stdout

    def test_the_content_that_ships_has_no_problems(self) -> None:
        assert run("check").returncode == 0


class TestContent:
    """Where the content is: named before the command, after it, or in the environment."""

    def test_may_stand_on_either_side_of_the_command(self) -> None:
        before = run("--content", str(SMALL), "ask", "redness")
        after = run("ask", "redness", "--content", str(SMALL))
        assert before.returncode == 0
        assert before.stdout == after.stdout

    def test_may_be_in_the_environment(self) -> None:
        assert run("ask", "redness", env={"CLINIC_FAQ_CONTENT": str(SMALL)}).stdout == ask("ask", "redness").stdout

    def test_on_the_command_line_wins(self) -> None:
        assert ask("ask", "redness", env={"CLINIC_FAQ_CONTENT": "/nowhere"}).returncode == 0

    @pytest.mark.parametrize("command", [["ask", "redness"], ["chat"], ["check"]])
    def test_that_is_not_there_is_an_error_without_a_traceback(self, command: list[str]) -> None:
        done = run("--content", "/nowhere", *command)
        message = "/nowhere: there is no such folder; name one that holds intents.yaml, safety.yaml and answers/\n"
        assert (done.returncode, done.stdout + done.stderr) == (1, message)

    def test_with_problems_is_not_chatted_with(self, tmp_path: Path) -> None:
        done = run("--content", str(tmp_path), typed="redness\n")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 4
        assert "intents.yaml: the file is not there" in done.stderr


class TestWhatIsQuoted:
    """What was typed comes back in messages: each of them one line, and nothing in it steers the terminal."""

    HOSTILE = "a\x1b[2J\u202eb\x9bc\nclinic-faq: all is well"

    @pytest.mark.parametrize(
        "arguments",
        [
            [HOSTILE],
            ["check", HOSTILE],
            [f"--{HOSTILE}"],
            ["chat", "--content", "x", HOSTILE],
        ],
    )
    def test_out_of_a_command_line_that_cannot_be_read(self, arguments: list[str]) -> None:
        done = run(*arguments)
        assert done.returncode == 2
        assert not set("\x1b\u202e\x9b") & set(done.stderr)
        assert "\nclinic-faq: all is well" not in done.stderr

    @pytest.mark.parametrize("command", [["check"], ["ask", "redness"], ["chat"]])
    def test_out_of_the_name_of_a_folder(self, command: list[str], tmp_path: Path) -> None:
        for where in (["--content", self.HOSTILE], ["--content", str(tmp_path / self.HOSTILE)]):
            (tmp_path / self.HOSTILE).mkdir(exist_ok=True)
            done = run(*where, *command)
            shown = done.stdout + done.stderr
            assert done.returncode == 1
            assert not set("\x1b\u202e\x9b") & set(shown)
            assert "\nclinic-faq: all is well" not in shown

    def test_out_of_the_environment(self) -> None:
        done = run("ask", "redness", env={"CLINIC_FAQ_CONTENT": self.HOSTILE, "COLUMNS": "9" * 5000})
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.count("\n") == 1
        assert not set("\x1b\u202e\x9b") & set(done.stderr)


class TestHowItEnds:
    @pytest.mark.parametrize("arguments", [["--nonsense"], ["asl", "x"], ["check", "x"], ["--content"]])
    def test_a_command_line_that_cannot_be_read(self, arguments: list[str]) -> None:
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("usage: clinic-faq")

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals as POSIX has them")
    def test_quietly_when_nobody_reads_on(self) -> None:
        with start("ask", "-") as asking:
            asking.stdout.close()
            asking.stdin.write("redness\n")
            asking.stdin.close()
            assert asking.wait(60) == 141
            assert asking.stderr.read() == ""

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals as POSIX has them")
    def test_quietly_on_ctrl_c(self) -> None:
        with start("ask", "-") as asking:
            asking.stdin.write("redness\n")
            asking.stdin.flush()
            asking.stdout.readline()  # it has started, and waits for the next line
            asking.send_signal(signal.SIGINT)
            assert asking.wait(60) == 130
            assert asking.stderr.read() == ""

    def test_with_the_name_of_what_could_not_be_read(self) -> None:
        name = "x" * 300
        done = run("--content", name, "check")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"clinic-faq: {name}: File name too long\n"

    def test_with_a_message_when_the_port_is_in_use(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = ask("serve", "--port", port)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"('127.0.0.1', {port})" in done.stderr
        assert done.stderr.splitlines()[-1].startswith("clinic-faq: the server cannot listen there; ")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
    def test_with_a_message_when_the_disk_is_full(self) -> None:
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(
                [*COMMAND, "--content", str(SMALL), "ask", "redness"],
                env={**BARE, "PYTHONPATH": str(ROOT)},
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert (done.returncode, done.stderr) == (1, "clinic-faq: No space left on device\n")


class TestWhatIsImported:
    """prompt-toolkit takes longer to import than a question takes to answer."""

    @pytest.mark.parametrize("arguments", [["ask", "redness"], ["chat"], ["check"], ["chat", "--plain"]])
    def test_prompt_toolkit_only_for_a_chat_at_a_terminal(self, arguments: list[str]) -> None:
        program = (
            "import sys; from bot.__main__ import main; main(sys.argv[1:]); print('prompt_toolkit' in sys.modules)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, "--content", str(SMALL), *arguments],
            env={**BARE, "PYTHONPATH": str(ROOT)},
            input="redness\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout.endswith("False\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal as POSIX has it")
class TestAtATerminal:
    """The program itself, on a terminal of its own."""

    def chat(self, typed: bytes, tmp_path: Path, **env: str) -> str:
        keyboard, terminal = os.openpty()
        environ = {**BARE, "PYTHONPATH": str(ROOT), "COLUMNS": "60", "PROMPT_TOOLKIT_NO_CPR": "1", **env}
        environ |= {"HOME": str(tmp_path), "CLINIC_FAQ_CONTENT": str(SMALL)}
        with subprocess.Popen(
            COMMAND, env=environ, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
        ) as chatting:
            os.close(terminal)
            os.write(keyboard, typed)
            shown = read_all(keyboard)
        os.close(keyboard)
        assert chatting.returncode == 0
        return shown

    def test_a_dumb_one_gets_names_and_numbers(self, tmp_path: Path) -> None:
        shown = self.chat(b"redness\n1\n/quit\n", tmp_path, TERM="dumb")
        assert "Bot: I am a program, not a clinician." in shown
        assert "Bot: How long does the redness last?" in shown
        assert "\x1b" not in shown

    def test_a_screen_reader_gets_names_and_numbers(self, tmp_path: Path) -> None:
        assert "Choices, by number:" in self.chat(b"redness\n/quit\n", tmp_path, TERM="xterm", ACCESSIBLE="1")

    def test_any_other_gets_a_prompt(self, tmp_path: Path) -> None:
        shown = self.chat(b"redness\r/quit\r", tmp_path, TERM="xterm")
        assert "\x1b[1mWill my skin be red afterwards?\x1b[0m" in shown
        assert "Goodbye." in shown
        assert (tmp_path / ".local/state/clinic-faq/history").exists()

    def test_whoever_waits_is_told_why_the_first_time(self, tmp_path: Path) -> None:
        told = ["Learning the phrasings." in self.chat(b"/quit\n", tmp_path, TERM="dumb") for _ in range(2)]
        assert told == [True, False]

    @pytest.mark.parametrize("variable", ["NO_COLOR", "TERM"])
    def test_colours_are_left_out_when_not_wanted(self, tmp_path: Path, variable: str) -> None:
        shown = self.chat(b"redness\r/quit\r", tmp_path, **{"TERM": "xterm", variable: "dumb"})
        assert not any(f"\x1b[{code}" in shown for code in ("31m", "36m", "1;31m", "0;36"))

    def test_hz31_nothing_steers_it_from_the_history_or_a_paste(self, tmp_path: Path) -> None:
        history = tmp_path / ".local/state/clinic-faq/history"
        history.parent.mkdir(parents=True)
        history.write_text("\n# then\n+an \u202eold\x1b]0;title\x07 line\n")
        paste = "\x1b[200~a \u202enew\x1b]0;title\x07 line\x1b[201~"
        whole = self.chat(f"\x1b[A\r{paste}\r/quit\r".encode(), tmp_path, TERM="xterm", PYTHONUTF8="1")
        shown = whole.partition("\x1b[?2004h")[2]  # before, the terminal itself echoes what waits to be read
        assert "old\ufffd]0;title\ufffd line" in shown
        assert "new\ufffd]0;title\ufffd line" in shown
        assert not set("\u202e\x07") & set(shown)
        assert "\x1b]0" not in shown

    def test_history_is_not_kept_when_not_wanted(self, tmp_path: Path) -> None:
        self.chat(b"redness\r/quit\r", tmp_path, TERM="xterm", CLINIC_FAQ_NO_HISTORY="1")
        assert list(tmp_path.rglob("history")) == []


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start the program as a terminal would: whatever runs in the background is deaf to Ctrl-C, and hands that on."""
    return subprocess.Popen(
        [*COMMAND, "--content", str(SMALL), *arguments],
        env={**BARE, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


def read_all(terminal: int) -> str:
    """Read until the other side is closed, which Linux reports as an error."""
    shown = b""
    try:
        while piece := os.read(terminal, 4096):
            shown += piece
    except OSError:
        return shown.decode()
    return shown.decode()
