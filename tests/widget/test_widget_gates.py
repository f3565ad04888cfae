"""Does the widget pass its gates?"""

import pytest
from gates import GATES
from stage import Stage


@pytest.mark.parametrize("name", GATES)
def test_the_widget_passes(stage: Stage, name: str):
    GATES[name](stage, "")
