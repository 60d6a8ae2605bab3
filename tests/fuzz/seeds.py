"""Small files, at least one of each container, with something in every corner that a reader knows."""

from __future__ import annotations

from photoscan import formats
from photoscan.formats import Format
from tests.metadata import containers as c
from tests.metadata.test_makernotes import NOTES
from tests.metadata.test_readers import PLAIN, TOLD


def _format(data: bytes) -> Format:
    found = formats.detect(data[: formats.HEAD])
    assert found is not None
    return found


_GPS = c.tiff([(0x010F, 2, "Senja")], gps=c.gps((6, 19, 1234), (99, 50, 3660)))
_RICH = c.jpeg(
    c.exif(_GPS),
    c.segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + c.xmp("<dc:creator><rdf:li>A</rdf:li></dc:creator>")),
    c.segment(0xE2, b"MPF\0" + c.tiff([(0xB000, 7, b"0100"), (0xB001, 4, 2), (0xB002, 7, bytes(32))])),
    c.segment(0xEC, b"Ducky\0\1\0\4\0\0\0\x3c\0\2\0\6\0\0\0\1\0a\0\0"),
    tail=c.jpeg(c.exif(_GPS)) + c.movie(c.full(b"mvhd", b"\xd0\0\0\0" + bytes(92))),
)  # fmt: skip

SEEDS: dict[str, tuple[Format, bytes]] = {
    **{name: (_format(row[0]), row[0]) for name, row in TOLD.items()},
    **{f"plain {name}": (_format(data), data) for name, data in PLAIN.items()},
    **{f"note of {name}": (Format.JPEG, data) for name, (data, _) in NOTES.items()},
    "rich JPEG": (Format.JPEG, _RICH),
}
"""Name to format and bytes."""
