"""How is the server set up? One frozen value, from the environment and from flags, checked when it is made.

Every setting has a flag (`--rate-client`) and a variable (`CLINIC_FAQ_WEB_RATE_CLIENT`); the flag wins. A variable of
that prefix that is no setting is an error: a misspelt limit must not pass for a limit.
"""

import difflib
import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from urllib.parse import urlsplit

from bot.errors import BotError

PREFIX = "CLINIC_FAQ_WEB_"


class SettingsError(BotError):
    """A setting cannot be used; says which, what was found and what would be right."""


def _help(hint: str) -> dict[str, str]:
    """Give a field what `--help` and the documentation say of it."""
    return {"help": hint}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator decides."""

    host: str = field(default="127.0.0.1", metadata=_help("the address to listen on"))
    port: int = field(default=8080, metadata=_help("the port to listen on"))
    public_url: str = field(
        default="", metadata=_help("where visitors reach the server, https://...; for the snippet of /embed")
    )
    allowed_origins: tuple[str, ...] = field(
        default=(), metadata=_help("sites that may use the API from a page, https://..., with commas")
    )
    allow_credentials: bool = field(default=False, metadata=_help("let those sites send cookies (yes or no)"))
    trusted_proxies: tuple[str, ...] = field(
        default=(), metadata=_help("networks of the proxies whose X-Forwarded-For is believed")
    )
    shared_addresses: tuple[str, ...] = field(
        default=(), metadata=_help("networks that no limit per client holds for: the clinic's own")
    )
    rate_client: str = field(default="30/minute;300/hour", metadata=_help("requests that one client may send"))
    rate_network: str = field(
        default="300/minute;3000/hour",
        metadata=_help("requests that a network of IPv4 (/24) or IPv6 (/48) may send; a /56 may send half"),
    )
    rate_total: str = field(default="1200/minute", metadata=_help("requests that all clients together may send"))
    rate_storage: str = field(
        default="memory://", metadata=_help("where requests are counted: memory://, or redis://HOST for all processes")
    )
    rasa: bool = field(
        default=False, metadata=_help("serve the REST channel of Rasa to the clinic's own program (yes or no)")
    )
    rasa_token: str = field(
        default="",
        repr=False,
        metadata=_help("what that program sends as 'Authorization: Bearer ...'; better given as a variable"),
    )
    body_limit: int = field(default=65_536, metadata=_help("bytes that a request may hold"))
    header_seconds: float = field(default=10.0, metadata=_help("seconds that the headers may take to arrive"))
    body_seconds: float = field(default=10.0, metadata=_help("seconds that the rest of a request may take to arrive"))
    reply_seconds: float = field(default=5.0, metadata=_help("seconds that a visitor may wait for a reply"))
    connection_limit: int = field(default=1_000, metadata=_help("connections that are open at a time"))
    connection_client: int = field(default=50, metadata=_help("connections of one client that are open at a time"))

    def __post_init__(self) -> None:
        _check_ranges(self)
        _check_origins(self)
        for name in ("rate_client", "rate_network", "rate_total"):
            _check(_is_rate(getattr(self, name)), name, getattr(self, name), "a limit such as 30/minute;300/hour")
        _check_rates(self)
        _check_token(self)
        for name in ("trusted_proxies", "shared_addresses"):
            for network in getattr(self, name):
                _check(_is_network(network), name, network, "a network such as 10.0.0.0/8 or 127.0.0.1")

    @classmethod
    def read(cls, environment: Mapping[str, str], flags: Mapping[str, str | None] | None = None) -> "Settings":
        """Read the settings that were given; the others keep their default.

        Raises:
            SettingsError: a name is not known, or a value cannot be used.
        """
        kinds = {found.name: found.type for found in fields(cls)}
        given = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if _ours(name)}
        for name in given:
            _check_name(name, kinds)
        given |= {name: value for name, value in (flags or {}).items() if value is not None}
        return cls(**{name: _READERS[kinds[name]](name, value) for name, value in given.items()})  # type: ignore[arg-type]  # each reader gives the type of its field


def _ours(name: str) -> bool:
    return name.startswith(PREFIX)


def _check(good: object, name: str, found: object, right: str) -> None:
    if not good:
        raise SettingsError(f"{name} is '{found}'; give {right}")


def _check_name(name: str, known: Iterable[str]) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else f"; known are {', '.join(known)}"
    raise SettingsError(f"{PREFIX}{name.upper()} is no setting{hint}")


def _check_ranges(settings: Settings) -> None:
    _check(0 <= settings.port <= 65_535, "port", settings.port, "a number from 0 to 65535")
    _check(settings.body_limit >= 1_024, "body_limit", settings.body_limit, "1024 or more: a question must fit")
    for name in ("header_seconds", "body_seconds", "reply_seconds"):
        _check(getattr(settings, name) > 0, name, getattr(settings, name), "more than 0")
    for name in ("connection_limit", "connection_client"):
        _check(getattr(settings, name) > 0, name, getattr(settings, name), "1 or more")
    storage = urlsplit(settings.rate_storage).scheme
    _check(storage in ("memory", "redis", "rediss"), "rate_storage", settings.rate_storage, "memory:// or redis://HOST")
    if settings.public_url:
        _check(
            _is_url(settings.public_url), "public_url", settings.public_url, "an address such as https://faq.example"
        )


def _check_rates(settings: Settings) -> None:
    """Refuse a limit for networks that a single client would meet first: its own would mean nothing."""
    network = _read_rate(settings.rate_network)
    for unit, amount in _read_rate(settings.rate_client).items():
        right = f"{2 * amount}/{unit} or more: rate_client is {amount}/{unit}, and a /56 has half of a network"
        _check(network.get(unit, 2 * amount) >= 2 * amount, "rate_network", settings.rate_network, right)


def _check_token(settings: Settings) -> None:
    """Refuse the channel that keeps contexts by name without a secret; no message says what was found."""
    token = settings.rasa_token
    if token and not settings.rasa:
        raise SettingsError("rasa_token is given and rasa is off; turn it on with rasa: yes, or leave the token out")
    if settings.rasa and not (len(token) >= 16 and token.isascii() and token.isprintable() and " " not in token):
        raise SettingsError(
            "rasa is on, and without a secret anyone could read what others were told; "
            "give rasa_token 16 or more letters, digits and signs, without a space"
        )


def _check_origins(settings: Settings) -> None:
    for origin in settings.allowed_origins:
        _check(
            origin == "*" or _is_origin(origin), "allowed_origins", origin, "an origin such as https://clinic.example"
        )
    if "*" in settings.allowed_origins and settings.allow_credentials:
        raise SettingsError(
            "allowed_origins is '*' and allow_credentials is on: any site could act for a visitor; name the sites"
        )


def read_origin(url: str) -> str:
    """Give the origin of an address as a browser writes it: no path, no capitals, no default port; "" for none."""
    found = urlsplit(url)
    default = {"http": ":80", "https": ":443"}.get(found.scheme, "")
    return f"{found.scheme}://{found.netloc.lower().removesuffix(default)}" if found.netloc else ""


def _is_url(text: str) -> bool:
    url = urlsplit(text)
    return url.scheme in ("http", "https") and bool(url.hostname) and not url.query and not url.fragment


def _is_origin(text: str) -> bool:
    """Hold an origin to how a browser writes it, letter by letter."""
    return _is_url(text) and text == read_origin(text)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_rate(text: str) -> bool:
    return all(re.fullmatch(r"[1-9]\d{0,8}/(second|minute|hour|day)", part.strip()) for part in text.split(";"))


def _read_rate(text: str) -> dict[str, int]:
    """Read a limit that has been checked: how many, by unit."""
    pairs = (part.strip().split("/") for part in text.split(";"))
    return {unit: int(amount) for amount, unit in pairs}


def _read_number(kind: type[int] | type[float]) -> Callable[[str, str], int | float]:
    def read(name: str, text: str) -> int | float:
        try:
            return kind(text)
        except ValueError:
            raise SettingsError(f"{name} is '{text}'; give a number") from None

    return read


def _read_list(_name: str, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _read_switch(name: str, text: str) -> bool:
    _check(text in ("yes", "no"), name, text, "yes or no")
    return text == "yes"


_READERS: Mapping[object, Callable[[str, str], object]] = {
    str: lambda _name, text: text,
    int: _read_number(int),
    float: _read_number(float),
    bool: _read_switch,
    tuple[str, ...]: _read_list,
}
