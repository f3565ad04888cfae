"""Which questions get another reply than at a revision of git?"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SMALL, TESTS

from bot.authoring.diff import find_changes, list_questions
from bot.content.load import load_content
from bot.errors import BotError

ROOT = TESTS.parent
GIT = {
    **os.environ,
    **{f"GIT_{who}_{what}": "a@clinic.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, env=GIT)


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Give a clinic's folder inside a repository, committed."""
    folder = tmp_path / "ours" / "bot content"
    shutil.copytree(SMALL, folder)
    git(tmp_path / "ours", "init", "-q")
    git(tmp_path / "ours", "add", ".")
    git(tmp_path / "ours", "commit", "-qm", "the first content")
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "intents.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "--content", str(folder), "diff", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_what_was_not_changed_is_answered_as_before(clinic: Path):
    assert list(find_changes("HEAD", clinic, list_questions(load_content(clinic)))) == []


def test_a_phrasing_that_moves_is_told_with_both_replies(clinic: Path, tmp_path: Path):
    asked = tmp_path / "asked.txt"
    asked.write_text("do you take cash\n\nhow much does it cost\ndo you take cash\n")
    edit(clinic, "phrasings:\n", "phrasings:\n      - do you take cash\n")
    done = run("HEAD", "--questions", str(asked), folder=clinic)
    assert (done.returncode, done.stderr) == (0, "")
    first, then, now, last = done.stdout.splitlines()
    assert first == "do you take cash"
    assert then.startswith("  then: fallback")
    assert now.startswith("  now:  answer")
    assert last == "1 of 2 questions get another reply than at HEAD."


def test_each_title_is_asked_and_no_question_twice():
    content = load_content(SMALL)
    questions = list_questions(content)
    assert len(questions) == len(set(questions))
    assert {answer.title for answer in content.answers.values() if answer.section} <= set(questions)


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", ""])
def test_a_revision_that_there_is_not_is_named(clinic: Path, revision: str):
    with pytest.raises(BotError, match="git cannot give that revision"):
        list(find_changes(revision, clinic, ["how much"]))
    assert not (clinic / "x").exists()


def test_a_folder_outside_git_is_named(tmp_path: Path):
    shutil.copytree(SMALL, tmp_path / "loose")
    with pytest.raises(BotError, match="git cannot give that revision"):
        list(find_changes("HEAD", tmp_path / "loose", ["how much"]))


def test_content_that_was_broken_then_is_named(clinic: Path):
    edit(clinic, "clinic:", "klinik:")
    git(clinic, "commit", "-qam", "a slip")
    edit(clinic, "klinik:", "clinic:")
    with pytest.raises(BotError, match="cannot be asked"):
        list(find_changes("HEAD", clinic, ["how much"]))
