"""Small files, at least one of each container, with something in every corner that a reader knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from photoscan import formats
from photoscan.formats import Format
from tests.cleaning import samples, several
from tests.cleaning.test_containers import LEAKY
from tests.metadata import containers as c
from tests.metadata.film_ways import WAYS
from tests.metadata.test_makernotes import NOTES
from tests.metadata.test_readers import PLAIN, TOLD
from tests.properties import thorough


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

_SMALL = samples.coded("JPEG", samples.small())

_FILMS = ("apple keys", "gopro", "sony timed", "sony document", "itunes", "message", "no file type", "ahead")

SEEDS: dict[str, tuple[Format, bytes]] = {
    **{name: (_format(row[0]), row[0]) for name, row in TOLD.items()},
    **{f"plain {name}": (_format(data), data) for name, data in PLAIN.items()},
    **{f"note of {name}": (Format.JPEG, data) for name, (data, _) in NOTES.items()},
    "rich JPEG": (Format.JPEG, _RICH),
    **{f"coded {name}": (_format(data), data) for name, data in LEAKY.items() if len(data) < 4000},
    "coded JPEG XL": (Format.JXL, samples.jxl()),
    **{f"TIFF: {name}": (Format.TIFF, data) for name, data in several.ORDINARY.items() if len(data) < 4000},
    **{f"film: {name}": (_format(WAYS[name][0]), WAYS[name][0]) for name in _FILMS},
    "NEF": (Format.TIFF, several.RAW["NEF, big-endian"]),
    "Ultra HDR": (Format.JPEG, several.ultra_hdr(_SMALL, _SMALL)),
    "stereo": (Format.JPEG, several.mpo((several.FIRST, _SMALL), (several.STEREO, _SMALL))),
    "tone mapped HEIC": (Format.HEIC, several.heic("picture", tone_mapped=several.ISO_MAP, grouped=b"ster")),
}
"""Name to format and bytes."""

LENGTHS = 150 if thorough() else 40
"""At so many lengths each file is cut."""


def damaged() -> st.SearchStrategy[list[tuple[int, int, bytes]]]:
    """Up to four cuts: where, how many bytes go, what comes instead."""
    return st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 8), st.binary(max_size=6)), max_size=4)


def cut(data: bytes, cuts: Sequence[tuple[int, int, bytes]]) -> bytes:
    """The file with that damage; places count modulo its length."""
    for at, gone, patch in cuts:
        at %= len(data) + 1
        data = data[:at] + patch + data[at + gone :]
    return data


def write_seeds(folder: Path, formats_: Sequence[Format]) -> None:
    """Put the seeds of these formats where a fuzzer begins: the first byte tells the format."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (format_, data) in enumerate(SEEDS.values()):
        if format_ in formats_:
            (folder / f"seed{number:03}").write_bytes(bytes((formats_.index(format_),)) + data)
