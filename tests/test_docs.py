"""Is what the documents say still so? They are executed or held against the code: none outlives what it tells."""

import contextlib
import importlib
import io
import os
import re
import shutil
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import TESTS

import bot
from bot import Bot
from bot.__main__ import COMMANDS, main
from bot.channels.chat import COMMANDS as IN_CHAT
from bot.channels.chat import Chat
from bot.channels.lines import answer_lines
from bot.channels.screen import Screen
from bot.content.load import load_content
from bot.index import build_index
from bot.match import find_match

ROOT = TESTS.parent
WEB = ROOT / "bot" / "channels" / "web"
README, CONTRIBUTING, CHANGELOG, SECURITY, EMBEDDING = PAGES = [
    ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/embedding.md")
]
FRONT_DOOR = {
    *("Answer", "Block", "Bot", "BotError", "ContentError", "Context"),
    *("ContextError", "Explanation", "Kind", "Part", "Policy", "Problem", "Reply"),
}
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot").rglob("*.py")))
TRANSCRIPT = re.compile(r"<!-- transcript: .*COLUMNS=(\d+).* -->\n```text\n(.*?)\n```", re.DOTALL)
ELSEWHERE = {"problems.txt", "out-of-scope-test.txt"}
"""In each folder of broken content; in the folders of data that a benchmark is given."""
PATH = re.compile(r"\.?[a-zA-Z][\w.-]*(/[\w.-]+)*(/|\.(py|md|yaml|toml|txt|js|json))|scripts/[\w-]+|\.ci/run")


def read(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def quoted(text: str) -> Iterator[str]:
    """Give what stands in backticks within a line."""
    without_blocks = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return (found.replace("\\|", "|") for found in re.findall(r"`([^`\n]+)`", without_blocks))


def show_help(capsys: pytest.CaptureFixture[str], *command: str) -> str:
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    return capsys.readouterr().out


class TestTheReadme:
    def test_its_example_prints_what_it_says(self):
        example = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[1]
        said = re.findall(r"^print\(.*\)  # (.*)$", example, re.MULTILINE)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(example, README, "exec"), {})  # noqa: S102 - our own words
        assert printed.getvalue().splitlines() == said

    def test_its_transcript_is_what_is_shown(self, shipped: Bot):
        """Retell it with WRITE_TRANSCRIPTS=1, and read it before it is committed."""
        text = README.read_text(encoding="utf-8")
        found = TRANSCRIPT.search(text)
        asked = re.findall("^> (.*)$", found[2], re.MULTILINE)
        shown = io.StringIO()
        answer_lines(Chat(shipped), asked, Screen(shown.write, lambda: int(found[1])))
        if os.environ.get("WRITE_TRANSCRIPTS"):
            README.write_text(text.replace(found[2], shown.getvalue().rstrip()))
        assert TRANSCRIPT.search(README.read_text(encoding="utf-8"))[2] == shown.getvalue().rstrip()

    def test_its_drawing_is_that_of_the_code(self):
        drawing = bot.__doc__.partition("\n\n")[2].rstrip()
        assert drawing in README.read_text(encoding="utf-8")

    def test_it_names_what_other_programs_may_rely_on(self):
        named = re.search(
            r"rely on these names, all from\s+`bot`: (.*?)\. ", README.read_text(encoding="utf-8"), re.DOTALL
        )[1]
        assert set(re.findall(r"`(\w+)`", named)) == FRONT_DOOR

    def test_an_option_is_one_of_a_command(self, capsys):
        known = "".join(show_help(capsys, *name) for name in [(), *((name,) for name in COMMANDS)])
        options = set(re.findall(r"--[a-z][a-z-]+", README.read_text(encoding="utf-8")))
        assert len(options) >= 5
        assert {option for option in options if not re.search(rf"{option}\b(?!-)", known)} == set()

    def test_a_command_is_one_of_the_program(self):
        commands = re.findall(
            r"^ *clinic-faq ([a-z]+)|`clinic-faq ([a-z]+)", README.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert {first or second for first, second in commands} <= set(COMMANDS)

    def test_the_tag_names_the_script_of_this_version(self):
        assert set(re.findall(r"clinic-faq-([\d.]+)\.js", read(README, EMBEDDING))) == {bot.__version__}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
class TestAnyPage:
    def test_a_file_or_folder_that_is_named_exists(self, page):
        """Files of the content and of the tests may be named without their folder, as their readers do."""
        places = (ROOT, page.parent, ROOT / "answers", TESTS, ROOT / "bot" / "channels" / "widget")
        named = {name for name in quoted(page.read_text(encoding="utf-8")) if PATH.fullmatch(name)}
        assert {name for name in named - ELSEWHERE if not any((place / name).exists() for place in places)} == set()

    def test_a_link_leads_to_a_file_or_a_heading(self, page):
        text = page.read_text(encoding="utf-8")
        links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
        headings = {
            f"#{re.sub('[^a-z -]', '', line.lower()).replace(' ', '-')}"
            for line in re.findall("^#+ (.*)$", text, re.MULTILINE)
        }
        assert [link for link in links if link not in headings and not (page.parent / link).exists()] == []

    def test_a_ref_is_that_of_an_answer(self, page, shipped: Bot):
        refs = set(re.findall(r"[`\s(](\w[\w-]*\.md#[\w-]+)", page.read_text(encoding="utf-8")))
        invented = {"costs.md#follow-up-visit", "a.md#x", "b.md#y"}
        assert refs - invented <= set(shipped.content.answers)

    def test_what_begins_with_a_slash_is_a_command_of_the_chat_or_a_path_of_the_server(self, page):
        paths = set(re.findall(r'"(/[\w./-]*)"[,:]', read(*WEB.glob("*.py"))))
        named = {
            word.split()[-1]
            for word in quoted(page.read_text(encoding="utf-8"))
            if re.fullmatch(r"((GET|POST) )?/[\w./-]*", word)
        }
        assert named <= paths | set(IN_CHAT)

    def test_a_variable_is_one_that_the_program_reads(self, page):
        named = re.findall(r"(?:CLINIC_FAQ|XDG|REDIS)_[A-Z_]+", page.read_text(encoding="utf-8"))
        own = {f"CLINIC_FAQ_WEB_{name}" for name in _settings()}
        assert {name for name in named if name not in CODE} - own == set()

    def test_a_target_of_make_is_one(self, page):
        targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        assert set(
            re.findall(r"^ {4}make ([a-z]+)|`make ([a-z]+)`", page.read_text(encoding="utf-8"), re.MULTILINE)
        ) <= {pair for name in targets for pair in ((name, ""), ("", name))}


class TestContributing:
    def test_a_name_stands_in_the_file_it_is_said_to_stand_in(self):
        named = re.findall(r"`(\w+)`(?: of `\w+`)? in `(bot/[\w/]+\.py)`", CONTRIBUTING.read_text(encoding="utf-8"))
        assert len(named) >= 5
        assert [(name, path) for name, path in named if not re.search(rf"\b{name}\b", read(ROOT / path))] == []

    def test_a_key_is_one_of_the_content(self):
        named = re.findall(r"`(\w+):` in `(\w+\.yaml)`", CONTRIBUTING.read_text(encoding="utf-8"))
        named += [
            (key, name)
            for name, key in re.findall(r"`(\w+\.yaml)`, `(\w+):`", CONTRIBUTING.read_text(encoding="utf-8"))
        ]
        assert len(named) >= 5
        assert [pair for pair in named if not re.search(rf"^{pair[0]}:", read(ROOT / pair[1]), re.MULTILINE)] == []

    def test_every_step_of_make_test_has_its_remedy(self):
        recipe = re.search(r"^test:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
        steps = re.findall(r"(?:\$\(BIN\)/|-@)(\S+(?: (?:format|check)\b)?)", recipe)
        assert len(steps) == len(recipe.splitlines())
        assert [step for step in steps if f"| `{step}` |" not in CONTRIBUTING.read_text(encoding="utf-8")] == []

    def test_a_word_of_the_glossary_is_a_word_of_the_code(self):
        words = re.findall(
            r"\*\*([a-z ]+)\*\*",
            CONTRIBUTING.read_text(encoding="utf-8").partition("## Words")[2].partition("\n## ")[0],
        )
        spoken = CODE.lower().replace("_", " ")
        assert len(words) >= 30
        assert [word for word in words if not re.search(rf"\b{word}", spoken)] == []


def test_the_changelog_has_a_place_for_this_version():
    assert f"## [{bot.__version__}]" in CHANGELOG.read_text(encoding="utf-8")


def test_the_front_door_is_exactly_this():
    assert set(bot.__all__) == FRONT_DOOR
    assert len(bot.__all__) == len(FRONT_DOOR)
    assert all(hasattr(bot, name) for name in bot.__all__)


def test_a_layer_is_a_file_and_a_file_has_a_layer():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layered = {contract["containers"][0]: contract["layers"] for contract in contracts if "containers" in contract}
    assert "bot" in layered
    for package, layers in layered.items():
        folder = ROOT.joinpath(*package.split("."))
        files = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
        assert {name for layer in layers for name in layer.split(" | ")} == files - {"__init__"}, package


def test_every_file_of_the_program_says_first_which_question_it_answers():
    paths = [path for path in (ROOT / "bot").rglob("*.py") if path != ROOT / "bot" / "__init__.py"]
    first = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").partition("\n")[0] for path in paths}
    assert {path: line for path, line in first.items() if not (line.startswith('"""') and "?" in line)} == {}


def _settings() -> set[str]:
    module = importlib.import_module("bot.channels.web.settings")
    return {name.upper() for name in module.Settings.__dataclass_fields__}


def test_the_answer_that_the_readme_adds_can_be_added_to_the_letter(tmp_path):
    """Its steps leave the content without a fault, with ways of asking enough, and its question finds the answer."""
    part = README.read_text(encoding="utf-8").partition("## Add an answer")[2].partition("\n## ")[0]
    blocks = [textwrap.dedent(block) for block in re.findall(r"```\w+\n(.*?)```", part, re.DOTALL)]
    answer, intent, asked = (block.strip("\n") for block in blocks)
    folder = tmp_path / "clinic"
    for name in ("answers", "safety"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "safety.yaml", folder)
    costs = folder / "answers" / "costs.md"
    costs.write_text(costs.read_text(encoding="utf-8") + f"\n{answer}\n", encoding="utf-8")
    intents = (ROOT / "intents.yaml").read_text(encoding="utf-8")
    added = textwrap.indent(intent, "  ")
    (folder / "intents.yaml").write_text(intents.replace("\nintents:\n", f"\nintents:\n{added}\n"), encoding="utf-8")
    content = load_content(folder)
    assert len(content.intents["follow-up-visit"].phrasings) >= 12
    near = [intent for intent in content.intents.values() if intent.topic == "cost"]
    index = build_index([(phrasing, intent.name) for intent in near for phrasing in intent.phrasings])
    for questions in yaml.safe_load(asked).values():
        assert [find_match(index.read(q), index).candidates[0].intent for q in questions] == ["follow-up-visit"]
