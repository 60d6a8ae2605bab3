"""Patterns of harmless values are compiled only for values that begin as they do: no match may be missed by that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.masking import harmless

PATTERNS = [pattern for group in harmless._groups() for pattern in group.patterns]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.written[:40])
@given(data=st.data())
def test_whatever_matches_begins_as_the_pattern_says(pattern: harmless._Pattern, data: st.DataObject) -> None:
    value = data.draw(st.from_regex(harmless._compiled(pattern.written), fullmatch=True))
    plain = harmless._plain(value)
    assert pattern.matches(plain) == (harmless._compiled(pattern.written).fullmatch(plain) is not None)


def test_most_patterns_are_not_compiled_for_a_camera_s_make() -> None:
    assert sum("Canon EOS 5D".casefold().startswith(pattern.heads) for pattern in PATTERNS) <= len(PATTERNS) // 3
