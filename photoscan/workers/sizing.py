"""How many photos this machine bears at a time, and what one of them needs: the one place that says so."""

from __future__ import annotations

from dataclasses import dataclass

from photoscan.options import Profile
from photoscan.workers.machine import Machine, machine

MEBIBYTE = 1024 * 1024
MOST = 64
"""Processes that nobody has asked for by a number."""
ORDINARY = 12_000_000
"""Pixels of a phone's photo: what a process is reckoned with where nobody knows the photos yet."""
CHEAP = 100
"""Photos of which only the files are looked at, for one more process: it takes as long to start as these take to look
at.
"""
SPARE = 0.9
"""Share of the free memory that is given out."""
_IDLE: dict[Profile, int] = {"fast": 560 * MEBIBYTE, "balanced": 700 * MEBIBYTE, "thorough": 840 * MEBIBYTE}
"""Bytes that a process has once it has looked at a small photo: code, networks, and what these keep."""
_PIXEL: dict[Profile, float] = {"fast": 5.0, "balanced": 12.0, "thorough": 24.0}
"""Bytes for each pixel of a photo, on top of that.

Both were measured as the largest resident memory of a process that looks at a photo of 2, 12, 24, 50 or 100 megapixels:
fast 552, 596, 641, 759, 861 MiB; balanced 737, 773, 927, 1177, 1774 MiB; thorough 864 and 883 MiB for the first two, so
that its figure for a pixel is a guess on the safe side.
"""


@dataclass(frozen=True, slots=True)
class Sized:
    """How many processes, and what kept them from being more: 'processors', 'quota', 'memory', 'photos', 'cheap'.

    `why` is 'asked' where somebody said how many. `room`: bytes that photos may need beside what each process takes,
    None for no bound.
    """

    count: int
    why: str
    room: int | None = None


def extra(pixels: int, size: int, profile: Profile) -> int:
    """Bytes that a photo takes beside what its process has, so many pixels and bytes of file."""
    return round(pixels * _PIXEL[profile]) + 2 * size


def sized(
    photos: int | None = None,
    profile: Profile = "balanced",
    *,
    asked: int | None = None,
    cheap: bool = False,
    pixels: int = ORDINARY,
    there: Machine | None = None,
) -> Sized:
    """How many processes for so many photos, None where nobody has counted them.

    `asked`: a number that somebody chose, which is taken as it is. `cheap`: only files are looked at, not pictures.
    `pixels`: of a photo that each process has to have room for. `there`: the machine, by default this one as it stands.
    """
    there = there or machine()
    one = _IDLE[profile] + extra(pixels, 0, profile)
    free = None if there.memory is None or cheap else int(there.memory * SPARE)
    bounds = [(there.processors, "quota" if there.rationed else "processors"), (MOST, "processors")]
    if free is not None:
        bounds.append((free // one, "memory"))
    if photos is not None:
        bounds.append((photos // CHEAP, "cheap") if cheap else (photos, "photos"))
    count, why = min(bounds, key=lambda bound: bound[0])
    if asked is not None:
        count, why = min(asked, asked if photos is None else photos), "asked"
    count = max(1, count)
    # What was asked for shall run, and one photo always may.
    room = None if free is None else max(free, count * one) - count * _IDLE[profile]
    return Sized(count, why, room)
