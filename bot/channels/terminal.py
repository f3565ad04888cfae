"""How does one chat in a terminal? Line editing, history, completion and clicks; what is said comes from `chat.py`."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import OneStyleAndTextTuple, StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import BufferControl, ConditionalContainer, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.lexers import SimpleLexer
from prompt_toolkit.mouse_events import MouseEvent, MouseEventType
from prompt_toolkit.styles import Style

from bot.channels.chat import COMMANDS, GOODBYE, LEAVE, LONGEST, Chat, Offer, list_offers
from bot.channels.lines import show_said
from bot.channels.markdown import Look, paragraph
from bot.channels.screen import Paint, Screen, lay_out
from bot.text import printable

MOST_CLICKABLE = 6
"""Offers shown at the prompt, where they can be clicked; more of them would push the prompt off a small window."""
FEWEST_LETTERS = 2
"""Letters after which questions are suggested; after one, they would be all of them."""


def chat_at_terminal(chat: Chat, screen: Screen, history: History, *, mouse: bool = True) -> None:
    """Chat until the reader leaves."""
    prompt = Prompt(chat, screen, history, mouse=mouse)
    show_said(chat.welcome(), screen)
    while not chat.over:
        try:
            line = prompt.read()
        except KeyboardInterrupt:
            screen.show((paragraph(LEAVE, Look.SOFT),))
            continue
        except EOFError:
            break
        screen.write("\n")
        show_said(chat.respond(line), screen)
        if len(chat.offers) > MOST_CLICKABLE:
            screen.show(list_offers(chat.offers))
    screen.show((paragraph(GOODBYE, Look.SOFT),))


class Prompt:
    """The line that is typed into, with what is on offer above it."""

    def __init__(self, chat: Chat, screen: Screen, history: History, *, mouse: bool = True) -> None:
        self._chat = chat
        self._screen = screen
        self._session: PromptSession[str] = PromptSession(
            message=[("class:prompt", "> ")],
            completer=QuestionCompleter(chat),
            complete_while_typing=True,
            history=history,
            key_bindings=_bind_keys(),
            mouse_support=Condition(lambda: mouse and bool(self._offers())),
            placeholder=_draw_placeholder,
            lexer=SimpleLexer("class:typed"),
            reserve_space_for_menu=6,
            style=Style.from_dict(_STYLES if screen.paint is Paint.COLOUR else _COLOURLESS),
        )
        self._put_offers_above()
        self._show_harmless()

    def read(self) -> str:
        """Read one line.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed on an empty line.
            EOFError: Ctrl-D was pressed on an empty line.
        """
        return self._session.prompt()

    def draw_offers(self) -> StyleAndTextTuples:
        """Draw what is on offer, wrapped to the window; a click on it sends it."""
        drawn: list[OneStyleAndTextTuple] = []
        for offer, block in zip(self._offers(), list_offers(self._offers()), strict=True):
            click = _make_click(offer)
            for row in lay_out([block], self._screen.width()):
                drawn += [(f"class:{span.look.value}", span.text, click) for span in row]
                drawn.append(("", "\n"))
        return drawn

    def _offers(self) -> tuple[Offer, ...]:
        return self._chat.offers if len(self._chat.offers) <= MOST_CLICKABLE else ()

    def _put_offers_above(self) -> None:
        """Add a window to the session's layout: a prompt of several lines would lose its clicks."""
        window = Window(FormattedTextControl(self.draw_offers), dont_extend_height=True, wrap_lines=True)
        offers = ConditionalContainer(window, Condition(lambda: bool(self._offers())))
        session = self._session
        session.app.layout = Layout(HSplit([offers, session.app.layout.container]), session.default_buffer)

    def _show_harmless(self) -> None:
        """Guard every line that is edited: the question, and what is searched for in the history."""
        for control in self._session.app.layout.find_all_controls():
            if isinstance(control, BufferControl):
                control.input_processors = [*(control.input_processors or ()), Harmless()]


class Harmless(Processor):
    """Shows what could steer the terminal as a sign that cannot, wherever it comes from: typed, pasted, or kept.

    One sign for one character, so that the cursor stands where it belongs; the line itself is not changed.
    """

    def apply_transformation(self, transformation_input: TransformationInput) -> Transformation:
        """Give the line as it is shown."""
        return Transformation([(part[0], show_harmless(part[1])) for part in transformation_input.fragments])


def show_harmless(text: str) -> str:
    r"""Put a sign for each character that a reply would be shown without.

    >>> show_harmless("a\u202eb\x1b[2J")
    'a�b�[2J'
    """
    if printable(text) == text:
        return text
    return "".join(letter if printable(letter) else "\ufffd" for letter in text)


class QuestionCompleter(Completer):
    """Completes what can be asked, by the beginnings of its words, and the commands."""

    def __init__(self, chat: Chat) -> None:
        self._titles = [title for titles in chat.questions().values() for title in titles]
        self._longest = max(map(len, self._titles), default=0)

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Give what the line may become."""
        typed = document.text_before_cursor.lstrip()
        for text in self._find(typed, asked=complete_event.completion_requested):
            yield Completion(text, start_position=-len(document.text_before_cursor), display=show_harmless(text))

    def _find(self, typed: str, *, asked: bool) -> Iterable[str]:
        if typed.startswith("/"):
            return [name for name in COMMANDS if name.startswith(typed.lower())]
        if len(typed) > self._longest or (len(typed) < FEWEST_LETTERS and not asked):
            return []
        return sorted((title for title in self._titles if _fits(typed, title)), key=lambda title: _rank(typed, title))


def _fits(typed: str, title: str) -> bool:
    """Tell whether each word typed begins a word of the title."""
    words = _words(title)
    return all(any(word.startswith(part) for word in words) for part in _words(typed))


def _rank(typed: str, title: str) -> tuple[bool, str]:
    return (not title.lower().startswith(typed.lower()), title)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()


def _make_click(offer: Offer) -> Callable[[MouseEvent], object]:
    def click(event: MouseEvent) -> object:
        if event.event_type is not MouseEventType.MOUSE_UP:
            return NotImplemented
        buffer = get_app().current_buffer
        buffer.text = offer.line
        buffer.validate_and_handle()
        return None

    return click


def _bind_keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def clear(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
            return
        event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(" ".join(event.data[:LONGEST].split()))

    return keys


def _draw_placeholder() -> StyleAndTextTuples:
    """Draw what stands on the empty line, until it is left: it must not look like something typed."""
    return [] if get_app().is_done else [("class:hint", "Ask a question, or type /help")]


_COLOURLESS = {"typed": "bold", "hint": "italic"}
_STYLES = {"typed": "bold", "hint": "ansibrightblack", "number": "ansicyan", "prompt": "ansicyan bold"}


class PrivateHistory(FileHistory):
    """A history that only its owner can read. A line that begins with a space is not kept."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        at_once = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody reads would hold the chat up
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | at_once, 0o600))
        if path.is_file():  # and no device: a history that is linked to /dev/null is a way to keep none
            path.chmod(0o600)
        super().__init__(path)

    def store_string(self, string: str) -> None:
        """Keep a line; a full disk must not end a conversation."""
        if string.startswith(" "):
            return
        try:
            super().store_string(string)
        except OSError:
            return


def open_history(path: Path | None, screen: Screen) -> History:
    """Open the history at a path; without one, or where it cannot be opened, what is typed is forgotten at the end."""
    if path is None:
        return InMemoryHistory()
    try:
        return PrivateHistory(path)
    except OSError as error:
        reason = error.strerror or str(error)
        screen.show((paragraph(f"The history {path} cannot be opened ({reason}); what you type is not kept."),))
        return InMemoryHistory()


def find_history(environ: Mapping[str, str], *, home: Path) -> Path | None:
    """Name the file that the history is kept in, among the user's state; None for a user who has no place for it."""
    state = Path(environ.get("XDG_STATE_HOME", ""))
    folder = state if state.is_absolute() else home / ".local" / "state"
    return folder / "clinic-faq" / "history" if folder.is_absolute() else None
