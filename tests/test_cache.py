"""A cache saves time and can do no harm: gone, torn, stale or forged, it is not used."""

import pickle
from pathlib import Path

import pytest
from conftest import SMALL

from bot import Bot
from bot.cache import load_or_build


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLINIC_FAQ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def _kept(folder: Path) -> list[Path]:
    return list(folder.glob("*.cache"))


def test_what_was_built_once_is_not_built_again():
    assert load_or_build("a" * 64, list, lambda: ["built"]) == ["built"]
    assert load_or_build("a" * 64, list, lambda: ["again"]) == ["built"]
    assert load_or_build("b" * 64, list, lambda: ["other"]) == ["other"]


def test_a_bot_from_the_cache_says_the_same():
    questions = ["how much is it", "wil i be redd", "hello", "remove a tattoo", "and how long?"]
    first = [Bot.load(SMALL).reply(question) for question in questions]
    assert [Bot.load(SMALL).reply(question) for question in questions] == first


@pytest.mark.parametrize("length", [0, 3, 4, 10, -1])
def test_a_torn_file_is_built_again(folder: Path, length: int):
    load_or_build("a" * 64, list, lambda: ["built"])
    (path,) = _kept(folder)
    path.write_bytes(path.read_bytes()[:length])
    assert load_or_build("a" * 64, list, lambda: ["again"]) == ["again"]


def test_a_forged_file_runs_nothing(folder: Path, tmp_path: Path):
    class Attack:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    load_or_build("a" * 64, list, lambda: [Attack()])
    assert len(_kept(folder)) == 1
    assert load_or_build("a" * 64, list, lambda: ["again"]) == ["again"]
    assert not (tmp_path / "ran").exists()


def test_a_value_of_another_kind_is_built_again():
    load_or_build("a" * 64, list, lambda: ["built"])
    assert load_or_build("a" * 64, tuple, lambda: ("again",)) == ("again",)


def test_a_place_that_cannot_be_written_to_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("CLINIC_FAQ_CACHE", str(tmp_path / "file" / "below"))
    assert load_or_build("a" * 64, list, lambda: ["built"]) == ["built"]


def test_only_a_few_are_kept(folder: Path):
    for number in range(9):
        load_or_build(f"{number}" * 64, list, lambda: ["built"])
    assert len(_kept(folder)) == 4


def test_pickle_itself_would_have_run_it(tmp_path: Path):
    """Say that the attack above is a real one."""

    class Attack:
        def __reduce__(self):
            return Path.touch, (tmp_path / "ran",)

    pickle.loads(pickle.dumps(Attack()))
    assert (tmp_path / "ran").exists()
