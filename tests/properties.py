"""How many examples a property is tried with: one number for the whole suite, of which costly properties take a share.

`make test` tries the same examples each time, so that a failure is seen here and on every other machine alike; what is
found by chance is the business of `make test-thorough`, which draws ten times as many and others each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

DEFAULT, THOROUGH = 200, 2000
ENVIRONMENT = "PHOTOSCAN_TESTS"
"""The variable that names a profile."""


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
