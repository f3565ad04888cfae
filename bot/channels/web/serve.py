"""What does `clinic-faq serve` do? It reads flags and environment, loads the content, and serves until stopped."""

import argparse
import os
import sys
from dataclasses import fields

from bot import Bot, __version__
from bot.channels.web.settings import Settings, SettingsError
from bot.likeness import describe_meaning

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "bot.channels.web.lines.Formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {name: {"handlers": ["stderr"], "level": "INFO", "propagate": False} for name in ("uvicorn", "bot")},
}
"""Messages of Uvicorn and of the bot, as JSON lines like our own."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give the parser a flag for each setting."""
    for field in fields(Settings):
        flag = "--" + field.name.replace("_", "-")
        default = "" if field.default in ("", (), False) else f" (default: {field.default})"
        parser.add_argument(flag, dest=field.name, metavar="VALUE", help=f"{field.metadata['help']}{default}")


def run(options: argparse.Namespace) -> int:
    """Serve the content of `options.content` until stopped.

    Raises:
        ContentError: the content has problems.
        SettingsError: a setting cannot be used, or the extra `web` is not installed.
    """
    settings = Settings.read(os.environ, {field.name: vars(options)[field.name] for field in fields(Settings)})
    try:
        import uvicorn  # noqa: PLC0415 -- so that all other commands do without the extra

        from bot.channels.web.app import create_app  # noqa: PLC0415 -- as above
        from bot.channels.web.catalogue import make_catalogue  # noqa: PLC0415 -- as above
        from bot.channels.web.connections import HEADER_BYTES, make_protocol  # noqa: PLC0415 -- as above
        from bot.channels.web.lines import make_writer  # noqa: PLC0415 -- as above
        from bot.channels.web.queue import SWITCH  # noqa: PLC0415 -- as above
    except ImportError as error:
        raise SettingsError(f"the server needs {error.name}; install it with: pip install 'clinic-faq[web]'") from None
    sys.setswitchinterval(SWITCH)
    bot = Bot.load(options.content)
    write = make_writer()
    write({"event": "start", "version": __version__, "meaning": describe_meaning().removeprefix("meaning: ")})
    uvicorn.run(
        create_app(bot, settings, write=write),
        http=make_protocol(settings, make_catalogue(bot.content).contact_line, write),
        host=settings.host,
        port=settings.port,
        access_log=False,  # it would hold addresses and paths as sent
        log_config=LOGGING,
        proxy_headers=False,  # X-Forwarded-For is judged in rates.py
        server_header=False,
        ws="none",
        lifespan="off",
        h11_max_incomplete_event_size=HEADER_BYTES,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )
    return 0
