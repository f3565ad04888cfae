"""Is a kind of reply, or a part of one, that nobody handles yet found by the types?"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import TESTS

ROOT = TESTS.parent


def test_a_new_kind_or_part_is_an_error_of_types_in_each_place_that_must_handle_it(tmp_path: Path):
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__", "*.onnx", "widget"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, last in (("decide.py", '    SMALL_TALK = "small_talk"\n'), ("reply.py", '    NOTICE = "notice"\n')):
        path = tmp_path / "bot" / name
        text = path.read_text(encoding="utf-8")
        assert last in text
        path.write_text(text.replace(last, f'{last}    NEW = "new"\n', 1), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "bot", "--cache-dir", str(ROOT / ".mypy_cache" / "copies")]
    found = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path).stdout
    unhandled = re.findall(
        r'^(\S+?):\d+: error: Argument 1 to "assert_never" has incompatible type "(.+?)"', found, re.MULTILINE
    )
    places = {(path, kind) for path, kind in unhandled}
    assert {("bot/decide.py", "Literal[Kind.NEW]"), ("bot/channels/chat.py", "Literal[Part.NEW]")} <= places
    assert ("bot/channels/web/api.py", "Literal[Part.NEW]") in places
