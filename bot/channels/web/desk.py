"""How does a channel ask the bot? It hands the message in, and waits without holding anybody up.

A message that nobody came to in time gets a curated text that says so, with the contact line below it, and changes
nothing of the conversation.
"""

from starlette.requests import Request

from bot import Bot, Context, Kind, Reply
from bot.channels.web.addresses import find_client, is_inside, list_names, read_networks
from bot.channels.web.queue import Queue
from bot.channels.web.settings import Settings
from bot.decide import Contact, Decision
from bot.reply import make_reply

NOT_READ = "bot.md#no-time"
"""What is said to a message that was not read."""


class Desk:
    """The bot, for channels of the web."""

    def __init__(self, bot: Bot, settings: Settings) -> None:
        self._bot = bot
        self._proxies = read_networks(settings.trusted_proxies)
        self._shared = read_networks(settings.shared_addresses)
        self._queue = Queue(settings.reply_seconds)

    async def reply(self, request: Request, question: str, context: Context) -> Reply | None:
        """Give the bot's reply; None if it was not read in time.

        Raises:
            Fault: too much is waiting.
        """
        size = len(question.encode(errors="surrogatepass"))
        try:
            return await self._queue.run(self._name(request), size, lambda: self._bot.reply(question, context))
        except TimeoutError:
            return None

    def refuse(self, context: Context) -> Reply:
        """Give the reply to a message that was not read."""
        refused = Decision(Kind.FALLBACK, (NOT_READ,), context=context, contact=Contact.FULL)
        return make_reply(refused, self._bot.content)

    def _name(self, request: Request) -> str:
        """Name the visitor; of those who share an address, each message is a visitor's own."""
        address = find_client(request.scope, self._proxies).address
        return f"request {id(request)}" if is_inside(address, self._shared) else list_names(address)[0]
