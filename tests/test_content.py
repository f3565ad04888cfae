"""Content is checked when it is read: every fault at once, each with its place and what would be right."""

import shutil
from pathlib import Path

import pytest
from conftest import SMALL, TESTS
from hypothesis import given
from hypothesis import strategies as st

from bot.content.load import load_content
from bot.content.templates import MOST, TemplateError, expand
from bot.errors import ContentError

BROKEN = sorted((TESTS / "content" / "broken").iterdir())


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_a_broken_file_gives_exactly_these_problems(case: Path, tmp_path: Path):
    """Each case holds only the files that are broken; the others are those of the small clinic."""
    folder = tmp_path / "clinic"
    shutil.copytree(SMALL, folder)
    for path in case.rglob("*"):
        if path.name == "without":
            (folder / path.read_text().strip()).unlink()
        elif path.is_file() and path.name != "problems.txt":
            shutil.copy(path, folder / path.relative_to(case))
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    said = str(caught.value).replace(str(folder), "FOLDER")
    assert said + "\n" == (case / "problems.txt").read_text()


def test_there_are_many_broken_cases():
    assert len(BROKEN) >= 30


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ContentError, match="there is no such folder; name one that holds intents.yaml"):
        load_content(tmp_path / "nowhere")


def test_a_phrasing_list_holds_the_title_and_every_expansion():
    cost = load_content(SMALL).intents["cost"]
    assert cost.phrasings == (
        "How much does it cost?",
        "what is the price",
        "so is it expensive",
        "so is it dear",
        "is it expensive",
        "is it dear",
    )


def test_a_detail_that_is_empty_takes_its_line_along():
    said = load_content(SMALL).answers["bot.md#handoff"].text
    assert said == "These people can help.\n\n- Rosewood Skin Clinic\n- Open: Monday to Friday, nine to five"


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path):
    folder = tmp_path / "clinic"
    shutil.copytree(SMALL, folder)
    for path in folder.rglob("*.*"):
        if path.is_file():
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_content(folder).answers == load_content(SMALL).answers


@pytest.mark.parametrize(
    ("template", "phrasings"),
    [
        ("plain words", ["plain words"]),
        ("[so] does it hurt", ["so does it hurt", "does it hurt"]),
        ("how (long|much) is it", ["how long is it", "how much is it"]),
        ("[is it [very]] dear", ["is it very dear", "is it dear", "dear"]),
        ("(a|[b] c) d", ["a d", "b c d", "c d"]),
        ("[a [b [c]]] d", ["a b c d", "a b d", "a d", "d"]),
    ],
)
def test_a_template_stands_for_these_phrasings(template: str, phrasings: list[str]):
    assert list(expand(template)) == phrasings


@pytest.mark.parametrize(
    "template",
    ["[" * 2000, "(" * 2000 + "a" + ")" * 2000, "[a" * 200 + "]" * 200, "(a|b)" * 90, "[" * 9],
)
def test_a_template_of_many_brackets_is_refused_in_words(template: str):
    with pytest.raises(TemplateError, match=r"write (it shorter|several phrasings instead|fewer alternatives)"):
        expand(template)


@given(st.text(alphabet="ab []()|", max_size=30))
def test_a_template_is_expanded_or_refused_in_words(template: str):
    try:
        phrasings = expand(template)
    except TemplateError as error:
        assert str(error)
        return
    assert 0 < len(phrasings) <= MOST
    assert not any(bracket in phrasing for phrasing in phrasings for bracket in "[]()|")
