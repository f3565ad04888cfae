"""Is each visitor counted as one, and no network as many? Addresses, limits, and what counting costs."""

import asyncio
import ipaddress
import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse_many
from web_client import Site

from bot import Bot
from bot.channels.web.addresses import find_client, list_names, read_address, read_networks
from bot.channels.web.counts import Counts
from bot.channels.web.rates import Counter
from bot.channels.web.settings import Settings

PROXY = "10.0.0.1"
ONCE = Settings(rate_client="1/minute", trusted_proxies=("10.0.0.0/8",))


def ask_as(site: Site, *clients: str) -> list[int]:
    return [site.post("/api/reply", {"question": "x"}, client=client).status_code for client in clients]


def ask_through(site: Site, *forwarded: str, proxy: str = PROXY) -> list[int]:
    return [
        site.post("/api/reply", {"question": "x"}, headers={"x-forwarded-for": line}, client=proxy).status_code
        for line in forwarded
    ]


SAME = [
    ("192.0.2.1", "::ffff:192.0.2.1"),
    ("192.0.2.1", "64:ff9b::192.0.2.1"),
    ("192.0.2.1", "64:ff9b:1::192.0.2.1"),
    ("192.0.2.1", "64:ff9b:1:fffe::192.0.2.1"),
    ("192.0.2.1", "::ffff:0:192.0.2.1"),
    ("192.0.2.1", "2002:c000:0201::1"),
    ("2002:c000:0201::1", "2002:c000:0201:ffff::1"),
    ("192.0.2.45", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1"),
    ("fe80::1%eth0", "fe80::1%eth1"),
]
"""Two addresses of one visitor."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_hz40_one_visitor_does_not_pass_for_two(small: Bot, one: str, other: str):
    assert ask_as(Site(small, ONCE), one, other) == [200, 429]


APART = [
    ("::ffff:192.0.2.1", "::ffff:192.0.2.2"),
    ("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.2"),
    ("64:ff9b:1::192.0.2.1", "64:ff9b:1::192.0.2.2"),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:4136:e378:8000:63bf:3fff:fdd3"),
    ("2002:c000:0201::1", "2002:c000:0202::1"),
    ("2001:db8:1:2::1", "2001:db8:1:3::1"),
]
"""Addresses of two visitors."""


@pytest.mark.parametrize(("one", "other"), APART)
def test_hz39_two_visitors_do_not_pass_for_one(small: Bot, one: str, other: str):
    assert ask_as(Site(small, ONCE), one, other) == [200, 200]


WRITTEN = [
    "198.51.100.{}",
    "198.51.100.{}:443",
    '"198.51.100.{}:443"',
    "[2001:db8:{}::1]",
    "[2001:db8:{}::1]:443",
    '"[2001:db8:{}::1]:443"',
    "::ffff:198.51.100.{}",
    "[::ffff:198.51.100.{}]:443",
    "2001:db8:{}::1%eth0",
    "192.0.2.9 , 198.51.100.{}",
]
"""How proxies write an address."""


@pytest.mark.parametrize("written", WRITTEN)
def test_hz39_a_visitor_is_known_however_the_proxy_writes_the_address(small: Bot, written: str):
    site = Site(small, ONCE)
    assert ask_through(site, written.format(1), written.format(2), written.format(1)) == [200, 200, 429]


def test_hz39_a_proxy_is_known_when_it_connects_by_a_mapped_address(small: Bot):
    assert ask_through(Site(small, ONCE), "198.51.100.1", "198.51.100.2", proxy="::ffff:10.0.0.1") == [200, 200]


@pytest.mark.parametrize("written", ["2002:0a00:0001::1", "64:ff9b::10.0.0.1"])
def test_hz40_no_visitor_passes_for_a_proxy_by_an_address_within_an_address(small: Bot, written: str):
    assert ask_through(Site(small, ONCE), "198.51.100.1", "198.51.100.2", proxy=written) == [200, 429]


@pytest.mark.parametrize(
    "forwarded", ["", "unknown", "_hidden", "[2001:db8::1", "198.51.100.1:x", "198.51.100.1:", "198.51.100.1, [::1]x"]
)
def test_hz39_a_visitor_whom_the_proxy_does_not_name_is_written_down(small: Bot, forwarded: str):
    site = Site(small, ONCE)
    assert ask_through(site, forwarded) == [200]
    said = [line for line in site.lines() if line["event"] == "client_unknown"]
    assert [line["proxy"] for line in said] == ["10.0.0.0/24"]
    assert PROXY not in site.log.getvalue()
    assert "198.51" not in site.log.getvalue()


def test_a_visitor_whom_the_proxy_names_makes_no_line(small: Bot):
    site = Site(small, ONCE)
    ask_through(site, "198.51.100.1")
    assert [line["event"] for line in site.lines()] == ["request"]


# Networks


NETWORKS = [
    ("192.0.2.{}", "192.0.3.1"),
    ("::ffff:192.0.2.{}", "::ffff:192.0.3.1"),
    ("2001:db8:1:{}::1", "2001:db8:2::1"),
    ("2001:db8:1:{}00::1", "2001:db8:2::1"),
]
"""Addresses of one network, a client each, and one of another network."""


@pytest.mark.parametrize(("within", "elsewhere"), NETWORKS)
def test_hz39_one_network_does_not_use_up_what_all_have(small: Bot, within: str, elsewhere: str):
    site = Site(small, Settings(rate_client="2/minute", rate_network="8/minute", rate_total="12/minute"))
    statuses = ask_as(site, *(within.format(number) for number in range(10, 30)))
    assert 4 <= statuses.count(200) <= 8
    assert ask_as(site, elsewhere) == [200]


def test_hz39_one_customer_does_not_use_up_what_the_provider_s_network_has(small: Bot):
    site = Site(small, Settings(rate_client="2/minute", rate_network="8/minute"))
    customer = ask_as(site, *(f"2001:db8:1:10{number}::1" for number in range(10, 51)))  # 41 networks of one /56
    assert customer.count(200) == 4
    assert ask_as(site, "2001:db8:1:2001::1") == [200]


def test_a_network_of_the_clinic_s_own_is_not_limited(small: Bot):
    limits = Settings(rate_client="1/minute", rate_network="2/minute", shared_addresses=("192.0.2.0/28",))
    assert ask_as(Site(small, limits), *["::ffff:192.0.2.1"] * 3) == [200] * 3


# What counting costs


def count(counter: Counter, limit: str, *names: str) -> list[int]:
    async def hit() -> list[int]:
        return [await counter.hit(parse_many(limit), name) for name in names]

    return asyncio.run(hit())


def test_hz39_counting_many_clients_takes_no_more_memory_than_counting_few():
    counter = Counter("memory://", [].append)
    count(counter, "30/minute", "one")
    tracemalloc.start()
    count(counter, "30/minute", *(f"client {number}" for number in range(20_000)))
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 100_000


def test_hz40_a_client_cannot_make_its_own_count_forgotten():
    counter = Counter("memory://", [].append)
    assert count(counter, "2/hour", "one", "one") == [0, 0]
    count(counter, "2/hour", *(f"client {number}" for number in range(20_000)))
    assert count(counter, "2/hour", "one")[0] > 0


@given(st.lists(st.text(max_size=3), max_size=60))
def test_hz40_no_client_is_taken_to_have_asked_less_than_it_did(names: list[str]):
    counts = Counts(lambda: 0.0)
    limit = parse_many("3/minute")
    for number, name in enumerate(names):
        if names[:number].count(name) >= 3:
            assert counts.hit(limit, name) > 0
        else:
            counts.hit(limit, name)


def test_a_count_ends_with_its_window_and_each_limit_has_its_own():
    now = [1_000.0]
    counts = Counts(lambda: now[0])
    limits = parse_many("1/minute;2/hour")
    assert counts.hit(limits, "one") == 0
    now[0] += 15
    assert counts.hit(limits, "one") == 45
    now[0] += 45
    assert counts.hit(limits, "one") == 0
    now[0] += 60
    assert counts.hit(limits, "one") == 3_600 - 120
    now[0] += 3_480
    assert counts.hit(limits, "one") == 0


# Laws of reading addresses


ADDRESSES = st.ip_addresses().map(str)
V4 = st.ip_addresses(v=4)
V6 = st.ip_addresses(v=6)
PORTS = st.integers(1, 65_535)


@given(V4, PORTS)
def test_an_address_is_the_same_with_a_port_in_quotes_and_mapped(address: ipaddress.IPv4Address, port: int):
    for written in (f"{address}", f"{address}:{port}", f'"{address}:{port}"', f"::ffff:{address}", f" {address}\t"):
        assert read_address(written) == address


@given(V6, PORTS)
def test_an_ipv6_address_is_the_same_with_a_port_in_brackets_and_full(address: ipaddress.IPv6Address, port: int):
    expected = address.ipv4_mapped or address
    for written in (f"{address}", f"[{address}]", f"[{address}]:{port}", f'"[{address}]:{port}"', address.exploded):
        assert read_address(written) == expected


@given(st.text(max_size=60))
def test_any_text_is_read_as_an_address_or_as_none(text: str):
    found = read_address(text)
    assert found is None or read_address(str(found)) == found
    assert all(list_names(found))


@given(ADDRESSES)
def test_networks_hold_their_client_from_narrow_to_wide(text: str):
    networks = [ipaddress.ip_network(name) for name in list_names(read_address(text))]
    assert all(wide.supernet_of(narrow) for narrow, wide in itertools.pairwise(networks))


@given(V6)
def test_a_client_of_ipv6_is_its_network_of_64_bits_or_the_ipv4_that_it_carries(address: ipaddress.IPv6Address):
    name = list_names(read_address(str(address)))[0]
    carries = name.endswith("/32")
    assert carries or name == str(ipaddress.ip_network((address, 64), strict=False))


@given(st.lists(ADDRESSES, max_size=4), ADDRESSES)
def test_hz40_what_stands_left_of_the_visitor_s_own_address_counts_for_nothing(forged: list[str], true: str):
    line = ", ".join([*forged, true])
    scope = {"type": "http", "client": (PROXY, 1), "headers": [(b"x-forwarded-for", line.encode())]}
    proxies = read_networks([PROXY])
    if read_address(true) != read_address(PROXY):
        assert find_client(scope, proxies).address == read_address(true)
