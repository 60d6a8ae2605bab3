"""What cameras' makers write into films in structures of their own: Sony's documents and titles, Nikon's tags.

Sources: Sony's NonRealTimeMeta (XDCAM), the PSP's 'USMT' boxes, Nikon's 'NCTG' as ExifTool lists it.
"""

from __future__ import annotations

import struct

from photoscan.metadata import film_motion, markup
from photoscan.metadata.block import Block
from photoscan.metadata.boxes import boxes
from photoscan.metadata.entry import Collector
from photoscan.metadata.ifd import text
from photoscan.metadata.tags import GPS, NAMES

_DOCUMENT = {
    "Device.manufacturer": "Make", "Device.modelName": "Model", "Device.serialNo": "SerialNumber",
    "CreationDate.value": "CreationDate", "LastUpdate.value": "MediaModifyDate", "Lens.modelName": "LensModel",
    "KeyWord": "Keywords", "Title.usAscii": "Title", "Title.text": "Title", "Creator.name": "Creator",
    "TargetMaterial.umidRef": "UniqueDocumentID", "Description": "Description",
}  # fmt: skip
_SILENT = frozenset((
    "Duration", "LtcChangeTable", "LtcChange", "VideoFormat", "VideoRecPort", "VideoFrame", "VideoLayout",
    "AudioFormat", "AudioRecPort", "RecordingMode", "SubStream", "ChangeTable", "Event", "Group", "NonRealTimeMeta",
))  # fmt: skip
"""Elements about the coding and the timecode."""
MAX_TITLES = 50


def document(block: Block, path: str, found: Collector) -> None:
    """Sony's XML: device, date, and the position among the items of 'ExifGPS'; everything else by its own name."""
    owner, name, value = "", "", ""
    place: dict[str, str] = {}
    for node in markup.scan(block.data):
        if node.kind == "open":
            owner, name, value = node.name.rpartition(":")[2], "", ""
            continue
        said = markup.decoded(block.data[node.start : node.end]).strip()
        if node.kind not in ("attribute", "text", "comment") or not said or node.name.startswith("xmlns"):
            continue
        if owner == "Item":
            name, value = (said, value) if node.name == "name" else (name, said)
            if name and value:
                place[name] = value
                if not name.startswith(("Latitude", "Longitude", "Status", "VersionID", "MapDatum")):
                    found.add(block, path, f"nrtm:{name}", value, node.start, node.end)
                name, value = "", ""
        elif owner not in _SILENT:
            key = f"{owner}.{node.name}" if node.kind == "attribute" else owner
            found.add(
                block, path, _DOCUMENT.get(key) or _DOCUMENT.get(owner, f"nrtm:{key}"), said, node.start, node.end
            )
    _place(block, place, path, found)


def _place(block: Block, said: dict[str, str], path: str, found: Collector) -> None:
    """A position as '3:8:20.400' with its references."""
    degrees = []
    for name, negative in (("Latitude", "S"), ("Longitude", "W")):
        parts = said.get(name, "").split(":")
        if not 1 <= len(parts) <= 3 or not all(part.replace(".", "", 1).isdigit() for part in parts):
            return
        number = sum(float(part) / 60.0**i for i, part in enumerate(parts))
        degrees.append(-number if said.get(f"{name}Ref") == negative else number)
    start = max(0, block.data.find(b"Latitude"))
    film_motion.tell(block, [((degrees[0], degrees[1]), start, len(block.data))], path, found)


def titles(block: Block, path: str, found: Collector) -> None:
    """The texts of a 'USMT' box: rows of length, kind, language, coding, then UTF-16 (coding 1)."""
    for box in boxes(block.data, 16):
        if box.kind != b"MTDT":
            continue
        at = box.body + 2
        for _ in range(min(int.from_bytes(block.data[box.body : box.body + 2], "big"), MAX_TITLES)):
            (length,) = struct.unpack_from(">H", block.data, at)
            kind, _, coding = struct.unpack_from(">IHH", block.data, at + 2)
            words = block.data[at + 10 : min(at + length, box.end)]
            if coding == 1 and (said := words.decode("utf-16-be", "replace").strip("\0 ")):
                found.add(block, path, "Title" if kind == 1 else "Information", said, at + 10, at + length)
            at += max(length, 10)


def nikon(block: Block, path: str, found: Collector) -> None:
    """Rows of tag, type and count in 'NCTG': numbers of EXIF's tags from 0x1100000, of its positions from 0x1200000."""
    at, data = 0, block.data
    while at + 8 <= len(data):
        tag, kind, count = struct.unpack_from(">IHH", data, at)
        size = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8}.get(kind, 0) * count
        start, end = at + 8, at + 8 + size
        if not size or end > len(data):
            return
        group, low = tag >> 16, tag & 0xFFFF
        field = _NIKON.get(tag) or (NAMES.get(low) if group == 0x110 else GPS.get(low) if group == 0x120 else None)
        if field and kind == 2 and (said := text(data[start:end])):
            found.add(block, path, field, said, start, end)
        elif field and kind == 5:
            numbers = struct.unpack_from(f">{2 * count}I", data, start)
            value = tuple(a / b if b else 0.0 for a, b in zip(numbers[::2], numbers[1::2], strict=True))
            found.add(block, path, field, value, start, end)
        at = end


_NIKON = {
    1: "Make", 2: "Model", 3: "Software", 0x11: "CreateDate", 0x12: "DateTimeOriginal", 0x110A431: "SerialNumber",
    0x200001D: "SerialNumber", 0x20000A7: "ShutterCount",
}  # fmt: skip
