"""A budget inside: how much work a photo may cost, whatever is in it, in units that are the same on every machine.

Whoever looks asks before work that grows with what a picture shows: `granted = budget.take(Share.LINES, wanted)`. It
is given as much as is left, looks first at what tells most, passes over the rest and says so (`leave_out`) where the
rest may hold something: the report names it then with the reason `budget`, beside all that was found. Nothing goes by
time: a slow machine gives the same answer as a fast one, only later. What ordinary photos need is within the limits.

Each page has one `Budget` (`Views.budget`), which finders are given by their caller. Of pages only so many are looked
at as `PAGE_PIXELS` holds. A new share takes a line in `Share` and in each row of `LIMITS`, and the words
`detector.<its value>` in `locales/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from photoscan.options import Profile


class Share(StrEnum):
    """What is counted. The values are the names of outcomes in a report."""

    LINES = "more_lines"
    """Columns of lettering that are read: pixels along lines that are 48 pixels high."""
    PLATES = "more_plates"
    """Places that are looked at close up, since a plate may be there."""
    CLOSE_UPS = "more_close_ups"
    """What is read at such places, in columns of lettering; the look for it in columns that cost as much."""
    CODES = "more_codes"
    """Machine-readable codes."""


class Limit(NamedTuple):
    """Units that a page may cost: so many, so many more for each million of its pixels, and at most so many."""

    least: int
    per_megapixel: int
    most: int


_MILLION = 1_000_000
LIMITS: Mapping[Profile, Mapping[Share, Limit]] = {
    "fast": {
        Share.LINES: Limit(40_000, 8_000, 300_000),
        Share.PLATES: Limit(8, 8, 16),
        Share.CLOSE_UPS: Limit(12_000, 1_000, 16_000),
        Share.CODES: Limit(100, 50, 200),
    },
    "balanced": {
        Share.LINES: Limit(80_000, 16_000, 600_000),
        Share.PLATES: Limit(16, 16, 32),
        Share.CLOSE_UPS: Limit(32_000, 4_000, 64_000),
        Share.CODES: Limit(200, 100, 400),
    },
    "thorough": {
        Share.LINES: Limit(500_000, 125_000, 5_000_000),
        Share.PLATES: Limit(64, 64, 128),
        Share.CLOSE_UPS: Limit(160_000, 20_000, 320_000),
        Share.CODES: Limit(1_000, 1_000, 4_000),
    },
}
"""By profile. A line of 60 letters takes some 1,500 columns: a page of 120 of them at 300 dots an inch (8.7 megapixels)
is read whole, and so is a telephone's screen full of small print (80 lines): text that is there is work that is needed,
and a page that was not read whole can't be cleaned. A place with its number takes some 1,000; most photos show no
plate's shape, those with most of them about ten, and few need 10,000 columns for them."""
PAGE_PIXELS: Mapping[Profile, int] = {"fast": 64 * _MILLION, "balanced": 64 * _MILLION, "thorough": 512 * _MILLION}
"""Pixels of all pages or frames of one file that are looked at, by profile; the first one is in any case."""
LEAST_SIDE = 8
"""Pixels of a picture's shorter side below which no face and no lettering can be made out in it. The networks take at
least 32 rows: a strip of a few costs many times what its pixels do."""


class Budget:
    """What is left to one page, and what had to be left out. `pixels`: of the page."""

    def __init__(self, profile: Profile = "balanced", pixels: int = 0) -> None:
        self._left = {
            share: min(limit.most, limit.least + limit.per_megapixel * pixels // _MILLION)
            for share, limit in LIMITS[profile].items()
        }
        self._cut: set[Share] = set()

    def left(self, share: Share) -> int:
        """How many units of a share are left."""
        return self._left[share]

    def take(self, share: Share, wanted: int) -> int:
        """Spend units of a share: as many as are wanted where so many are left, else all that are.

        ValueError below 0.
        """
        if wanted < 0:
            raise ValueError(f"{wanted} units of {share} can't be taken")
        granted = min(wanted, self._left[share])
        self._left[share] -= granted
        return granted

    def leave_out(self, share: Share) -> None:
        """Note that something was passed over that may hold something: the scan is incomplete then."""
        self._cut.add(share)

    @property
    def left_out(self) -> frozenset[Share]:
        """The shares in which something was passed over."""
        return frozenset(self._cut)
