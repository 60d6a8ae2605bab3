"""How much is tried: one number of examples for the whole suite, of which costly properties take a share, and rows of
tables that are more of the same.

`make test` tries the same each time, so that a failure is seen here and on every other machine alike; what is found by
chance is the business of `make test-thorough`, which draws ten times as many examples and others each time, and which
alone runs what is marked `thorough`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

DEFAULT, THOROUGH = 200, 2000
ENVIRONMENT = "PHOTOSCAN_TESTS"
"""The variable that names a profile."""


def thorough() -> bool:
    """Whether this is a thorough run."""
    return os.environ.get(ENVIRONMENT) == "thorough"


def sample(rows: Iterable[Any], every: Iterable[Any]) -> list[Any]:
    """The rows of a parametrised table of which `rows` are tried always, the others in a thorough run only.

    For costly rows that are more of the same: those that stay have to hold the same property.
    """
    chosen, table = list(rows), list(every)
    unknown = [row for row in chosen if row not in table]
    if unknown or not chosen:
        raise ValueError(f"no rows of the table: {unknown}")
    return [row if row in chosen else _more(row) for row in table]


def _more(row: Any) -> Any:
    values = row if isinstance(row, tuple) else (row,)
    return pytest.param(*values, marks=pytest.mark.thorough)


def register() -> None:
    """Let hypothesis know both profiles, and take the one that PHOTOSCAN_TESTS names ("default" where none is)."""
    # No test is measured by the clock: a busy machine is no fault.
    settings.register_profile(
        "default",
        max_examples=DEFAULT,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.register_profile(
        "thorough",
        max_examples=THOROUGH,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile(os.environ.get(ENVIRONMENT, "default"))


def share(part: float) -> settings:
    """Settings for a costly property: that part of the profile's examples, such as 0.25 for 50 or 500."""
    return settings(max_examples=max(1, round(settings.default.max_examples * part)))
