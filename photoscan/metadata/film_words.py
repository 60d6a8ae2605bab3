"""What a film's user data say in words: QuickTime's and 3GPP's texts, Apple's keys, iTunes' tags, makers' own atoms.

Sources: QuickTime File Format ("User Data Atoms", "Metadata"), 3GPP TS 26.244 (8), names of makers' atoms as ExifTool
lists them.
"""

from __future__ import annotations

import struct
from itertools import islice

from photoscan.metadata import embedded, film_makers, sniff, standards
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import Box, boxes, find
from photoscan.metadata.entry import Collector, Role, is_fill
from photoscan.metadata.ifd import text
from photoscan.patterns import pattern

TEXTS = {
    b"\xa9xyz": "GPSCoordinates", b"\xa9day": "ContentCreateDate", b"\xa9mak": "Make", b"\xa9mod": "Model",
    b"\xa9swr": "Software", b"\xa9too": "Software", b"\xa9enc": "Software", b"\xa9nam": "Title", b"\xa9cmt": "Comment",
    b"\xa9ART": "Artist", b"\xa9aut": "Author", b"\xa9cpy": "Copyright", b"\xa9inf": "Information",
    b"\xa9dir": "Director", b"\xa9prf": "Performer", b"\xa9prd": "Producer", b"\xa9wrt": "Composer",
    b"\xa9com": "Composer", b"\xa9des": "Description", b"\xa9alb": "Album", b"\xa9gen": "Genre", b"\xa9src": "Source",
    b"\xa9lyr": "Lyrics", b"\xa9mdl": "Model", b"\xa9url": "URL", b"\xa9key": "Keywords", b"\xa9arg": "Arranger",
    b"\xa9dis": "Disclaimer", b"\xa9fmt": "Format", b"\xa9req": "Requirements", b"\xa9hst": "HostComputer",
    b"\xa9PRD": "Producer", b"\xa9st3": "Title", b"\xa9grp": "Grouping", b"\xa9uid": "UniqueDocumentID",
    b"\xa9csn": "CameraSerialNumber", b"aART": "Artist", b"desc": "Description", b"ldes": "Description",
    b"ownr": "Owner", b"apID": "OwnerID", b"purd": "PurchaseDate", b"catg": "Category", b"keyw": "Keywords",
    b"sonm": "Title", b"soar": "Artist", b"soaa": "Artist", b"soal": "Album", b"soco": "Composer", b"tvsh": "Album",
    b"tven": "Episode", b"xid ": "ProductID", b"cprt": "Copyright",
    b"@xyz": "GPSCoordinates", b"@mak": "Make", b"@mod": "Model", b"@swr": "Software", b"@day": "ContentCreateDate",
}  # fmt: skip
"""Texts of QuickTime and iTunes by their four characters."""
_3GPP = {
    b"auth": "Author", b"titl": "Title", b"cprt": "Copyright", b"dscp": "Description", b"perf": "Performer",
    b"albm": "Album", b"gnre": "Genre", b"kywd": "Keywords", b"coll": "Album", b"rtng": "Rating",
    b"manu": "Make", b"modl": "Model",
}  # fmt: skip
_PLAIN = {
    b"CNMN": "Model", b"CNFV": "FirmwareVersion", b"CNCV": "FirmwareVersion", b"slno": "SerialNumber",
    b"cmnm": "Model", b"cmid": "SerialNumber", b"reel": "ReelName", b"scen": "Scene", b"shot": "ShotName",
    b"clfn": "OriginalRawFileName", b"date": "ContentCreateDate", b"FIRM": "FirmwareVersion", b"vndr": "Make",
    b"name": "Title", b"LOCA": "LocationInfo", b"WLOC": "LocationInfo", b"GUID": "UniqueDocumentID",
    b"info": "FirmwareVersion", b"SDLN": "PlayMode", b"auth": "Author", b"CNCM": "Comment",
}  # fmt: skip
_CODES = {
    b"CAME": "SerialNumber", b"MUID": "UniqueDocumentID", b"GUMI": "UniqueDocumentID", b"BCID": "UniqueDocumentID",
    b"LENS": "LensSerialNumber", b"CASN": "SerialNumber",
}  # fmt: skip
"""GoPro's numbers of a camera, lens or recording, in binary."""
KEYS = {
    "location.iso6709": "GPSCoordinates", "make": "Make", "model": "Model", "software": "Software",
    "creationdate": "CreationDate", "content.identifier": "ContentIdentifier", "author": "Author", "artist": "Artist",
    "version": "Software", "manufacturer": "Make", "title": "Title", "displayname": "Title", "comment": "Comment",
    "description": "Description", "copyright": "Copyright", "keywords": "Keywords", "information": "Information",
    "location.name": "LocationName", "location.body": "LocationName", "location.note": "LocationInfo",
    "location.date": "ContentCreateDate", "director": "Director", "producer": "Producer", "performer": "Performer",
    "publisher": "Publisher", "camera.identifier": "CameraSerialNumber", "camera.owner": "CameraOwnerName",
    "camera.lens_model": "LensModel", "cameraid": "CameraSerialNumber", "serialno": "SerialNumber",
    "cameraname": "Model", "shootingname": "ShotName", "reel": "ReelName", "collection.user": "Album",
    "rating.user": "Rating", "year": "ContentCreateDate", "user": "Owner", "artwork": "Artwork",
    "detected-face": "RecognizedFace", "ios.make": "Make", "capture.mode": "CaptureMode",
}  # fmt: skip
"""Keys by what stands behind 'com.apple.quicktime.', 'com.android.' and their like, in small letters."""
_PREFIXES = (
    "com.apple.quicktime.", "com.apple.proapps.", "com.apple.photos.", "com.apple.iphoto.", "com.samsung.android.",
    "com.android.", "mdta:", "itunes:",
)  # fmt: skip
_SILENT = frozenset((b"free", b"skip", b"wide", b"hnti", b"WLOC", b"LOOP", b"AllF", b"SelO"))
_NUMBERS = frozenset((
    b"trkn", b"disk", b"tmpo", b"gnre", b"cpil", b"pgap", b"stik", b"hdvd", b"pcst", b"shwm", b"rtng", b"tves", b"tvsn",
    b"akID", b"sfID", b"cnID", b"atID", b"plID", b"geID", b"cmID",
))  # fmt: skip
"""Numbers that iTunes gives its wares."""
_XMP = frozenset((b"XMP_", b"\xa9XMP"))
MAX_STRINGS = 40
_STRINGS = pattern(rb"[\x20-\x7e]{6,}")
_DATE = pattern(r"(?:19|20)\d\d[-:/]\d\d[-:/]\d\d[ T]\d\d[:-]\d\d")


def user_data(block: Block, parent: Box, path: str, found: Collector) -> None:
    """The atoms of a `udta` box: each is told, by name where it has one."""
    for box in boxes(block.data, parent.body, parent.end):
        with found.guarded(f"{path}/{box.name}"):
            _atom(block, box, path, found)


def _atom(block: Block, box: Box, path: str, found: Collector) -> None:
    content = block.cut(box.body, box.end)
    if box.kind == b"meta":
        items(block, box, path, found)
    elif box.kind == b"loci":
        _location(block, box, path, found)
    elif box.kind in _XMP:
        standards.read("xmp", content, f"{path}/xmp", found)
    elif box.kind == b"GPMF":
        standards.read("gpmf", content, f"{path}/GPMF", found)
    elif box.kind in _3GPP and content.data[:4] == bytes(4) and len(content.data) > 6:
        _said(content, 6, path, _3GPP[box.kind], found)
    elif box.kind[:1] in (b"\xa9", b"@") or box.kind in TEXTS:
        _international(content, path, TEXTS.get(box.kind, box.name), found)
    elif box.kind == b"yrrc" and len(content.data) == 6 and content.data[4:] != bytes(2):
        found.add(content, path, "ContentCreateDate", int.from_bytes(content.data[4:], "big"), 4)
    elif box.kind in _CODES and content.data.strip(b"\0"):
        found.add(content, path, _CODES[box.kind], content.data[:32].hex())
    elif box.kind in _PLAIN and sniff.words(content.data.strip(b"\0"), 0, 256) == "text":
        _said(content, 0, path, _PLAIN[box.kind], found)
    elif box.kind not in _SILENT or not is_fill(content.data, 0, len(content.data)):
        foreign(content, f"{path}/{box.name}", found)


def foreign(content: Block, path: str, found: Collector, about: str = "") -> None:
    """Bytes in a maker's own form: their texts, the picture in them, and that they are there."""
    data = content.data
    if is_fill(data, 0, len(data)):
        return
    exif = data.find(b"Exif\0\0")
    picture = data.find(b"\xff\xd8\xff")
    if exif >= 0 and data[exif + 6 : exif + 8] in (b"II", b"MM") and not 0 <= picture < exif:
        standards.read("exif", content.cut(exif + 6), f"{path}/exif", found)
    if data.startswith(b"USMT"):
        film_makers.titles(content, path, found)
    tags = data.find(b"NCTG")
    if tags >= 4:
        end = tags - 4 + int.from_bytes(data[tags - 4 : tags], "big")
        film_makers.nikon(content.cut(tags + 4, end), path, found)
    before = len(found.entries)
    strings(content.cut(0, picture if picture >= 0 else None), path, found)
    look = sniff.words(data, 0, len(data))
    if about or look != "text" or len(found.entries) == before:
        found.unknown(content, path, about=about or look)
    if picture >= 0 and data.find(b"\xff\xda", picture) > 0:
        embedded.part(content.cut(picture), path, "thumbnail", Role.THUMBNAIL, found)


def strings(content: Block, path: str, found: Collector) -> None:
    """Runs of printable characters: a time where they begin like one."""
    for match in islice(_STRINGS.finditer(content.data), MAX_STRINGS):
        value = match[0].decode("ascii").strip()
        if sum(map(str.isalnum, value)) >= 5:
            name = "ContentCreateDate" if _DATE.match(value) else "text"
            found.add(content, path, name, value, match.start(), match.end())


def _said(content: Block, start: int, path: str, field: str, found: Collector) -> None:
    if value := _decoded(content.data[start:]):
        found.add(content, path, field, value, start)


def _decoded(raw: bytes, macintosh: bool = False) -> str:
    """A text in UTF-8, UTF-16 behind its mark, or, where a language's number is the Macintosh's, its coding."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        if macintosh and raw[:2] not in (b"\xfe\xff", b"\xff\xfe"):
            return raw.decode("mac_roman").strip("\0 ")
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return raw.decode("utf-16", "replace").strip("\0 ")
    return text(raw)


def _international(content: Block, path: str, field: str, found: Collector) -> None:
    """QuickTime's texts, each behind its length and language; iTunes' in a 'data' box; or a text as it stands."""
    data, at, rows = content.data, 0, 0
    if inner := find(data, (b"data",), 0, len(data)):
        _value(content, inner, path, field, found)
        return
    while at + 4 <= len(data):
        (length,) = struct.unpack_from(">H", data, at)
        if not 0 < length <= len(data) - at - 4:
            break
        (language,) = struct.unpack_from(">H", data, at + 2)
        if value := _decoded(data[at + 4 : at + 4 + length], language < 0x400):
            found.add(content, path, field, value, at + 4, at + 4 + length)
        at, rows = at + 4 + length, rows + 1
    if not is_fill(data, at, len(data)) and (value := _decoded(data[at:] if rows else data.lstrip(b"\0"))):
        if rows:
            found.unknown(content, path, field, at)
        else:
            found.add(content, path, field, value)


def _location(block: Block, box: Box, path: str, found: Collector) -> None:
    """3GPP's place (TS 26.244): a name, a role, then longitude, latitude and altitude in 16.16 fixed point, a body and
    notes."""
    data = block.data
    wide = data[box.body + 6 : box.body + 8] == b"\xfe\xff"
    name_end = box.body + 6
    if wide:
        while data[name_end : name_end + 2] != b"\0\0" and name_end < box.end:
            name_end += 2
        after = name_end + 2
    else:
        name_end = data.index(b"\0", box.body + 6, box.end)
        after = name_end + 1
    longitude, latitude = struct.unpack_from(">ii", data, after + 1)
    value = f"{latitude / 65536:+09.5f}{longitude / 65536:+010.5f}/"
    found.add(block, path, "GPSCoordinates", value, after + 1, after + 9)
    if name := _decoded(data[box.body + 6 : name_end]):
        found.add(block, path, "LocationName", name, box.body + 6, name_end)
    for words in data[after + 13 : box.end].split(b"\0"):
        if (value := text(words)) and value != "earth":
            start = data.index(words, after + 13)
            found.add(block, path, "LocationInfo", value, start, start + len(words))


def items(block: Block, box: Box, path: str, found: Collector) -> None:
    """A `meta` box: Apple's keys, iTunes' tags, freeform ones, XMP, and whatever else lies in it."""
    data = block.data
    start = box.body + (0 if data[box.body + 4 : box.body + 8] in (b"hdlr", b"keys", b"ilst") else 4)
    names: list[str] = []
    for inner in boxes(data, start, box.end):
        with found.guarded(f"{path}/{inner.name}"):
            if inner.kind == b"keys":
                rows = boxes(data, inner.body + 8, inner.end)
                names = [data[row.body : row.end].decode("utf-8", "replace") for row in rows]
            elif inner.kind == b"ilst":
                for item in boxes(data, inner.body, inner.end):
                    _item(block, item, names, path, found)
            elif inner.kind in (b"xml ", b"bxml"):
                xml(block.cut(inner.body + 4, inner.end), path, found)
            elif inner.kind not in (b"hdlr", b"free", b"skip") or (
                inner.kind != b"hdlr" and not is_fill(data, inner.body, inner.end)
            ):
                foreign(block.cut(inner.body, inner.end), f"{path}/{inner.name}", found)


def xml(content: Block, path: str, found: Collector) -> None:
    """An XML document in a `meta` box: Sony's NonRealTimeMeta, or any other: as properties by the names it uses."""
    if b"NonRealTimeMeta" in content.data[:2000]:
        film_makers.document(content, f"{path}/nrtm", found)
    else:
        standards.read("xmp", content, f"{path}/xmp", found)


def _item(block: Block, item: Box, names: list[str], path: str, found: Collector) -> None:
    data = block.data
    index = int.from_bytes(item.kind, "big")
    name = names[index - 1] if 0 < index <= len(names) else ""
    if item.kind == b"----":
        name = ".".join(
            text(data[part.body + 4 : part.end]) for part in boxes(data, item.body, item.end) if part.kind == b"name"
        )
    if item.kind in _NUMBERS:
        return
    field = _field(name) or TEXTS.get(item.kind) or name or item.name
    for part in boxes(data, item.body, item.end):
        if part.kind == b"data":
            _value(block, part, path, field, found)
        elif part.kind not in (b"mean", b"name") or (part.kind == b"name" and item.kind != b"----"):
            found.unknown(block, f"{path}/{part.name}", start=part.body, end=part.end)


def field_of(name: str) -> str:
    """The field of a key; its own name for one that is not known."""
    return _field(name) or name


def _field(name: str) -> str:
    small = name.casefold()
    return KEYS.get(next((small.removeprefix(p) for p in _PREFIXES if small.startswith(p)), small), "")


def _value(block: Block, part: Box, path: str, field: str, found: Collector) -> None:
    """A 'data' box: type, locale, value. Types: 1 UTF-8, 2 UTF-16, 13 JPEG, 14 PNG, 21 and 22 numbers.

    Source: QTFF, "Well-known data types".
    """
    data, start = block.data, part.body + 8
    kind = int.from_bytes(data[part.body : part.body + 4], "big")
    content = block.cut(start, part.end)
    raw = content.data
    if kind in (13, 14, 27) or sniff.picture(raw) is not None:
        embedded.part(content, path, "cover", Role.IMAGE, found)
    elif kind == 2:
        if value := raw.decode("utf-16-be", "replace").strip("\0 "):
            found.add(content, path, field, value)
    elif kind in (21, 22, 65, 66, 67, 74, 75, 76, 77, 78) and 0 < len(raw) <= 8:
        if number := int.from_bytes(raw, "big", signed=kind < 75 and kind != 22):
            found.add(content, path, field, number)
    elif kind == 23 and len(raw) == 4:
        found.add(content, path, field, float(struct.unpack(">f", raw)[0]))
    elif sniff.words(raw.strip(b"\0"), 0, 256) == "text" or kind == 1:
        _said(content, 0, path, field, found)
    else:
        foreign(content, f"{path}/{field}", found)
