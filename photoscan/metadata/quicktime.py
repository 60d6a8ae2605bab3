"""MP4 and QuickTime films (ISO 14496-12, QuickTime File Format): all that they say beside what is played.

Every byte is part of a box that playing needs, a sample of a track that is played, or told.
"""

from __future__ import annotations

from photoscan.metadata import embedded, film_media, film_motion, film_words, sniff, standards, tail
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes, find
from photoscan.metadata.entry import Collector, Role, is_fill
from photoscan.metadata.film_clock import clock
from photoscan.metadata.film_tracks import Track, named, played, tracks

PICTURE_TRACKS = frozenset(("pictures", "auxiliary pictures"))
"""Tracks of an image sequence: they are the photo itself."""
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_SILENT = frozenset((bytes.fromhex("6b6840f25f244fc5ba39a51bcf0323f3") + bytes(4),))
"""What ffmpeg writes for iPods."""
_STRUCTURE = frozenset((b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"sidx", b"ssix", b"mfra"))
_BRANDS = frozenset((
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42", b"avc1",
    b"hvc1", b"hev1", b"av01", b"dash", b"msdh", b"msix", b"cmfc", b"cmf2", b"qt  ", b"M4V ", b"M4VH", b"M4VP",
    b"M4A ", b"MSNV", b"3gp4", b"3gp5", b"3gp6", b"3gp7", b"3g2a", b"3g2b", b"3g2c", b"mp71", b"f4v ", b"dby1",
    b"3gr6", b"3gs6", b"3ge6", b"3gg6", b"3gp8", b"3gp9", b"vp09", b"mmp4", b"heix", b"\0\0\0\0",
))  # fmt: skip
"""Brands that say which standard a file keeps to; others name a maker."""
_MOVIE = frozenset((b"trak", b"mvhd", b"mvex", b"iods"))
MAX_GAPS = 50
SMALLEST_GAP = 8
INSTA360 = b"8db42d694ccc418790edff439fe026bf"
"""What closes the records that Insta360's cameras write behind a film."""


def walk(block: Block, path: str, found: Collector) -> None:
    """Every entry of a film by itself."""
    _all(block, path, found)


def read(block: Block, path: str, found: Collector) -> None:
    """Every entry of a film inside a photo, and what its tracks hold."""
    if moov := find(block.data, (b"moov",)):
        _told_tracks(block, moov, path, found)
    _all(block, path, found)


def movie(block: Block, moov: Box, path: str, found: Collector) -> None:
    """What a movie box says in words, of an image sequence as well: clocks, user data and metadata."""
    _told_tracks(block, moov, path, found)
    for box in boxes(block.data, moov.body, moov.end):
        if box.kind == b"mvhd":
            clock(block, box, path, "MediaCreateDate", found)
        elif box.kind == b"trak":
            for inner in boxes(block.data, box.body, box.end):
                _words(block, inner, path, found)
        else:
            _words(block, box, path, found)


def _told_tracks(block: Block, moov: Box, path: str, found: Collector) -> None:
    kinds = kinds_of(block.data, moov)
    if set(kinds) - PICTURE_TRACKS:
        found.add(block, path, "tracks", ", ".join(dict.fromkeys(kinds)), moov.start, moov.body, Role.TECHNICAL)


def kinds_of(data: bytes, moov: Box) -> list[str]:
    """What each track of a movie holds, in words."""
    return [named(track.handler) for track in tracks(data, moov) if track.handler]


def _words(block: Block, box: Box, path: str, found: Collector) -> bool:
    """Tell a box that is made for words; whether it is one."""
    if box.kind == b"udta":
        film_words.user_data(block, box, path, found)
    elif box.kind == b"meta":
        film_words.items(block, box, path, found)
    elif box.kind == b"uuid" and block.data[box.body : box.body + 16] == _XMP:
        standards.read("xmp", block.cut(box.body + 16, box.end), f"{path}/xmp", found)
    else:
        return False
    return True


def _all(block: Block, path: str, found: Collector) -> None:
    data = block.data
    end, pieces, payload = 0, False, []
    listed: list[Track] = []
    for box in boxes(data):
        end = box.end
        if box.kind == b"mdat":
            payload.append(box)
        with found.guarded(f"{path}/{box.name}"):
            if box.kind in (b"ftyp", b"styp"):
                _brands(block, box, path, found)
            elif box.kind == b"moov":
                listed += _movie(block, box, path, found)
            elif box.kind not in _STRUCTURE:
                _other(block, box, path, found)
        pieces |= box.kind == b"moof"
    with found.guarded(f"{path}/tracks"):
        film_media.read(block, listed, payload if not pieces else [], path, found)
    if pieces:
        film_media.fragments(block, listed, path, found)
    if not listed:
        found.warn("no track in the film")
    if end < len(data) and data[end + 4 : end + 8] in _STRUCTURE:
        found.warn("a box is longer than the file")
    if data.endswith(INSTA360) and end < len(data):
        film_words.foreign(block.cut(end), f"{path}/tail", found, "Insta360's records")
    else:
        tail.read(block, end, path, found)


def _brands(block: Block, box: Box, path: str, found: Collector) -> None:
    for at in (box.body, *range(box.body + 8, box.end - 3, 4)):
        brand = block.data[at : at + 4]
        if brand not in _BRANDS:
            found.add(block, path, "brand", brand, at, at + 4, Role.TECHNICAL)


def _movie(block: Block, moov: Box, path: str, found: Collector) -> list[Track]:
    """The movie box; its tracks."""
    for box in boxes(block.data, moov.body, moov.end):
        with found.guarded(f"{path}/{box.name}"):
            if box.kind == b"mvhd":
                clock(block, box, path, "MediaCreateDate", found)
                at = box.body + (28 if block.data[box.body] == 1 else 16)
                found.unknown(block, f"{path}/mvhd", "reserved bytes", at + 10, at + 20)
            elif not _words(block, box, path, found) and box.kind not in _MOVIE:
                _other(block, box, path, found)
    listed = tracks(block.data, moov)
    shown = {track.box.start for track in played(listed)}
    for track in listed:
        with found.guarded(f"{path}/trak"):
            film_media.track(block, track, track.box.start in shown, path, found)
    return listed


def _other(block: Block, box: Box, path: str, found: Collector) -> None:
    """A box that playing does not need: words, a dashcam's position, a preview, or bytes of an unknown sort."""
    data = block.data
    plain = box.kind == b"uuid" and data[box.body : box.end] in _SILENT
    if plain or _words(block, box, path, found) or is_fill(data, box.body, box.end):
        return
    if places := list(film_motion.free_gps(data, box.body, box.end)):
        film_motion.tell(block, places, f"{path}/{box.name}", found)
    content = block.cut(box.body, box.end)
    if box.kind == b"prft":
        found.add(content, path, "GPSDateStamp", content.data[8:16].hex(), role=Role.TECHNICAL)
    elif sniff.picture(content.data) is not None:
        embedded.part(content, f"{path}/{box.name}", "preview", Role.THUMBNAIL, found)
    else:
        film_words.foreign(content, f"{path}/{box.name}", found)
