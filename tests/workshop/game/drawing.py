"""A truth of the tests' own, and photos that go with it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import piexif
from PIL import Image

from photoscan.geometry import Box
from photoscan.workshop.game.rounds import Album, Decoy, Leak, Round, read

WIDTH, HEIGHT = 1000, 600
MARGIN = 40
"""What the rules of points allow beside a place, in pixels of these photos."""


def leak(name: str, box: Box | None, certain: bool = True, by_people: bool = False) -> Leak:
    return Leak(name, None if by_people else "face", box, certain, by_people)


SIGN = Box(100, 100, 80, 40)
SMALL = Box(200, 105, 20, 20)
BLUR = Box(700, 400, 100, 100)
TRAP = Box(450, 300, 60, 60)
STREET = Round(
    "street",
    WIDTH,
    HEIGHT,
    (leak("sign", SIGN), leak("small", SMALL), leak("blur", BLUR, certain=False, by_people=True)),
    (Decoy("trap", TRAP),),
)
CAT = Round("cat", WIDTH, HEIGHT, (leak("place", None), leak("when", None)), ())
CALM = Round("calm", WIDTH, HEIGHT, (), (Decoy("trap", TRAP),))
ROUNDS = (STREET, CAT, CALM)


def truth() -> dict[str, Any]:
    return {
        "rounds": [
            {**one.told(), "leaks": [leak.told() for leak in one.leaks], "decoys": [d.told() for d in one.decoys]}
            for one in ROUNDS
        ],
        "story": [{"name": "monday", "width": WIDTH, "height": HEIGHT, "leaks": [], "decoys": []}],
    }


def photo(grey: int, size: tuple[int, int] = (WIDTH, HEIGHT), exif: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (grey, grey, grey)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def says() -> bytes:
    """EXIF with a place, the middle of Kuala Lumpur, and a preview."""
    gps = {
        piexif.GPSIFD.GPSLatitudeRef: b"N",
        piexif.GPSIFD.GPSLatitude: [(3, 1), (8, 1), (204, 10)],
        piexif.GPSIFD.GPSLongitudeRef: b"E",
        piexif.GPSIFD.GPSLongitude: [(101, 1), (41, 1), (132, 10)],
    }
    row = {"GPS": gps, "1st": {piexif.ImageIFD.Compression: 6}, "thumbnail": photo(200, (160, 120))}
    return bytes(piexif.dump(row))


def album(folder: Path) -> Album:
    (folder / "truth.json").write_text(json.dumps(truth()), "utf-8")
    for number, name in enumerate([*(one.name for one in ROUNDS), "monday"]):
        (folder / f"{name}.jpg").write_bytes(photo(60 + 40 * number, exif=says() if name == "cat" else b""))
    return read(folder)
