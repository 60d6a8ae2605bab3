"""Messages between the coded pictures of a film: user data in SEI units (ITU-T H.264 and H.265, annex D).

Encoders sign their work in them, cameras and drones write where they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from photoscan.metadata.film_tracks import Samples, Track
from photoscan.patterns import pattern

_SEI = {b"avc1": (6,), b"avc3": (6,), b"hvc1": (39, 40), b"hev1": (39, 40), b"dvh1": (39, 40), b"dvhe": (39, 40)}
_UNITS = 2_000_000
"""Units of one film that are looked at: five hours of pictures."""
_BEHIND = 1 << 16
"""Bytes behind a sample's last unit that are looked at."""
_SHOWN = (b"\xb5\x00\x31GA94", b"\xb5\x00\x3c", b"\xb5\x00\x3b")
"""What registered user data begin with that a player shows: captions (ATSC A/53), HDR10+ and Dolby's numbers."""


def user_data(data: bytes, track: Track, samples: Samples) -> Iterator[tuple[int, int, bytes]]:
    """Where each message of user data stands, as its whole unit, and what it says. ValueError for too many units.

    Also what stands behind a sample's last unit, where a player stops; of that the first bytes, behind an empty UUID.
    """
    config = track.inside.get(b"stsd")
    kinds = _SEI.get(track.coding)
    if kinds is None or config is None:
        return
    width = length_size(data[config.body : config.end], track.coding)
    high = track.coding[:1] != b"a"
    left = _UNITS
    for start, size in samples.each():
        at, end = start, min(start + size, len(data))
        while at + width < end:
            body, stop = at + width, at + width + int.from_bytes(data[at : at + width], "big")
            if stop > end or stop == body:
                break
            kind = data[body] >> 1 & 0x3F if high else data[body] & 0x1F
            if kind in kinds:
                head = 2 if high else 1
                yield from ((body, stop, said) for said in _messages(_plain(data[body + head : stop])))
            at, left = stop, left - 1
            if left < 0:
                raise ValueError("too many units")
        if start + size == end and any(data[at : min(end, at + _BEHIND)]):
            yield at, end, bytes(16) + data[at : min(end, at + _BEHIND)].lstrip(b"\0")


def length_size(entries: bytes, coding: bytes) -> int:
    """Bytes of the length before each unit, by the decoder's configuration (ISO 14496-15); 4 where there is none."""
    name = b"avcC" if coding[:1] == b"a" else b"hvcC"
    at = entries.find(name)
    place = at + 4 + (4 if name == b"avcC" else 21)
    return (entries[place] & 3) + 1 if at >= 0 and place < len(entries) else 4


def _plain(raw: bytes) -> bytes:
    """Without the bytes that keep a start code from coming about."""
    return raw.replace(b"\0\0\3", b"\0\0")


def _messages(raw: bytes) -> Iterator[bytes]:
    """Payloads of user data that nobody is shown, but for an encoder's plain signature."""
    at = 0
    while at + 2 <= len(raw):
        numbers = []
        for _ in range(2):
            number = 0
            while at < len(raw) and raw[at] == 255:
                number, at = number + 255, at + 1
            number += raw[at] if at < len(raw) else 0
            numbers.append(number)
            at += 1
        payload = raw[at : at + numbers[1]]
        signed = numbers[0] == 5 and not _SIGNATURE.fullmatch(payload[16:].rstrip(b"\0"))
        if signed or (numbers[0] == 4 and not payload.startswith(_SHOWN)):
            yield payload
        at += numbers[1]


_SIGNATURE = pattern(
    rb"x26[45] (?:- core |\(build )\d{1,4}[\w :+.()\[\]-]{0,120} - H\.26[45]/(?:MPEG-4 AVC|HEVC) codec - "
    rb"Copy\w{3,5} (?:\(c\) )?20\d\d-20\d\d[\w ,()-]{0,40} - http://(?:www\.videolan\.org/x264\.html|x265\.org)"
    rb" - options: [\w=.:,/()+| -]*"
)
"""What x264 and x265 write into every film: their version and settings."""
