"""How many examples a property is tried with is said in one place, for all."""

from __future__ import annotations

import ast
import os
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import properties

TESTS = Path(__file__).parent


def test_no_test_says_a_number_of_its_own() -> None:
    own = set()
    for path in TESTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "max_examples" and isinstance(node.value, ast.Constant):
                own.add(path.relative_to(TESTS).as_posix())
    assert own == set()


def test_the_profile_is_in_force_and_a_share_is_a_part_of_it() -> None:
    thorough = os.environ.get(properties.ENVIRONMENT) == "thorough"
    whole = properties.THOROUGH if thorough else properties.DEFAULT
    tried = []

    @properties.share(0.1)
    @given(st.integers())
    def tenth(number: int) -> None:
        tried.append(number)

    tenth()
    assert len(tried) == whole / 10
    assert properties.share(0.00001).max_examples == 1
    assert settings.default is not None
    assert settings.default.max_examples == whole
    assert settings.default.derandomize is not thorough
