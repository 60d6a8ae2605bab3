"""What do unknown bytes look like? A word for what their beginning tells."""

from __future__ import annotations

from photoscan import formats
from photoscan.formats import Format

_SIGNS = (
    (b"PK\x03\x04", "ZIP archive"), (b"%PDF", "PDF document"), (b"\x1f\x8b", "gzip data"),
    (b"bplist00", "property list"),
    (b"7z\xbc\xaf", "7-Zip archive"), (b"Rar!", "RAR archive"), (b"OggS", "Ogg sound or video"), (b"ID3", "MP3 sound"),
    (b"\x1aE\xdf\xa3", "Matroska video"), (b"<?xml", "XML text"), (b"\x7fELF", "program"), (b"MZ", "program"),
    (b"SQLite format 3", "database"),
)  # fmt: skip
LONGEST = 256


def picture(data: bytes, at: int = 0) -> Format | None:
    """The format of the picture that begins here, if one does."""
    if data[at : at + 2] == b"BM" and data[at + 6 : at + 10].strip(b"\0"):
        return None
    if data[at : at + 2] == b"\xff\x0a":  # two bytes are too little evidence for JPEG XL in the middle of a file
        return None
    found = formats.detect(data[at : at + 64])
    return None if found is not None and found.row.film else found


def video(data: bytes, at: int = 0) -> bool:
    """Whether an ISO media file that is no still picture begins here."""
    if data[at + 4 : at + 8] != b"ftyp":
        return False
    found = formats.detect(data[at : at + 64])
    return found is None or found.row.film


def words(data: bytes, start: int, end: int) -> str:
    """What a range looks like; empty when it looks like nothing known."""
    head = data[start : min(end, start + LONGEST)]
    if found := picture(head):
        return f"{found.value.upper()} picture"
    if video(head):
        return "video"
    for sign, name in _SIGNS:
        if head.startswith(sign):
            return name
    if head and sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head) >= 0.95 * len(head):
        return "text"
    return ""
