"""Application segments of JPEG that hold plain lines: 'Serial#=0077', 'Owner: Rosa', as old cameras write them.

Of a segment that nobody knows, every line is told by the name in front of it. Source: the 'picture info' segments
(APP12) of Agfa, Olympus, Polaroid, Sanyo and others, as their files show them.
"""

from __future__ import annotations

from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector
from photoscan.patterns import pattern

MAX_LINES = 500
MAX_BYTES = 65_536
FEWEST = 2
"""Lines with names that a segment without the name of a section has to have."""
_STEREO = b"_JPSJPS_"
_SECTION = pattern(rb"\[[\w ]{1,40}\]")
_LINE = pattern(rb"[ \t]*([A-Za-z][\w #./()-]{0,40}?)[ \t]*[=:][ \t]*([^\r\n\0]*)")
_WORD = pattern(rb"[A-Za-z]{3}")


def read(block: Block, path: str, found: Collector) -> bool:
    """Tell the lines of a segment; False where it holds none, and nothing was told."""
    data = block.data[:MAX_BYTES]
    if data.startswith(_STEREO):
        return _stereo(block, path, found)
    start = _start(data)
    if start is None:
        return False
    rows, at = [], start
    for raw in data[start:].split(b"\n")[:MAX_LINES]:
        if match := _LINE.match(raw):
            rows.append((match[1].decode("ascii"), match[2], at + match.start(2)))
        elif _WORD.search(raw) and not _SECTION.match(raw.strip()):
            rows.append(("Comment", raw, at))
        at += len(raw) + 1
    named = sum(name != "Comment" for name, _, _ in rows)
    if named < (1 if _SECTION.match(data, start) else FEWEST):
        return False
    for name, raw, at in rows:
        if value := raw.strip(b" \0\r"):
            found.add(block, path, name, value.decode("latin-1"), at, at + len(raw))
    lines = data.count(b"\n", start) + 1
    found.unknown(block, path, start=len(data) if lines <= MAX_LINES else rows[-1][2] + len(rows[-1][1]))
    return True


def _start(data: bytes) -> int | None:
    """Where the lines begin: at once, or with a section's name behind the maker's; None where there are none."""
    section = _SECTION.search(data, 0, 64)
    start = section.start() if section else 0
    body = data[start:].rstrip(b"\0\r\n ")
    plain = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in body[:2048])
    return start if body and plain >= 0.95 * len(body[:2048]) and _WORD.search(body) else None


def _stereo(block: Block, path: str, found: Collector) -> bool:
    """The stereoscopic descriptor of VRex: its length and itself, then a comment's length and the comment."""
    at = len(_STEREO) + 2 + int.from_bytes(block.data[len(_STEREO) : len(_STEREO) + 2], "big")
    end = at + 2 + int.from_bytes(block.data[at : at + 2], "big")
    words = block.data[at + 2 : end].strip(b"\0 ").decode("latin-1")
    if words:
        found.add(block, path, "Comment", words, at + 2, min(end, len(block.data)))
    found.unknown(block, path, start=max(at + 2, min(end, len(block.data))))
    return True
