"""The rounds: drawn photos, and what in them gives something away (`fixtures/rounds/` draws them)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from photoscan import shipped
from photoscan.geometry import Box

FOLDER = shipped.HOME / "workshop" / "rounds"


@dataclass(frozen=True, slots=True)
class Leak:
    """One thing that a photo gives away.

    `box`: where, in pixels of the photo; None where the file says it. `certain`: whether an honest reader can be sure.
    `by_people`: the program does not see it. `kind`: what the program calls it, None where it has no name for it.
    """

    name: str
    kind: str | None
    box: Box | None
    certain: bool
    by_people: bool

    def told(self) -> dict[str, Any]:
        """Plain data, as in truth.json."""
        return {
            "name": self.name,
            "kind": self.kind,
            "box": self.box.as_list() if self.box else None,
            "certain": self.certain,
            "seen": "people" if self.by_people else "program",
        }


@dataclass(frozen=True, slots=True)
class Decoy:
    """What looks as if it gave something away, and does not."""

    name: str
    box: Box

    def told(self) -> dict[str, Any]:
        """Plain data, as in truth.json."""
        return {"name": self.name, "box": self.box.as_list()}


@dataclass(frozen=True, slots=True)
class Round:
    """A photo of `width` x `height` pixels and all that is in it."""

    name: str
    width: int
    height: int
    leaks: tuple[Leak, ...]
    decoys: tuple[Decoy, ...]

    @property
    def long_side(self) -> int:
        """The longer one, in pixels."""
        return max(self.width, self.height)

    def told(self) -> dict[str, Any]:
        """What everybody may know before the answer is shown."""
        return {"name": self.name, "width": self.width, "height": self.height}


def parse(row: Mapping[str, Any]) -> Round:
    """A round as truth.json has it. Raises KeyError, TypeError or ValueError for what is none."""
    return Round(
        row["name"],
        int(row["width"]),
        int(row["height"]),
        tuple(
            Leak(
                leak["name"],
                leak["kind"],
                None if leak["box"] is None else Box(*leak["box"]),
                bool(leak["certain"]),
                {"people": True, "program": False}[leak["seen"]],
            )
            for leak in row["leaks"]
        ),
        tuple(Decoy(decoy["name"], Box(*decoy["box"])) for decoy in row["decoys"]),
    )


@dataclass(frozen=True, slots=True)
class Album:
    """All photos that come with the game, in their order: of the rounds, and of the story."""

    folder: Path
    rounds: tuple[Round, ...]
    story: tuple[Round, ...]

    def named(self, names: list[str]) -> tuple[Round, ...]:
        """The rounds of those names, in this order. KeyError for a name that is none."""
        known = {one.name: one for one in self.rounds}
        return tuple(known[name] for name in names)

    def picture(self, name: str) -> bytes | None:
        """The JPEG file of a round or of a day of the story; None for a name that is none."""
        if name not in {one.name for one in (*self.rounds, *self.story)}:
            return None
        return (self.folder / f"{name}.jpg").read_bytes()


def read(folder: Path) -> Album:
    """The photos of a folder. Raises OSError where there is none, ValueError or KeyError where its truth is broken."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    return Album(folder, tuple(map(parse, truth["rounds"])), tuple(map(parse, truth["story"])))


@cache
def album() -> Album:
    """The photos that come with the package."""
    return read(FOLDER)
