"""HEIC and AVIF: the primary item and its properties."""

from __future__ import annotations

import struct

from photoscan.headers.base import MAX_STEPS, Header
from photoscan.headers.boxes import box, boxes


def read(data: bytes) -> Header:
    """Size of the primary item (ISO 23008-12), with irot applied, since decoders apply it by themselves; of a sequence
    without one, of its track.
    """
    try:
        meta = box(data, 0, len(data), b"meta")
        start, end = meta[0] + 4, meta[1]
        at = box(data, start, end, b"pitm")[0]
    except ValueError:
        return _of_movie(data)
    (primary,) = struct.unpack_from(">I" if data[at] else ">H", data, at + 4)
    iprp = box(data, start, end, b"iprp")
    ipco = box(data, *iprp, b"ipco")
    properties = [(kind, body) for kind, _, body, _ in boxes(data, *ipco)]
    ipma = box(data, *iprp, b"ipma")[0]
    version, flags, count = data[ipma], data[ipma + 3], struct.unpack_from(">I", data, ipma + 4)[0]
    at = ipma + 8
    for _ in range(min(count, MAX_STEPS)):
        (item,) = struct.unpack_from(">I" if version else ">H", data, at)
        at += 4 if version else 2
        links = data[at]
        at += 1
        indices = []
        for _ in range(links):
            wide = flags & 1
            value = struct.unpack_from(">H" if wide else ">B", data, at)[0]
            indices.append(value & (0x7FFF if wide else 0x7F))
            at += 2 if wide else 1
        if item == primary:
            return _sized(data, [properties[i - 1] for i in indices if 0 < i <= len(properties)])
    raise ValueError("no primary item")


def _of_movie(data: bytes) -> Header:
    """Size of a sequence that names no still picture: what its first track shows (ISO 14496-12, 8.3.2)."""
    track = box(data, *box(data, 0, len(data), b"moov"), b"trak")
    _, end = box(data, *track, b"tkhd")
    width, height = struct.unpack_from(">II", data, end - 8)
    return Header(width >> 16, height >> 16)


def _sized(data: bytes, properties: list[tuple[bytes, int]]) -> Header:
    width = height = 0
    for kind, at in properties:
        if kind == b"ispe":
            width, height = struct.unpack_from(">II", data, at + 4)
    for kind, at in properties:
        if kind == b"irot" and data[at] & 1:
            width, height = height, width
        elif kind == b"clap":
            w_n, w_d, h_n, h_d = struct.unpack_from(">IIII", data, at)
            width, height = w_n // max(1, w_d), h_n // max(1, h_d)
    return Header(width, height)
