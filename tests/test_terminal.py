"""Does the chat say what it should, and does it look right in a pipe, a terminal and for a screen reader?"""

import io
import os
import re
import stat
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.data_structures import Point, Size
from prompt_toolkit.document import Document
from prompt_toolkit.history import History, InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.layout import BufferControl, SearchBufferControl
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.utils import get_cwidth
from wcwidth import wcswidth

from bot import Block, Bot, Context, Kind, Part, Reply
from bot.channels import markdown, screen, terminal
from bot.channels.chat import LONGEST, Chat, Offer, say
from bot.channels.lines import answer_lines, read_lines, show_reply, show_said, speak, talk
from bot.channels.markdown import Look, paragraph, read_markdown
from bot.channels.screen import Paint, Screen, choose_paint, find_width, lay_out, measure, open_screen
from bot.channels.terminal import Prompt, QuestionCompleter, chat_at_terminal, find_history, open_history

TRANSCRIPTS = Path(__file__).parent / "transcripts"


class Page(DummyOutput):
    """A sheet of paper that prompt-toolkit draws on: what a person sees when the conversation has ended."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.rows: list[str] = [""]
        self.x = self.y = 0

    def write(self, data: str) -> None:
        for letter in data:
            if letter == "\n":
                self.cursor_down(1)
                self.x = 0
            elif letter == "\r":
                self.x = 0
            else:
                row = self.rows[self.y].ljust(self.x)
                self.rows[self.y] = row[: self.x] + letter + row[self.x + 1 :]
                self.x += 1

    write_raw = write

    def cursor_up(self, amount: int) -> None:
        self.y -= amount

    def cursor_down(self, amount: int) -> None:
        self.y += amount
        self.rows += [""] * (self.y + 1 - len(self.rows))

    def cursor_forward(self, amount: int) -> None:
        self.x += amount

    def cursor_backward(self, amount: int) -> None:
        self.x = max(0, self.x - amount)

    def erase_down(self) -> None:
        self.erase_end_of_line()
        self.rows[self.y + 1 :] = []

    def erase_end_of_line(self) -> None:
        self.rows[self.y] = self.rows[self.y][: self.x]

    def get_size(self) -> Size:
        return Size(rows=40, columns=self.columns)

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.rows).rstrip() + "\n"


def make_screen(*, width: int = 80, paint: Paint = Paint.NOTHING) -> tuple[Screen, io.StringIO]:
    shown = io.StringIO()
    return Screen(shown.write, lambda: width, paint), shown


def chat_in_terminal(bot: Bot, keys: str, *, width: int = 80, history: History | None = None) -> str:
    page = Page(width)
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=page):
        keyboard.send_text(keys)
        chat_at_terminal(Chat(bot), Screen(page.write, lambda: width), history or InMemoryHistory())
    return page.text


def reader(lines: list[str], write: Callable[[str], object]) -> Callable[[str], str]:
    """Stand for `input`, on a terminal that echoes what is typed."""
    waiting = iter(lines)

    def read(prompt: str) -> str:
        line = next(waiting, None)
        if line is None:
            write(prompt)
            raise EOFError
        write(f"{prompt}{line}\n")
        return line

    return read


def compare(shown: str, name: str) -> None:
    """Compare with a transcript; with WRITE_TRANSCRIPTS=1, write it instead, to be read before it is committed."""
    if os.environ.get("WRITE_TRANSCRIPTS"):
        (TRANSCRIPTS / name).write_text(shown)
    assert shown == (TRANSCRIPTS / name).read_text()


def said(bot: Bot, *lines: str) -> str:
    """Give what the last of some lines gets."""
    chat = Chat(bot)
    for line in lines[:-1]:
        chat.respond(line)
    screen, shown = make_screen(width=0)
    show_said(chat.respond(lines[-1]), screen)
    return shown.getvalue().strip()


class TestWholeConversations:
    """A transcript holds the lines that are typed and all that is said; the lines are taken from it and typed again."""

    @pytest.mark.parametrize(("name", "width"), [("pipe.txt", 0), ("pipe-40.txt", 40)])
    def test_a_pipe(self, small: Bot, name: str, width: int) -> None:
        transcript = (TRANSCRIPTS / name).read_text()
        screen, shown = make_screen(width=width)
        answer_lines(Chat(small), re.findall(r"^> (.*\n)", transcript, re.MULTILINE), screen)
        compare(shown.getvalue(), name)

    @pytest.mark.parametrize("width", [80, 40])
    def test_a_terminal(self, small: Bot, width: int) -> None:
        transcript = (TRANSCRIPTS / f"terminal-{width}.txt").read_text()
        typed = re.findall(r"^> (.+)$", transcript, re.MULTILINE)
        page = chat_in_terminal(small, "".join(f"{line}\r" for line in typed) + "\x04", width=width)
        compare(page, f"terminal-{width}.txt")

    def test_a_screen_reader(self, small: Bot) -> None:
        transcript = (TRANSCRIPTS / "plain.txt").read_text()
        screen, shown = make_screen()
        talk(Chat(small), reader(re.findall(r"^You: (.+)$", transcript, re.MULTILINE), shown.write), screen)
        compare(shown.getvalue(), "plain.txt")

    @pytest.mark.parametrize("path", sorted(TRANSCRIPTS.glob("*-40.txt")), ids=lambda path: path.name)
    def test_nothing_is_wider_than_the_window(self, path: Path) -> None:
        assert max(map(measure, path.read_text().split("\n"))) <= 40

    def test_the_content_that_ships(self, shipped: Bot) -> None:
        page = chat_in_terminal(shipped, "how long does the redness last\r/topics\r1\r1\r/why\r/quit\r")
        assert "From the article's part on side effects" in page
        assert page.endswith("Goodbye.\n")


class TestWhatIsOffered:
    def test_is_chosen_by_its_number(self, small: Bot) -> None:
        assert said(small, "will i be red afterwards", "1").startswith("How long does the redness last?")

    @pytest.mark.parametrize("typed", ["1.", "#1", "(1)", " 1 ", "１"])
    def test_is_chosen_however_the_number_is_written(self, small: Bot, typed: str) -> None:
        assert said(small, "will i be red afterwards", typed) == said(small, "will i be red afterwards", "1")

    def test_is_named_when_the_number_is_not_there(self, small: Bot) -> None:
        assert said(small, "redness", "7") == "There is no number 7; choose from 1 to 2."
        assert said(small, "how much does it cost", "0") == "There is no number 0; there is only 1."

    def test_is_gone_with_the_next_answer(self, small: Bot) -> None:
        chat = Chat(small)
        chat.respond("will i be red afterwards")
        chat.respond("do i need sunscreen")
        assert chat.offers == ()

    def test_stays_while_a_command_is_looked_at(self, small: Bot) -> None:
        assert said(small, "redness", "/why", "/help", "1").startswith("How long does the redness last?")

    def test_a_number_with_nothing_on_offer_is_a_question(self, small: Bot) -> None:
        assert said(small, "3").startswith(small.content.answers["bot.md#fallback"].text)

    def test_is_chosen_by_a_click(self, small: Bot) -> None:
        chat = Chat(small)
        chat.respond("will i be red afterwards")
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            prompt = Prompt(chat, make_screen()[0], InMemoryHistory())
            clicks = [fragment[2] for fragment in prompt.draw_offers() if len(fragment) > 2]
            event = MouseEvent(Point(0, 1), MouseEventType.MOUSE_UP, MouseButton.LEFT, frozenset())
            typed = prompt._session.prompt(pre_run=lambda: clicks[-1](event) and None)
        assert typed == "Do I need sunscreen afterwards?"

    def test_a_long_list_is_shown_above_the_prompt_and_not_in_it(self, small: Bot) -> None:
        chat = Chat(small)
        chat.offers = tuple(Offer(f"Question {number}?", "redness") for number in range(30))
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            assert Prompt(chat, make_screen()[0], InMemoryHistory()).draw_offers() == []


class TestCommands:
    def test_help_names_each(self, small: Bot) -> None:
        shown = said(small, "/help")
        assert all(name in shown for name in ("/help", "/topics", "/why", "/quit"))

    def test_an_unknown_one_is_told_which_there_are(self, small: Bot) -> None:
        assert said(small, "/hlep") == "There is no /hlep; there are /help, /topics, /why, /quit."

    @pytest.mark.parametrize("line", ["/quit", "/exit", "/QUIT", "quit", "Exit", " /quit now "])
    def test_quit_ends_the_conversation(self, small: Bot, line: str) -> None:
        chat = Chat(small)
        chat.respond(line)
        assert chat.over

    def test_why_explains_the_last_question(self, small: Bot) -> None:
        why = said(small, "how long does rednes last", "/why")
        assert "Why: how long does rednes last" in why
        assert "'rednes' was read as 'redness'" in why
        assert "1. redness-how-long" in why
        assert "side-effects.md#redness-how-long" in why

    def test_why_shows_the_sign_that_was_seen_and_what_silenced_it(self, small: Bot) -> None:
        assert "the sign 'blisters' shows in 'pus'" in said(small, "it is full of pus", "/why")
        assert "'pus' is no sign 'blisters' here, since it is denied" in said(small, "redness but no pus", "/why")

    def test_why_says_what_ends_the_reply_and_since_what(self, small: Bot) -> None:
        assert "At its end: the full line on the clinic, since " in said(small, "redness", "/why")

    def test_why_is_told_of_the_context_that_it_was_asked_in(self, small: Bot) -> None:
        why = said(small, "redness", "it is getting worse", "/why")
        assert why == said(small, "redness", "it is getting worse", "/help", "/why")
        assert "taken for the sign 'redness' (today), as good as sure" in why

    def test_why_explains_a_question_of_its_own(self, small: Bot) -> None:
        assert "Why: do i need sun cream" in said(small, "/why do i need sun cream")

    def test_why_changes_nothing(self, small: Bot) -> None:
        assert said(small, "redness", "/why what does it cost", "2") == said(small, "redness", "2")

    def test_why_has_nothing_to_explain_at_first(self, small: Bot) -> None:
        assert said(small, "/why").startswith("Nothing has been asked yet.")

    def test_topics_lead_to_every_question(self, small: Bot) -> None:
        chat = Chat(small)
        chat.respond("/topics")
        asked = set()
        for number in range(1, len(chat.offers) + 1):
            chat.respond(f"/topics {number}")
            asked |= {offer.label for offer in chat.offers}
        assert asked == {answer.title for answer in small.content.answers.values() if answer.section}

    @pytest.mark.parametrize("line", ["/topics 99", "/topics x", "/topics 0"])
    def test_topics_that_are_not_there_give_the_list(self, small: Bot, line: str) -> None:
        assert said(small, line) == said(small, "/topics")


class TestLines:
    def test_pasted_lines_are_one_question(self, small: Bot) -> None:
        assert said(small, "how long does\nredness\nlast") == said(small, "how long does redness last")

    def test_empty_lines_get_nothing(self, small: Bot) -> None:
        screen, shown = make_screen()
        answer_lines(Chat(small), ["\n", "   \n", "\t\n"], screen)
        assert shown.getvalue() == ""

    def test_the_context_goes_from_line_to_line(self, small: Bot) -> None:
        assert said(small, "qwerty", "asdfgh").startswith("I have no approved answer for that either.")

    def test_ctrl_c_for_a_screen_reader_says_how_to_leave(self, small: Bot) -> None:
        screen, shown = make_screen()
        keys: Iterator[type[BaseException]] = iter([KeyboardInterrupt, EOFError])

        def read(_prompt: str) -> str:
            raise next(keys)

        talk(Chat(small), read, screen)
        assert "To leave, press Ctrl-D or type /quit." in shown.getvalue()
        assert shown.getvalue().endswith("\nGoodbye.\n\n")


class TestKeys:
    def test_ctrl_c_clears_what_was_typed(self, small: Bot) -> None:
        page = chat_in_terminal(small, "never mind\x03redness\r\x04")
        assert "never mind" not in page
        assert "> redness" in page

    def test_ctrl_c_on_an_empty_line_says_how_to_leave(self, small: Bot) -> None:
        assert "To leave, press Ctrl-D or type /quit." in chat_in_terminal(small, "\x03\x04")

    def test_ctrl_d_leaves_with_one_line(self, small: Bot) -> None:
        assert chat_in_terminal(small, "\x04").endswith(">\nGoodbye.\n")

    def test_a_paste_of_several_lines_is_one_question(self, small: Bot) -> None:
        page = chat_in_terminal(small, "\x1b[200~how long does\nredness last\x1b[201~\r\x04")
        assert "> how long does redness last\n" in page
        assert "Our source calls it temporary" in page


class TestCompletion:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("sunsc", ["Do I need sunscreen afterwards?"]),
            ("RED last", ["How long does the redness last?"]),
            ("how", ["How long does the redness last?", "How much does it cost?"]),
            ("cost", ["Does a bigger area cost more?", "How much does it cost?"]),
            ("d", []),
            ("", []),
            ("xyz", []),
            ("/", ["/help", "/topics", "/why", "/quit"]),
            ("/w", ["/why"]),
        ],
    )
    def test_finds_questions_by_the_beginnings_of_their_words(self, small: Bot, typed: str, found: list[str]) -> None:
        completer = QuestionCompleter(Chat(small))
        offered = completer.get_completions(Document(typed), CompleteEvent(text_inserted=True))
        assert [completion.text for completion in offered] == found

    def test_gives_all_when_asked_for_on_an_empty_line(self, small: Bot) -> None:
        completer = QuestionCompleter(Chat(small))
        assert len(list(completer.get_completions(Document(""), CompleteEvent(completion_requested=True)))) == 5


class TestUrgentTexts:
    TEXT = "**Call for help now.** Do not *wait*.\n\n- Phone: none"

    def reply(self, kind: Kind = Kind.URGENT) -> Reply:
        return Reply(kind, (Block(Part.URGENT, self.TEXT),), (), (), Context())

    @pytest.mark.parametrize("kind", [Kind.URGENT, Kind.CRISIS])
    def test_are_set_apart_without_colour(self, kind: Kind) -> None:
        screen, shown = make_screen(width=40)
        show_said(say(self.reply(kind=kind)), screen)
        rule = "=" * 40
        assert shown.getvalue() == f"{rule}\nCall for help now. Do not wait.\n\n- Phone: none\n{rule}\n\n"

    def test_are_bold_throughout(self) -> None:
        screen, shown = make_screen(width=40, paint=Paint.BRIGHTNESS)
        show_said(say(self.reply()), screen)
        assert "\x1b[1mCall for help now. Do not wait.\x1b[0m" in shown.getvalue()

    def test_are_named_for_a_screen_reader(self) -> None:
        screen, shown = make_screen()
        speak(say(self.reply()), screen)
        assert shown.getvalue().startswith("Bot, important: Call for help now. Do not wait.")
        assert "=" not in shown.getvalue()

    def test_any_other_reply_has_none(self, small: Bot) -> None:
        assert all(say(small.reply(question)).alert == () for question in ("hello", "redness", "qwerty"))


class TestMarkdown:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("one\ntwo", "one two"),
            ("one  \ntwo", "one\ntwo"),
            ("one\\\ntwo", "one\ntwo"),
            ("one\n\n\n two", "one\n\ntwo"),
            ("- a\n- b\n  goes on\n\nafter", "- a\n- b goes on\n\nafter"),
            ("see:\n- a", "see:\n- a"),
            ("1. a\n2) b", "1. a\n2) b"),
            ("# Head\ntext", "Head\ntext"),
            ("*a* **b** _c_ `d`", "a b c d"),
            ("**a *b* c**, *d*.", "a b c, d."),
            (r"\*a\* 2 * 3 snake_case_name a*b", "*a* 2 * 3 snake_case_name a*b"),
            ("**not closed", "**not closed"),
            ("[us](https://a.example/x)", "us (https://a.example/x)"),
            ("[0123](tel:0123) <https://a.example>", "0123 https://a.example"),
            ("2024-05-01 - no list", "2024-05-01 - no list"),
            ("", ""),
        ],
    )
    def test_is_shown_as_text(self, text: str, shown: str) -> None:
        rows = lay_out(read_markdown(text), 0)
        assert "\n".join("".join(span.text for span in row) for row in rows) == shown

    @pytest.mark.parametrize(
        ("text", "look"),
        [
            ("word", Look.PLAIN),
            ("**word**", Look.STRONG),
            ("a *word*", Look.EMPHASIS),
            ("*word*", Look.SOFT),
            ("**a *word* b**", Look.STRONG),
        ],
    )
    def test_is_shown_with_its_look(self, text: str, look: Look) -> None:
        spans = {span.text.strip(): span.look for block in read_markdown(text) for span in block.spans}
        assert spans["word"] is look

    @given(st.lists(st.sampled_from(["skin", "red,", "hot.", "don't", "a-b"])).map(" ".join))
    def test_loses_no_word(self, text: str) -> None:
        rows = lay_out(read_markdown(text), 12)
        assert " ".join("".join(span.text for span in row) for row in rows).split() == text.split()


class TestWidth:
    @given(st.text(), st.integers(1, 60))
    def test_no_row_is_wider_than_asked_for(self, text: str, width: int) -> None:
        rows = lay_out([paragraph(text.replace("://", ""))], width)
        # A wide letter in a single column cannot be helped.
        assert all(measure("".join(span.text for span in row)) <= max(width, 2) for row in rows)

    def test_a_web_address_is_not_broken(self) -> None:
        rows = lay_out([paragraph("see https://clinic.example/a/long/way now")], 20)
        assert ["".join(span.text for span in row) for row in rows] == [
            "see",
            "https://clinic.example/a/long/way",
            "now",
        ]

    @given(st.text(alphabet=st.sampled_from("a 皮é\u0301⚠\ufe0f👩🏿🔧🇬🇧☎한\u200d"), max_size=120))
    def test_no_row_is_wider_than_forty_columns(self, text: str) -> None:
        rows = lay_out(read_markdown(f"- {text}"), 40)
        assert all(wcswidth("".join(span.text for span in row)) <= 40 for row in rows)

    @pytest.mark.parametrize(
        ("text", "columns"),
        [
            ("⚠\ufe0f", 2),
            ("👩🏿\u200d🔧", 2),
            ("🇬🇧", 2),
            ("☎", 1),
            ("☎\ufe0f", 2),
            ("👍🏽", 2),
            ("क्षि", 2),
            ("a\u0301", 1),
        ],
    )
    def test_what_is_one_sign_is_measured_as_one(self, text: str, columns: int) -> None:
        assert measure(text) == columns

    def test_what_is_one_sign_is_not_cut(self) -> None:
        rows = lay_out([paragraph("👍🏽" * 8)], 10)
        assert ["".join(span.text for span in row) for row in rows] == ["👍🏽" * 5, "👍🏽" * 3]

    @pytest.mark.parametrize(
        "text", ["skin", "皮膚は", "e\u0301te\u0301", "ｗｉｄｅ", "한국어", "…—’“”", "😀 ok", "ñandú", "שלום"]
    )
    def test_text_is_measured_as_terminals_do(self, text: str) -> None:
        assert measure(text) == get_cwidth(text)

    @pytest.mark.parametrize(
        ("environ", "tty", "width"),
        [
            ({}, False, 0),
            ({"COLUMNS": "40"}, False, 40),
            ({"COLUMNS": "40"}, True, 40),
            ({"COLUMNS": "200"}, True, 88),
            ({"COLUMNS": "3"}, True, 10),
            ({"COLUMNS": "wide"}, False, 0),
            ({"COLUMNS": "9" * 5000}, False, 0),
        ],
    )
    def test_is_that_of_the_window_up_to_what_reads_well(
        self, environ: dict[str, str], *, tty: bool, width: int
    ) -> None:
        assert find_width(environ, tty=tty) == width


class TestPaint:
    @pytest.mark.parametrize(
        ("environ", "tty", "paint"),
        [
            ({"TERM": "xterm-256color"}, True, Paint.COLOUR),
            ({"TERM": "xterm-256color"}, False, Paint.NOTHING),
            ({"TERM": "xterm", "NO_COLOR": "1"}, True, Paint.BRIGHTNESS),
            ({"TERM": "xterm", "NO_COLOR": ""}, True, Paint.COLOUR),
            ({"TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"}, True, Paint.BRIGHTNESS),
            ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, Paint.NOTHING),
            ({"FORCE_COLOR": "1"}, False, Paint.COLOUR),
            ({"TERM": "xterm", "FORCE_COLOR": "0"}, True, Paint.NOTHING),
            ({"TERM": "dumb"}, True, Paint.NOTHING),
            ({"TERM": "dumb", "NO_COLOR": "1"}, True, Paint.NOTHING),
        ],
    )
    def test_is_chosen_by_what_the_user_says_and_then_by_the_terminal(
        self, environ: dict[str, str], *, tty: bool, paint: Paint
    ) -> None:
        assert choose_paint(environ, tty=tty, platform="linux") is paint

    def test_an_old_windows_console_gets_none(self) -> None:
        assert choose_paint({}, tty=True, platform="win32") is Paint.NOTHING
        assert choose_paint({"WT_SESSION": "1"}, tty=True, platform="win32") is Paint.COLOUR

    def test_plain_overrules_all(self) -> None:
        assert open_screen(io.StringIO(), {"FORCE_COLOR": "1"}, plain=True).paint is Paint.NOTHING


OURS = re.compile(r"\x1b\[[0-9;]*m")


def is_control(letter: str) -> bool:
    return letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


class TestControlCharacters:
    """Whatever is typed and whatever the content holds, nothing that is shown steers the terminal."""

    HOSTILE = st.text(
        alphabet=st.one_of(st.characters(), st.sampled_from("\x00\x07\x1b\x7f\x9b\u202e\u2028*_[]()-1. \n"))
    )

    @given(question=HOSTILE, paint=st.sampled_from(Paint))
    def test_never_come_out_of_a_question(self, small: Bot, question: str, paint: Paint) -> None:
        screen, shown = make_screen(width=40, paint=paint)
        answer_lines(Chat(small), [question, f"/why {question}", "/why", f"/{question}"], screen)
        assert not any(map(is_control, OURS.sub("", shown.getvalue())))

    @given(text=HOSTILE, kind=st.sampled_from(Kind), paint=st.sampled_from(Paint))
    def test_never_come_out_of_the_content(self, text: str, kind: Kind, paint: Paint) -> None:
        screen, shown = make_screen(width=40, paint=paint)
        block = Block(Part.ANSWER, text, title=text, source=text)
        show_reply(Reply(kind, (block,), (), (text,), Context()), screen)
        assert not any(map(is_control, OURS.sub("", shown.getvalue())))

    @given(text=HOSTILE)
    def test_never_come_out_unless_it_is_paint(self, text: str) -> None:
        screen, shown = make_screen()
        screen.show([paragraph(text)])
        assert "\x1b" not in shown.getvalue()

    @given(label=HOSTILE)
    def test_never_come_out_of_an_option_at_the_prompt(self, small: Bot, label: str) -> None:
        chat = Chat(small)
        chat.offers = (Offer(label, label),)
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            drawn = Prompt(chat, make_screen()[0], InMemoryHistory()).draw_offers()
        assert not any(is_control(letter) for fragment in drawn for letter in fragment[1])


class TestAtThePrompt:
    """What could steer the terminal is drawn as a sign that cannot, and what was typed stays as it was."""

    HOSTILE = "a\u202eb\x1b[2Jc\x9bd\u2066\u200be"
    SHOWN = "a\ufffdb\ufffd[2Jc\ufffdd\ufffd\ufffde"

    def test_out_of_a_paste(self, small: Bot) -> None:
        page = chat_in_terminal(small, f"\x1b[200~{self.HOSTILE}\x1b[201~\r\x04")
        assert f"> {self.SHOWN}\n" in page

    def test_out_of_what_is_typed(self, small: Bot) -> None:
        assert "> a\ufffdb\n" in chat_in_terminal(small, "a\u202eb\r\x04")

    def test_out_of_the_history(self, small: Bot) -> None:
        page = chat_in_terminal(small, "\x1b[A\r\x04", history=InMemoryHistory([self.HOSTILE]))
        assert f"> {self.SHOWN}\n" in page

    def test_in_every_line_that_is_edited_a_search_too(self, small: Bot) -> None:
        with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
            layout = Prompt(Chat(small), make_screen()[0], InMemoryHistory())._session.app.layout
        edited = [control for control in layout.find_all_controls() if isinstance(control, BufferControl)]
        assert any(isinstance(control, SearchBufferControl) for control in edited)
        assert all(isinstance(list(control.input_processors or ())[-1], terminal.Harmless) for control in edited)

    def test_out_of_a_completion(self, small: Bot) -> None:
        completer = QuestionCompleter(Chat(small))
        completer._titles = [self.HOSTILE]
        (found,) = completer.get_completions(Document(""), CompleteEvent(completion_requested=True))
        assert found.display_text == self.SHOWN

    @given(st.text())
    def test_one_sign_stands_for_one(self, text: str) -> None:
        shown = terminal.show_harmless(text)
        assert len(shown) == len(text)
        assert not any(map(is_control, shown))


class TestLongLines:
    """Twice as much takes twice as many steps, not four times; of more than any question a part is enough."""

    @pytest.mark.parametrize("width", [0, 80])
    @pytest.mark.parametrize(
        "unit",
        [
            "word ",
            "w",
            "皮",
            "w⚠\ufe0f",
            "**a ",
            "*a* ",
            "_a ",
            "*a **b _c ",
            "[a](b) ",
            "`",
            "\\*",
            "a\n",
            "- a\n",
            "# a\n",
            "a\n\n",
        ],
    )
    def test_are_laid_out_in_steps_of_their_length(self, unit: str, width: int) -> None:
        def steps(times: int) -> int:
            return count_steps(lambda: lay_out([*read_markdown(unit * times), paragraph(unit * times)], width))

        assert steps(800) < 2.5 * steps(400)

    def test_are_answered_in_steps_of_their_length(self, small: Bot) -> None:
        def steps(times: int) -> int:
            return count_steps(lambda: answer_lines(Chat(small), ["word " * times], make_screen(width=0)[0]))

        assert steps(3000) < 2.5 * steps(1500)

    @pytest.mark.parametrize("unit", ["**a ", "*a ", "_a ", "*a **b _c "])
    def test_of_beginnings_without_an_end_are_read_once(self, unit: str) -> None:
        """Steps inside a pattern cannot be counted; read once for each beginning, this would take an hour."""
        (block,) = read_markdown(unit * 100_000)
        assert "".join(span.text for span in block.spans) == (unit * 100_000).rstrip()

    @pytest.mark.parametrize("module", [markdown, screen])
    def test_meet_no_pattern_that_reads_on_for_an_end(self, module: object) -> None:
        patterns = [value.pattern for value in vars(module).values() if isinstance(value, re.Pattern)]
        assert not [pattern for pattern in patterns if ".+" in pattern or ".*" in pattern]

    def test_of_a_pipe_are_read_up_to_a_most(self) -> None:
        lines = read_lines(io.StringIO("x" * 1_000_000 + "\nredness\n" + "y" * LONGEST + "\n" + "z" * LONGEST))
        assert list(lines) == ["x" * LONGEST, "redness\n", "y" * LONGEST, "z" * LONGEST]

    def test_are_refused_as_too_long_however_long(self, small: Bot) -> None:
        assert said(small, "x" * 1_000_000) == said(small, "x" * 2001)

    def test_are_not_explained(self, small: Bot) -> None:
        refused = "A question of more than 2,000 characters is not read. Ask a shorter one."
        assert said(small, "/why " + "x" * 1_000_000) == refused
        assert said(small, "x" * 1_000_000, "/why") == refused

    def test_that_are_pasted_are_cut(self, small: Bot) -> None:
        kept = InMemoryHistory()
        chat_in_terminal(small, f"\x1b[200~{'word ' * 12_000}\x1b[201~\r\x04", history=kept)
        assert [len(line) for line in kept.get_strings()] == [LONGEST - 1]


def count_steps(run: Callable[[], object]) -> int:
    """Count the calls and returns of functions, Python's own too."""
    steps = 0

    def count(*_event: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return steps


class TestHistory:
    def mode(self, path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    def test_is_kept_where_only_its_owner_can_read_it(self, small: Bot, tmp_path: Path) -> None:
        path = tmp_path / "state" / "clinic-faq" / "history"
        chat_in_terminal(small, "redness\r\x04", history=open_history(path, make_screen()[0]))
        assert "+redness\n" in path.read_text()
        assert (self.mode(path), self.mode(path.parent)) == (0o600, 0o700)

    def test_is_closed_to_others_where_it_was_open(self, tmp_path: Path) -> None:
        path = tmp_path / "history"
        path.write_text("")
        path.chmod(0o644)
        open_history(path, make_screen()[0])
        assert self.mode(path) == 0o600

    def test_comes_back_in_the_next_chat(self, small: Bot, tmp_path: Path) -> None:
        path = tmp_path / "history"
        chat_in_terminal(small, "redness\r/topics\r\x04", history=open_history(path, make_screen()[0]))
        assert list(open_history(path, make_screen()[0]).load_history_strings()) == ["/topics", "redness"]

    def test_a_line_that_begins_with_a_space_is_not_kept(self, small: Bot, tmp_path: Path) -> None:
        path = tmp_path / "history"
        chat_in_terminal(small, " redness\r\x04", history=open_history(path, make_screen()[0]))
        assert path.read_text() == ""

    def test_that_cannot_be_opened_is_said_and_the_chat_goes_on(self, small: Bot, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        screen, shown = make_screen(width=0)
        history = open_history(tmp_path / "file" / "history", screen)
        assert "cannot be opened" in shown.getvalue()
        assert "what you type is not kept" in shown.getvalue()
        assert "Goodbye." in chat_in_terminal(small, "redness\r\x04", history=history)

    def test_that_goes_away_does_not_end_the_chat(self, small: Bot, tmp_path: Path) -> None:
        history = open_history(tmp_path / "gone" / "history", make_screen()[0])
        (tmp_path / "gone" / "history").unlink()
        (tmp_path / "gone").rmdir()
        assert "Goodbye." in chat_in_terminal(small, "redness\r\x04", history=history)

    def test_without_a_path_is_forgotten(self) -> None:
        assert isinstance(open_history(None, make_screen()[0]), InMemoryHistory)

    def test_linked_to_a_device_leaves_the_device_alone(self, tmp_path: Path) -> None:
        (tmp_path / "history").symlink_to("/dev/null")
        before = self.mode(Path("/dev/null"))
        open_history(tmp_path / "history", make_screen()[0])
        assert self.mode(Path("/dev/null")) == before

    @pytest.mark.parametrize(
        ("state", "path"),
        [
            ("/var/state", "/var/state/clinic-faq/history"),
            ("", "/home/kim/.local/state/clinic-faq/history"),
            ("not/absolute", "/home/kim/.local/state/clinic-faq/history"),
        ],
    )
    def test_is_among_the_users_state(self, state: str, path: str) -> None:
        assert find_history({"XDG_STATE_HOME": state}, home=Path("/home/kim")) == Path(path)

    @pytest.mark.parametrize("home", ["", ".", "~"])
    def test_is_nowhere_for_a_user_without_a_home(self, home: str) -> None:
        assert find_history({}, home=Path(home)) is None

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes as POSIX has them")
    def test_that_is_a_pipe_does_not_hold_the_chat_up(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "history")
        screen, shown = make_screen(width=0)
        assert isinstance(open_history(tmp_path / "history", screen), InMemoryHistory)
        assert "what you type is not kept" in shown.getvalue()
