"""What was asked for on the command line? The only place that prints errors and that exits.

prompt-toolkit is imported when a chat begins, so that nothing else is kept waiting for it.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TextIO

from bot import Bot, BotError, Context, __version__
from bot.channels.chat import Chat
from bot.channels.lines import answer_lines, read_lines, show_reply, talk
from bot.channels.screen import is_dumb, open_screen
from bot.channels.why import explain
from bot.content import find_folder
from bot.likeness import describe_meaning
from bot.text import printable

FINE, FAULTY, MISUSED = 0, 1, 2
INTERRUPTED, PIPE_CLOSED = 130, 141
"""What a shell makes of SIGINT and SIGPIPE."""

_EPILOG = """\
environment:
  CLINIC_FAQ_CONTENT     the content folder, where --content names none
  CLINIC_FAQ_NO_HISTORY  set to anything: keep no history
  ACCESSIBLE             set to anything: the same as --plain
  NO_COLOR, FORCE_COLOR  no colours, or colours even in a pipe

exit status: 0 fine, 1 the content has problems or is not there, or the server cannot start,
  2 the command line cannot be read
"""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that clinic-faq does."""

    does: str
    add_options: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        _forgive(stream)
    arguments = sys.argv[1:] if arguments is None else arguments
    options = make_parser(arguments).parse_args(arguments)
    try:
        with _showing_notes():
            return COMMANDS[options.command or "chat"].run(options)
    except BotError as error:
        _print(str(error), sys.stderr)
        return FAULTY
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        # What Python still holds must not be flushed into a pipe that is closed or onto a disk that is full.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return PIPE_CLOSED
        named = f"{error.filename}: " if isinstance(error.filename, str) else ""
        _print(f"clinic-faq: {named}{error.strerror or error}", sys.stderr)
        return FAULTY


class _Parser(argparse.ArgumentParser):
    """Says what it cannot read in one line that steers no terminal, whatever was typed."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and exit."""
        super().error(printable(message.replace("\n", r"\n")))


class _Version(argparse.Action):
    """Says which program this is, and whether it reads meaning; to find that out takes too long to be done unasked."""

    def __call__(self, parser: argparse.ArgumentParser, *_found: object) -> None:
        """Print it in one line, however narrow the window is, and exit."""
        _print(f"clinic-faq {__version__}, {describe_meaning()}")
        parser.exit()


def make_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Make the parser for some arguments, from the table of commands."""
    parser = _Parser(
        prog="clinic-faq",
        description="Answers a clinic's frequent questions. Every answer was written by a person; none is made up.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    parser.set_defaults(content=os.environ.get("CLINIC_FAQ_CONTENT") or None)
    _add_content(parser)
    _add_chat(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands (without one: chat)")
    for name, command in COMMANDS.items():
        described = f"{command.does[0].upper()}{command.does[1:]}."
        added = commands.add_parser(name, help=command.does, description=described, allow_abbrev=False)
        _add_content(added)
        if name in arguments:  # the others' options would be made for nothing, and some are slow to import
            command.add_options(added)
    return parser


def _add_content(parser: argparse.ArgumentParser) -> None:
    # Suppressed, so that a subcommand does not take back what stands before it.
    parser.add_argument(
        "--content",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="folder with intents.yaml, safety.yaml and answers/ (default: the content that ships)",
    )


def _add_chat(parser: argparse.ArgumentParser) -> None:
    for switch, does in (
        ("--no-history", "do not keep what is typed for the next chat; a line that begins with a space never is"),
        ("--no-mouse", "leave the mouse to the terminal: options are chosen by number only"),
        ("--plain", "for screen readers: speaker names, no colours, no menus, numbered choices"),
    ):
        parser.add_argument(switch, action="store_true", default=argparse.SUPPRESS, help=does)


def _add_ask(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "question",
        nargs="+",
        metavar="QUESTION",
        help="the question; '-' reads one a line, each by itself, and gives one JSON a line",
    )
    parser.add_argument("--json", action="store_true", help="give the reply as JSON, in one line")
    parser.add_argument(
        "--why", action="store_true", help="explain the reply, too: what was found, and how it was judged"
    )


def _add_nothing(_parser: argparse.ArgumentParser) -> None:
    """Add none: a command without options of its own."""


def _chat(options: argparse.Namespace) -> int:
    chat = Chat(_load(options))
    plain = _is_on(options, "plain") or bool(os.environ.get("ACCESSIBLE")) or is_dumb(os.environ)
    screen = open_screen(sys.stdout, plain=plain)
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        answer_lines(chat, read_lines(sys.stdin), screen)
    elif plain:
        _edit_lines()
        talk(chat, input, screen)
    else:
        from bot.channels.terminal import chat_at_terminal, find_history, open_history  # noqa: PLC0415 - slow

        path = None if _forgets(options, os.environ) else find_history(os.environ, home=_find_home())
        chat_at_terminal(chat, screen, open_history(path, screen), mouse=not _is_on(options, "no_mouse"))
    return FINE


def _find_home() -> Path:
    """Find the user's home; a relative path, where nothing can be kept, for a user who has none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path()


def _edit_lines() -> None:
    """Give `input` the arrow keys, where Python has readline; a dumb terminal has no use for them."""
    if not is_dumb(os.environ):
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - importing it is what does it


def _ask(options: argparse.Namespace) -> int:
    bot = _load(options)
    question = " ".join(map(_mend, options.question))
    if question == "-":
        for line in read_lines(sys.stdin):
            _print(_to_json(bot, line.removesuffix("\n"), why=options.why))
    elif options.json:
        _print(_to_json(bot, question, why=options.why))
    else:
        screen = open_screen(sys.stdout, plain=bool(os.environ.get("ACCESSIBLE")))
        show_reply(bot.reply(question), screen)
        screen.show(explain(bot, question, Context()) if options.why else ())
    return FINE


def _check(options: argparse.Namespace) -> int:
    from bot.authoring.check import find_problems, name_problems, summarise  # noqa: PLC0415 - the readers are slow

    folder = _content(options)
    content, problems = find_problems(folder)
    for line in name_problems(problems, folder):
        _print(line)
    if content is None:
        return FAULTY
    _print(summarise(content))
    _print(describe_meaning())
    return FINE


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("revision", metavar="REV", help="a revision of git: HEAD, a branch, a tag or a commit")
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help="ask what stands in a file, a question a line (default: phrasings)",
    )


def _diff(options: argparse.Namespace) -> int:
    from bot.authoring.diff import describe, find_changes, list_questions  # noqa: PLC0415 - of this command only
    from bot.content.load import load_content  # noqa: PLC0415 - the readers are slow

    folder = find_folder(_content(options))
    questions = list_questions(load_content(folder))
    if options.questions:
        text = options.questions.read_text(encoding="utf-8", errors="replace")
        questions = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    changes = list(find_changes(options.revision, folder, questions))
    for line in describe(changes, len(questions), options.revision):
        _print(line)
    return FINE


def _add_serve(parser: argparse.ArgumentParser) -> None:
    from bot.channels.web.serve import add_arguments  # noqa: PLC0415 - of this command only

    add_arguments(parser)


def _serve(options: argparse.Namespace) -> int:
    from bot.channels.web.serve import run  # noqa: PLC0415 - of this command only

    try:
        return run(options)
    except SystemExit:  # how uvicorn gives up, with a status of its own, once it has said why
        raise BotError(
            "clinic-faq: the server cannot listen there; the line above says why. "
            "Stop what uses the address, or name another with --host and --port"
        ) from None


COMMANDS: Mapping[str, Command] = {
    "chat": Command("chat in the terminal, or answer a question a line from a pipe", _add_chat, _chat),
    "ask": Command("answer one question", _add_ask, _ask),
    "check": Command("show every problem in the content", _add_nothing, _check),
    "diff": Command("show which questions get another reply than at a revision of git", _add_diff, _diff),
    "serve": Command("serve the help widget and the HTTP API", _add_serve, _serve),
}
"""What can be asked for. What only one command needs and is slow to import, its `run` imports."""


def _load(options: argparse.Namespace) -> Bot:
    return Bot.load(_content(options))


def _content(options: argparse.Namespace) -> Path | None:
    return Path(options.content) if options.content else None


def _is_on(options: argparse.Namespace, switch: str) -> bool:
    return bool(getattr(options, switch, False))


def _forgets(options: argparse.Namespace, environ: Mapping[str, str]) -> bool:
    return _is_on(options, "no_history") or bool(environ.get("CLINIC_FAQ_NO_HISTORY"))


class _Notes(logging.Handler):
    """Shows what the program notes while it works, beside the answers."""

    def emit(self, record: logging.LogRecord) -> None:
        _print(f"clinic-faq: {record.getMessage()}", sys.stderr)


@contextmanager
def _showing_notes() -> Iterator[None]:
    """Show warnings; and to somebody who waits at a terminal, what takes so long."""
    log, notes = logging.getLogger("bot"), _Notes()
    log.addHandler(notes)
    log.setLevel(logging.INFO if sys.stderr and sys.stderr.isatty() else logging.WARNING)
    try:
        yield
    finally:
        log.removeHandler(notes)


def _to_json(bot: Bot, question: str, *, why: bool) -> str:
    # In ASCII, so that it holds no control character, and can be printed whatever the encoding is.
    explained = {"why": bot.explain(question).to_dict()} if why else {}
    return json.dumps({**bot.reply(question).to_dict(), **explained}).replace("\x7f", r"\u007f")


def _print(text: str, stream: TextIO | None = None) -> None:
    """Print lines that must not be wrapped: problems, and JSON."""
    stream = stream or sys.stdout
    stream.write(printable(text) + "\n")
    stream.flush()


def _mend(argument: str) -> str:
    """Replace what is not UTF-8 in an argument; Python keeps it as half a character that cannot be printed."""
    return os.fsencode(argument).decode("utf-8", "replace")


def _forgive(stream: TextIO) -> None:
    """Read and write what the encoding does not know as a replacement character."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
