"""Does the widget pass its gates?"""

import pytest
from gates import GATES
from stage import Stage

NAMED = {
    "no_text_becomes_markup",
    "nothing_is_stored_and_nobody_else_is_called",
    "notice_stands_first",
    "contact_line_needs_nothing",
}
"""Gates that `test_widget.py` runs, under the id of the hazard that they hold against."""


@pytest.mark.parametrize("name", sorted(set(GATES) - NAMED))
def test_the_widget_passes(stage: Stage, name: str):
    GATES[name](stage, "")
