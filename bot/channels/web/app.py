"""How is the server put together? Routes in the middle, and around them what every request passes.

    Lines ▶ Headers ▶ Origins ▶ Rates ▶ routes

Each layer is plain ASGI. The outermost writes the log line and catches what nobody caught. Before all stands who may
hold a connection (connections.py), and behind the routes the threads that read messages (desk.py, queue.py).
"""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from bot import Bot
from bot.channels.web.api import Api
from bot.channels.web.catalogue import Catalogue, make_catalogue
from bot.channels.web.desk import Desk
from bot.channels.web.faults import BROKEN, Fault, make_fault_response
from bot.channels.web.headers import Headers
from bot.channels.web.lines import Lines, Write, make_writer
from bot.channels.web.origins import Origins
from bot.channels.web.pages import Pages
from bot.channels.web.rasa import Rasa
from bot.channels.web.rates import Rates
from bot.channels.web.settings import Settings

LIMITED = frozenset({"/api/reply", "/api/topics", "/webhooks/rest/webhook"})
"""Paths that a limit holds for; pages and health are ready-made bytes."""


def create_app(bot: Bot, settings: Settings | None = None, *, write: Write | None = None) -> ASGIApp:
    """Make the server: an ASGI application for any server of that kind."""
    settings = settings or Settings()
    write = write or make_writer()
    catalogue = make_catalogue(bot.content)
    contact = catalogue.contact_line
    pages = Pages(catalogue, settings)
    routes = _list_routes(bot, catalogue, pages, settings)
    app: ASGIApp = _make_core(routes, contact)
    app = Rates(app, settings=settings, limited=LIMITED, contact=contact, write=write)
    app = Origins(app, settings=settings, public=pages.public, contact=contact)
    app = Headers(app, https=settings.public_url.startswith("https:"))
    return Lines(app, write=write, routes=frozenset(route.path for route in routes), contact=contact)


def _list_routes(bot: Bot, catalogue: Catalogue, pages: Pages, settings: Settings) -> Sequence[Route]:
    desk = Desk(bot, settings)
    api = Api(desk, catalogue, settings)
    return [
        Route("/api/reply", api.reply, methods=["POST"]),
        Route("/api/topics", api.topics),
        Route("/healthz", api.health),
        Route("/readyz", api.ready),
        *([Route("/webhooks/rest/webhook", Rasa(desk, settings).webhook, methods=["POST"])] if settings.rasa else []),
        *pages.routes,
    ]


def _make_core(routes: Sequence[Route], contact: str) -> Starlette:
    async def on_error(_request: Request, error: Exception) -> Response:
        return make_fault_response(_as_fault(error), contact)

    core = Starlette(routes=routes, exception_handlers=dict.fromkeys((Fault, HTTPException, Exception), on_error))
    core.router.redirect_slashes = False  # it would send a visitor to wherever the Host header says
    return core


def _as_fault(error: Exception) -> Fault:
    match error:
        case Fault():
            return error
        case HTTPException(status_code=405):
            return Fault(405, "method", "This address takes another method; see Allow.", error.headers)
        case HTTPException():
            return Fault(404, "not_found", "There is nothing at this address.")
        case _:
            return Fault(500, "broken", BROKEN)
