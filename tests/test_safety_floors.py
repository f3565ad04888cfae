"""How much is heard of what strangers say? At least as much as before, by writer and class; rows are only counted.

The messages of `tests/safety/blind/` were learned from by nobody. Whoever trains a better encoder sees in the summary
which floors can be raised; nothing turns red for it.
"""

import pytest
import yaml
from conftest import TESTS

from benchmarks.danger import BLIND, DANGER, DUE, READERS, Counts, count, figure, list_writers, room, write_floors
from bot import Bot
from bot.likeness import flatten

FLOORS = yaml.safe_load((TESTS / "safety" / "floors.yaml").read_text())
CASES = [
    (reader, writer, name)
    for reader, writers in FLOORS.items()
    for writer, classes in writers.items()
    for name in classes
]


@pytest.fixture(scope="module")
def counts(readers: dict[str, Bot]) -> dict[tuple[str, str], Counts]:
    return {(name, path.stem): count(path, bot) for name, bot in readers.items() for path in list_writers(BLIND)}


@pytest.mark.parametrize(("reader", "writer", "name"), CASES)
def test_as_much_is_heard_as_before(counts: dict[tuple[str, str], Counts], reader: str, writer: str, name: str):
    heard = counts[reader, writer][name]
    floor = dict(FLOORS[reader][writer][name])
    assert heard.total() == floor.pop("of")
    assert tuple(floor) == DUE.get(name, DANGER)
    found = {due: figure(due, heard) for due in floor}
    assert {due: found[due] for due, least in floor.items() if found[due] < least} == {}, floor
    if passed := {due: found[due] for due, least in floor.items() if found[due] > least + room(heard.total())}:
        pytest.xfail(f"raise the floor with `python -m benchmarks.danger --floors`: {floor} is passed by {passed}")


def test_every_class_of_every_writer_has_its_floors():
    written = {path.stem: set(yaml.safe_load(path.read_text())) for path in list_writers(BLIND)}
    assert len(written) >= 3
    for reader in READERS:
        assert {writer: set(floors) for writer, floors in FLOORS[reader].items()} == written


def test_a_floor_leaves_room_for_two_in_a_hundred_and_for_one(counts: dict[tuple[str, str], Counts]):
    assert [room(total) for total in (1, 49, 99, 100, 290)] == [1, 1, 1, 2, 5]
    classes = counts["both", list_writers(BLIND)[0].stem]
    told = yaml.safe_load("\n".join(write_floors({"both": {"one": classes}})))["both"]["one"]
    for name, heard in classes.items():
        for due, least in told[name].items():
            assert least == heard.total() if due == "of" else figure(due, heard) - least in (0, room(heard.total()))


def test_nothing_that_is_counted_was_learned(shipped: Bot):
    learned = {
        flatten(example.text) for example in (*shipped.content.safety.examples, *shipped.content.safety.held_out)
    }
    learned |= {flatten(phrasing) for intent in shipped.content.intents.values() for phrasing in intent.phrasings}
    learned |= {flatten(text) for phrasings in shipped.content.out_of_scope.values() for text in phrasings}
    for path in list_writers(BLIND):
        counted = [flatten(str(text)) for texts in yaml.safe_load(path.read_text()).values() for text in texts]
        assert sum(text in learned for text in counted) == 0, path.name
        assert len(set(counted)) == len(counted), path.name
