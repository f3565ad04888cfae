"""Content is checked when it is read: every fault at once, each with its place and what would be right."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from conftest import SMALL, TESTS
from hypothesis import given
from hypothesis import strategies as st

from bot import Bot, Kind
from bot.authoring.check import summarise
from bot.content import Shares
from bot.content.examples import MOST_EXAMPLES, TIERS
from bot.content.files import MOST_A_FILE, MOST_FILES, MOST_IN_ALL
from bot.content.intents import MOST_PHRASINGS
from bot.content.letters import find_unseen
from bot.content.load import load_content
from bot.content.safety_rules import MOST_LENGTH, MOST_PHRASES
from bot.content.source import MOST_PROBLEMS
from bot.content.templates import MOST, TemplateError, expand
from bot.errors import ContentError
from bot.examples import NO_WORDS
from bot.likeness import Likeness
from bot.message import LONGEST
from bot.safety import build_safety

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
            (folder / path.relative_to(case)).parent.mkdir(exist_ok=True)
            shutil.copy(path, folder / path.relative_to(case))
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    said = str(caught.value).replace(str(folder), "FOLDER")
    assert said + "\n" == (case / "problems.txt").read_text()


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Give a copy of the small clinic, to be broken."""
    return shutil.copytree(SMALL, tmp_path / "clinic")


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(folder)
    return str(caught.value).split("\n")


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


class TestWhatHasNoEnd:
    """Each of these held the reader up for ever, took all memory, or ended the process without a word."""

    @pytest.mark.parametrize(
        "text",
        [
            "[" * 100_000,
            "{" * 100_000,
            "a: " + "[{a: " * 100_000,
            "- " * 100_000 + "a",
            "? " * 100_000,
            "[" * 2_000_000,
        ],
        ids=["lists", "tables", "both", "indented", "keys", "two million"],
    )
    @pytest.mark.parametrize("name", ["intents.yaml", "safety.yaml", "safety/today.yaml", "answers/costs.md"])
    def test_depth_is_refused_before_a_tree_is_made(self, clinic: Path, name: str, text: str) -> None:
        front = f"---\nsection: Costs\nx:\n {text}\n---\n" if name.endswith(".md") else f"x:\n {text}\n"
        (clinic / name).write_text(front)
        line = 4 if name.endswith(".md") else 2
        assert f"{name}:{line}: lists and tables stand more than 12 deep here; write it flatter" in problems_of(clinic)

    @pytest.mark.parametrize("times", [9, 2000])
    def test_an_alias_bomb_is_refused_where_it_stands(self, clinic: Path, times: int) -> None:
        rows = [f"- &a{i + 1} [{', '.join([f'*a{i}'] * times)}]\n" for i in range(30)]
        (clinic / "intents.yaml").write_text("- &a0 [x]\n" + "".join(rows))
        problems = problems_of(clinic)
        assert (
            "intents.yaml:31: '*a29' is an alias in YAML; write out what it stands for, or put the whole text in quotes"
            in problems
        )
        assert len(problems) == 61

    @pytest.mark.parametrize("name", ["intents.yaml", "safety.yaml", "safety/today.yaml", "answers/costs.md"])
    @pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices as POSIX has them")
    @pytest.mark.parametrize(
        "put",
        [put_pipe, lambda path: path.symlink_to("/dev/zero"), lambda path: path.symlink_to("/dev/tty")],
        ids=["pipe", "zeros", "terminal"],
    )
    def test_what_is_no_file_is_not_read(self, clinic: Path, name: str, put: Callable[[Path], None]) -> None:
        (clinic / name).unlink()
        put(clinic / name)
        (problem,) = (row for row in problems_of(clinic) if row.startswith(f"{name}: "))
        assert problem.endswith(("check what it is and who may read it", "put a file with text here"))

    @pytest.mark.skipif(sys.platform == "win32", reason="sockets as POSIX has them")
    def test_a_socket_is_not_read(self, clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(clinic)  # the name of a socket is short
        (clinic / "intents.yaml").unlink()
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("intents.yaml")
            assert "intents.yaml: the file cannot be read (No such device or address)" in problems_of(clinic)[0]

    def test_a_folder_called_like_an_answer_is_not_read(self, clinic: Path) -> None:
        (clinic / "answers" / "more.md").mkdir()
        assert problems_of(clinic) == [
            "answers/more.md: the file cannot be read (Is a directory); check what it is and who may read it"
        ]

    def test_a_link_to_a_file_is_read(self, clinic: Path, tmp_path: Path) -> None:
        """A clinic may mount its content as links to files that change."""
        (clinic / "intents.yaml").rename(tmp_path / "elsewhere.yaml")
        (clinic / "intents.yaml").symlink_to(tmp_path / "elsewhere.yaml")
        assert load_content(clinic) == load_content(SMALL)

    def test_a_file_has_a_most(self, clinic: Path) -> None:
        with (clinic / "intents.yaml").open("r+b") as file:
            file.truncate(10**12)  # a file with a hole: it takes no room on the disk
        assert problems_of(clinic) == [
            f"intents.yaml: the file has more than {MOST_A_FILE:,} bytes; take out what is too much"
        ]

    def test_all_files_have_a_most(self, clinic: Path) -> None:
        for number in range(5):
            (clinic / "answers" / f"more-{number}.md").write_text(" " * MOST_A_FILE)
        last = problems_of(clinic)[-1]
        assert last == (
            f"answers/more-3.md: with this file there are more than {MOST_IN_ALL:,} bytes in all; take some out"
        )

    def test_answers_have_a_most(self, clinic: Path) -> None:
        for number in range(MOST_FILES):
            (clinic / "answers" / f"more-{number}.md").touch()
        assert f"there are more than {MOST_FILES} files; put answers together" in problems_of(clinic)[0]

    def test_phrasings_have_a_most(self, clinic: Path) -> None:
        rows = (
            f"    - (w{number}a|w{number}b) (c|d) (e|f) (g|h) (i|j) (k|l)\n"
            for number in range(MOST_PHRASINGS // 64 + 1)
        )
        add(clinic / "intents.yaml", "  many:\n" + "".join(rows))
        assert f"there are more than {MOST_PHRASINGS:,} phrasings; write fewer alternatives" in problems_of(clinic)[-1]

    def test_problems_have_a_most(self, clinic: Path) -> None:
        (clinic / "intents.yaml").write_text("".join(f"unknown-{number}: x\n" for number in range(10_000)))
        problems = problems_of(clinic)
        assert len(problems) == MOST_PROBLEMS + 1
        assert any("no more are looked for; mend some first" in problem for problem in problems)

    def test_a_message_has_a_most(self, clinic: Path) -> None:
        add(clinic / "intents.yaml", "? " + "x" * 1_000_000 + "\n: y\n")
        (problem,) = problems_of(clinic)
        assert len(problem) < 500
        assert problem.endswith("take it out")

    def test_spaces_in_a_heading_are_not_weighed_against_each_other(self, clinic: Path) -> None:
        add(clinic / "answers" / "costs.md", "\n## a" + " " * 1_000_000 + "b\n\nText.\n")
        assert problems_of(clinic) == ["answers/costs.md:16: a heading has 1,000,005 characters; 200 are the most"]

    def test_a_detail_is_not_multiplied(self, clinic: Path) -> None:
        text = (clinic / "intents.yaml").read_text()
        (clinic / "intents.yaml").write_text(text.replace('phone: ""', "phone: " + "x" * 1_000_000))
        add(clinic / "answers" / "bot.md", "\n{phone}" * 100_000)
        assert any("clinic: phone has 1,000,000 characters; 300 are the most" in row for row in problems_of(clinic))

    def test_sentences_have_a_most(self, clinic: Path) -> None:
        rows = "".join(f"  - it hurts {number:x} times\n" for number in range(MOST_EXAMPLES))
        (clinic / "safety" / "ordinary.yaml").write_text(f"many:\n{rows}")
        problem = f"there are more than {MOST_EXAMPLES:,} sentences; take some out"
        assert problems_of(clinic) == [f"safety/ordinary.yaml:{MOST_EXAMPLES - 5}: {problem}"]

    def test_phrases_have_a_most(self, clinic: Path) -> None:
        text = (clinic / "safety.yaml").read_text()
        many = ", ".join(f"blister {number:x}" for number in range(MOST_PHRASES))
        (clinic / "safety.yaml").write_text(text.replace("blister, ", f"{many}, "))
        assert f"there are more than {MOST_PHRASES:,} phrases; write what they share" in problems_of(clinic)[-1]


class TestWhatDangerIsHeardBy:
    """A clinic may write no sentences, or some: what it wrote is heard, and `check` says what is not."""

    def test_phrases_alone_are_heard_without_the_folder(self, clinic: Path) -> None:
        shutil.rmtree(clinic / "safety")
        bot = Bot.load(clinic)
        assert bot.reply("my cheek has blisters").kind is Kind.URGENT
        assert bot.reply("it came up in bubbles").kind is not Kind.URGENT
        assert bot.reply("how much does it cost").kind is Kind.ANSWER
        assert "by the 8 phrases of safety.yaml alone: safety/ holds no example of danger." in summarise(bot.content)

    def test_a_sentence_is_heard_word_for_word_where_nothing_is_held_out(self, small: Bot) -> None:
        assert small.reply("It came up in bubbles!").kind is Kind.URGENT
        assert small.reply("it came up in boxes").kind is not Kind.URGENT
        assert (
            "alone, and the 9 sentences of safety/ word for word: safety/held_out.yaml holds no ordinary"
            in summarise(small.content)
        )

    @pytest.mark.parametrize("tier", TIERS)
    def test_the_sentences_of_a_tier_may_be_missing(self, clinic: Path, tier: str) -> None:
        hold_out(clinic)
        (clinic / "safety" / f"{tier}.yaml").unlink()
        bot = Bot.load(clinic)
        assert bot.reply("my cheek has blisters").kind is Kind.URGENT
        assert summarise(bot.content).endswith(f" sentences of safety/; it holds none of {tier}.")

    def test_likeness_is_told_where_ordinary_sentences_are_held_out(self, clinic: Path) -> None:
        hold_out(clinic)
        content = load_content(clinic)
        assert content.safety.find_lack() == ""
        assert summarise(content).endswith("by likeness to the 9 sentences of safety/.")

    def test_shares_may_be_left_to_the_program_where_nothing_is_held_out(self, clinic: Path) -> None:
        text = (clinic / "safety.yaml").read_text()
        (clinic / "safety.yaml").write_text(text[: text.index("max_length:")] + text[text.index("signs:") :])
        assert load_content(clinic).safety.shares == Shares()

    def test_words_alone_have_the_same_shares_where_none_are_declared(self, clinic: Path) -> None:
        text = (clinic / "safety.yaml").read_text()
        (clinic / "safety.yaml").write_text(text.replace("  words_alone: {", "  # {"))
        rules = load_content(clinic).safety
        assert rules.words_alone == rules.shares == Shares(0.02, 0.08, 0.01)

    @pytest.mark.parametrize(("encoder", "share"), [(None, 0.06), (object(), 0.02)])
    def test_the_shares_are_those_of_what_reads(self, clinic: Path, encoder: object, share: float) -> None:
        hold_out(clinic)
        rules = load_content(clinic).safety
        likeness = Likeness(NO_WORDS, {}, frozenset(), encoder, None, {}, {})
        assert build_safety(rules, likeness).shares.alarm == share

    def test_a_file_in_place_of_the_folder_is_a_problem(self, clinic: Path) -> None:
        shutil.rmtree(clinic / "safety")
        (clinic / "safety").write_text("blisters:\n  - it came up in bubbles\n")
        assert problems_of(clinic) == ["safety: this is no folder; put the files with sentences in one"]

    def test_a_link_that_leads_nowhere_is_a_problem_and_no_missing_file(self, clinic: Path) -> None:
        (clinic / "safety" / "today.yaml").unlink()
        (clinic / "safety" / "today.yaml").symlink_to("nowhere.yaml")
        assert problems_of(clinic) == [
            f"safety/today.yaml: the file is not there; the folder {clinic} must hold it",
        ]

    @pytest.mark.parametrize("name", [".#today.yaml", "today.yaml~", "README.md"])
    def test_what_stands_beside_the_sentences_is_passed_over(self, clinic: Path, name: str) -> None:
        (clinic / "safety" / name).write_text("- [")
        assert load_content(clinic) == load_content(SMALL)

    def test_what_is_ordinary_may_be_anything_that_is_typed(self, clinic: Path) -> None:
        add(clinic / "safety" / "ordinary.yaml", '  - 2400\n  - no\n  - "👍"\n')
        assert [example.text for example in load_content(clinic).safety.examples][-3:] == ["2400", "no", "👍"]

    def test_no_message_may_be_longer_than_is_read(self) -> None:
        assert MOST_LENGTH == LONGEST


def hold_out(clinic: Path) -> None:
    rows = "".join(f"  - are you open in week {number} and the one after\n" for number in range(100))
    (clinic / "safety" / "held_out.yaml").write_text(f"ordinary:\n{rows}")


@given(st.data())
def test_whatever_stands_in_a_file_it_is_read_or_refused(data: st.DataObject) -> None:
    """Pieces that mean something to YAML or to Markdown are put anywhere."""
    odd = st.sampled_from(
        ["[", "{", "- ", "&a ", "*a ", "!x ", "---\n", "%YAML 9\n", "<<: ", "? ", ": ", "| ", "#", '"', "\t"]
    )
    with TemporaryDirectory() as place:
        clinic = shutil.copytree(SMALL, Path(place) / "clinic")
        path = clinic / data.draw(
            st.sampled_from(["intents.yaml", "safety.yaml", "safety/today.yaml", "answers/costs.md", "answers/bot.md"])
        )
        text = path.read_text()
        for piece in data.draw(st.lists(odd | st.text(max_size=3), min_size=1, max_size=4)):
            at = data.draw(st.integers(0, len(text)))
            text = text[:at] + piece + text[at:]
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        with suppress(ContentError):
            load_content(clinic)


class TestNames:
    """A file's name is shown in messages, and is part of a ref."""

    def test_with_a_character_that_is_not_seen_is_a_problem(self, clinic: Path) -> None:
        (clinic / "answers" / "costs.md").rename(clinic / "answers" / "co\u202ests.md")
        message = "the name of the file holds an invisible character (U+202E RIGHT-TO-LEFT OVERRIDE); rename it"
        assert f"answers/co\u202ests.md: {message}" in problems_of(clinic)

    def test_over_two_lines_does_not_forge_a_problem(self, clinic: Path) -> None:
        (clinic / "answers" / "a\nsafety.yaml:1: all is well.md").touch()
        assert all(row.startswith("answers/a\\nsafety.yaml:1: all is well.md:") for row in problems_of(clinic))

    def test_that_is_not_utf8_is_a_problem(self, clinic: Path) -> None:
        (clinic / "answers" / os.fsdecode(b"co\xffsts.md")).touch()
        assert "the name of the file holds an invisible character (U+DCFF); rename it" in problems_of(clinic)[0]

    @pytest.mark.parametrize("name", ["._costs.md", ".#costs.md"])
    def test_of_what_an_editor_hides_is_passed_over(self, clinic: Path, name: str) -> None:
        (clinic / "answers" / name).write_bytes(b"\x00\x05\x16\x07")
        assert load_content(clinic) == load_content(SMALL)


@pytest.mark.parametrize(
    "text",
    [
        "caf\u00e9",
        "a\u00a0b",
        "\U0001f469\U0001f3ff\u200d\U0001f527",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "a\tb",
    ],
)
def test_what_a_reader_sees_may_stand_in_an_answer(clinic: Path, text: str) -> None:
    add(clinic / "answers" / "costs.md", f"\nIt is {text}.\n")
    assert text in load_content(clinic).answers["costs.md#area"].text


@given(
    st.text(alphabet=st.characters(categories=["Cc", "Cf", "Co", "Zl", "Zp"], exclude_characters="\t\n\r"), min_size=1)
)
def test_hz31_what_a_reader_does_not_see_is_found(text: str) -> None:
    assert find_unseen(f"a{text}b")


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
