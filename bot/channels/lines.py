"""How does one talk in a pipe, a dumb terminal or with a screen reader? Line after line: nothing is ever redrawn.

prompt-toolkit is not needed for it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

from bot import Reply
from bot.channels.chat import GOODBYE, LEAVE, LONGEST, Chat, Said, list_offers, name_speaker, say
from bot.channels.markdown import entries, paragraph
from bot.channels.screen import Screen


def read_lines(stream: TextIO | None) -> Iterator[str]:
    """Give each line; of one that is too long the beginning, and what follows is passed over without being kept."""
    while stream and (line := stream.readline(LONGEST)):
        rest = line
        while rest and not rest.endswith("\n"):
            rest = stream.readline(LONGEST)
        yield line


def answer_lines(chat: Chat, lines: Iterable[str], screen: Screen) -> None:
    """Answer what comes down a pipe, a question a line; the context goes from each line to the next."""
    for line in lines:
        if not line.strip():
            continue
        screen.show((paragraph("> " + line.strip()),))
        show_said(chat.respond(line), screen)
        screen.show(list_offers(chat.offers))
        if chat.over:
            return


def talk(chat: Chat, read: Callable[[str], str], screen: Screen) -> None:
    """Chat with speaker names, plain lines and numbered choices; `read` is like `input`."""
    speak(chat.welcome(), screen)
    while not chat.over:
        try:
            said = chat.respond(read("You: "))
        except KeyboardInterrupt:
            screen.write("\n")
            screen.show((paragraph(LEAVE),))
            continue
        except EOFError:
            screen.write("\n")
            break
        speak(said, screen)
        if said != Said() and chat.offers:
            screen.show((paragraph("Choices, by number:"), *list_offers(chat.offers)))
    screen.show((paragraph(GOODBYE),))


def show_reply(reply: Reply, screen: Screen) -> None:
    """Show one reply by itself, where nothing can be chosen by its number."""
    show_said(say(reply), screen)
    screen.show(entries(reply.options))


def show_said(said: Said, screen: Screen) -> None:
    """Show what a line got, the urgent part first."""
    if said.alert:
        screen.alert(said.alert)
    screen.show(said.blocks)


def speak(said: Said, screen: Screen) -> None:
    """Show with a name before it, in place of lines and bold type, which a screen reader does not tell."""
    screen.show(name_speaker("Bot, important", said.alert))
    screen.show(name_speaker("Bot", said.blocks))
