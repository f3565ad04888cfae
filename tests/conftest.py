"""What the tests share: the small clinic that only they know, and the content that ships."""

from pathlib import Path

import pytest
from hypothesis import settings

from benchmarks.danger import make_readers
from bot import Bot

settings.register_profile("house", deadline=None)  # no test is about how long something takes
settings.load_profile("house")

TESTS = Path(__file__).parent
SMALL = TESTS / "content" / "small"


@pytest.fixture(scope="session")
def small() -> Bot:
    return Bot.load(SMALL)


@pytest.fixture(scope="session")
def shipped() -> Bot:
    return Bot.load()


@pytest.fixture(scope="session")
def readers(shipped: Bot) -> dict[str, Bot]:
    """Give what ships, as it reads with the encoder ("both") and without it ("words")."""
    return make_readers(shipped)


@pytest.fixture(scope="session")
def words(readers: dict[str, Bot]) -> Bot:
    """Give the bot that reads words alone: quick, and enough for what phrases do."""
    return readers["words"]
