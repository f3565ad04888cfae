"""Texts that a reader takes for the same are the same; what is shown cannot steer a terminal."""

import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.channels.screen
import bot.channels.terminal
import bot.content.clinic
import bot.content.intents
import bot.content.letters
import bot.content.templates
import bot.text
from bot.text import normalise, printable


@pytest.mark.parametrize(
    "module",
    [
        bot.text,
        bot.content.templates,
        bot.content.intents,
        bot.content.clinic,
        bot.content.letters,
        bot.channels.screen,
        bot.channels.terminal,
    ],
)
def test_the_examples_in_the_docstrings_run(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize(
    "typed",
    [
        "blisters",
        "BLISTERS",
        "bLiStErS",
        "bli\u200bsters",
        "bli\u00adsters",
        "\ufeffblisters",
        "ｂｌｉｓｔｅｒｓ",
        "𝓫𝓵𝓲𝓼𝓽𝓮𝓻𝓼",
        "ⓑⓛⓘⓢⓣⓔⓡⓢ",
        "bl\u0456st\u0435rs",
        "b l i s t e r s",
        "b-l-i-s-t-e-r-s",
        "b.l.i.s.t.e.r.s",
        "bli\u0301ste\u0308rs",
        "\x1b[1mblisters\x1b[0m",
        "\u00a0blisters\u3000",
        "b\u202elisters",
    ],
)
def test_a_disguised_word_is_seen_through(typed: str):
    assert normalise(typed) == "blisters"


@given(st.text())
def test_normalising_twice_is_once(text: str):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_what_is_printable_holds_nothing_that_steers(text: str):
    shown = printable(text)
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in shown if c != "\n")
    assert printable(shown) == shown


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z", "M"]), max_size=40))
def test_plain_text_is_printed_as_it_is(text: str):
    assert printable(text) == text
