"""Films made byte by byte (ISO 14496-12): tracks with their samples, and whatever is to lie beside them."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from tests.metadata.containers import box, full

IDENTITY = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
QUARTER = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 64 << 16, 0, 1 << 30)
"""A quarter turn to the right."""
AVCC = bytes((1, 66, 0, 10, 0xFF, 0xE1, 0, 4, 0x67, 66, 0, 10, 1, 0, 3, 0x68, 0xCE, 0x3C))


def picture_entry(coding: bytes = b"avc1", inside: bytes = b"", name: bytes = b"") -> bytes:
    """A visual sample entry of 64 x 48 pixels."""
    head = bytes(6) + b"\0\1" + bytes(16) + struct.pack(">HHIIIH", 64, 48, 0x480000, 0x480000, 0, 1)
    return box(coding, head + (bytes((len(name),)) + name).ljust(32, b"\0") + b"\0\x18\xff\xff" + inside)


def sound_entry(coding: bytes = b"mp4a", inside: bytes = b"") -> bytes:
    """A sound sample entry: two channels of 16 bits."""
    return box(coding, bytes(6) + b"\0\1" + bytes(8) + struct.pack(">HHHHI", 2, 16, 0, 0, 48000 << 16) + inside)


def esds() -> bytes:
    """An AAC decoder's configuration."""
    own = b"\x05\x02\x11\x90"
    decoder = b"\x04" + bytes((13 + len(own),)) + b"\x40\x15" + bytes(11) + own
    return full(b"esds", b"\x03" + bytes((3 + len(decoder) + 3,)) + b"\0\1\0" + decoder + b"\x06\1\2")


@dataclass
class Track:
    """One track. `tail`: further boxes of `trak`; `tables`: of `stbl`; `matrix`: how it is turned."""

    handler: bytes = b"vide"
    entry: bytes = field(default_factory=lambda: picture_entry(inside=box(b"avcC", AVCC)))
    samples: tuple[bytes, ...] = (b"\0\0\0\4\x65abc", b"\0\0\0\3\x41de")
    enabled: bool = True
    tail: bytes = b""
    tables: bytes = b""
    matrix: bytes = IDENTITY
    name: bytes = b""
    clock: int = 0
    language: int = 0x55C4
    wide: bool = False


def sound() -> Track:
    """A track of sound."""
    return Track(b"soun", sound_entry(inside=esds()), (b"\x21\x10\x04", b"\x21\x10\x05\x06"))


def _trak(one: Track, number: int, offsets: list[int]) -> bytes:
    tkhd = full(
        b"tkhd",
        struct.pack(">IIIII", one.clock, one.clock, number, 0, 20) + bytes(8) + bytes(6) + bytes(2) + one.matrix
        + struct.pack(">II", 64 << 16, 48 << 16),
        flags=3 if one.enabled else 2,
    )  # fmt: skip
    mdhd = full(b"mdhd", struct.pack(">IIIIHH", one.clock, one.clock, 1000, 20, one.language, 0))
    hdlr = full(b"hdlr", bytes(4) + one.handler + bytes(12) + one.name + b"\0")
    head = {b"vide": full(b"vmhd", bytes(8), flags=1), b"soun": full(b"smhd", bytes(4))}.get(one.handler)
    here = box(b"dinf", full(b"dref", struct.pack(">I", 1) + full(b"url ", b"", flags=1)))
    count = len(one.samples)
    form, kind = (">Q", b"co64") if one.wide else (">I", b"stco")
    stbl = box(
        b"stbl",
        full(b"stsd", struct.pack(">I", 1) + one.entry) + full(b"stts", struct.pack(">III", 1, count, 10))
        + full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1))
        + full(b"stsz", struct.pack(">II", 0, count) + b"".join(struct.pack(">I", len(s)) for s in one.samples))
        + full(kind, struct.pack(">I", count) + b"".join(struct.pack(form, at) for at in offsets)) + one.tables,
    )  # fmt: skip
    minf = box(b"minf", (head or full(b"nmhd", b"")) + here + stbl)
    return box(b"trak", tkhd + box(b"mdia", mdhd + hdlr + minf) + one.tail)


def film(
    *tracks: Track, brand: bytes = b"isom", movie: bytes = b"", behind: bytes = b"", between: bytes = b"",
    clock: int = 0, ahead: bool = False, front: bytes = b"",
) -> bytes:  # fmt: skip
    """A film. `movie`: further boxes of `moov`; `between`: bytes in `mdat` behind each sample; `ahead`: whether `moov`
    stands before `mdat`."""
    tracks = tracks or (Track(), sound())
    ftyp = box(b"ftyp", brand + bytes(4) + brand + b"mp42") if brand else b""
    mvhd = full(b"mvhd", struct.pack(">IIII", clock, clock, 1000, 20) + b"\0\1\0\0\1\0" + bytes(10) + IDENTITY
                + bytes(24) + struct.pack(">I", len(tracks) + 1))  # fmt: skip
    payload, places = b"", [[0] * len(one.samples) for one in tracks]
    for index in range(max(len(one.samples) for one in tracks)):
        for t, one in enumerate(tracks):
            if index < len(one.samples):
                places[t][index] = len(payload)
                payload += one.samples[index] + between

    def moov(start: int) -> bytes:
        traks = (_trak(one, t, [at + start for at in places[t - 1]]) for t, one in enumerate(tracks, 1))
        return box(b"moov", mvhd + b"".join(traks) + movie)

    before = len(ftyp + front) + 8
    if ahead:
        return ftyp + front + moov(before + len(moov(0))) + box(b"mdat", payload) + behind
    return ftyp + front + box(b"mdat", payload) + moov(before) + behind


def words(kind: bytes, value: bytes) -> bytes:
    """A text atom of QuickTime's user data."""
    return box(kind, struct.pack(">HH", len(value), 0) + value)
