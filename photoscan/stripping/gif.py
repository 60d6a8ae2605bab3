"""GIF: frames, colours, timing and repetition stay; comments, texts and application blocks go (GIF89a)."""

from __future__ import annotations

from photoscan.stripping.base import Keep, Removed, Stripped

MAX_BLOCKS = 1_000_000
_BLOCKS = b"\x21\x2c\x3b"
_REPETITION = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild from header to trailer; ValueError when there is no frame or no end.

    GIF carries nothing that `keep` names.
    """
    at = 13 + _colours(data[10])
    out: list[bytes] = [data[:at]]
    removed: list[Removed] = []
    frames = 0
    for _ in range(MAX_BLOCKS):
        if at == len(data) and frames:
            break  # many writers forget the trailer
        start, kind = at, data[at]
        if kind == 0x3B:
            break
        if kind == 0x2C:
            at = _blocks_end(data, at + 11 + _colours(data[at + 9]))
            out.append(data[start:at])
            frames += 1
        elif kind == 0x21:
            at = _blocks_end(data, at + 2)
            if (kept := _extension(data[start:at])) is not None:
                out.append(kept)
            else:
                removed.append(Removed(f"extension {data[start + 1]:#x}", start, at - start))
        else:
            # Decoders look for the next block that they know.
            while at < len(data) and data[at] not in _BLOCKS:
                at += 1
            removed.append(Removed("bytes between blocks", start, at - start))
    else:
        raise ValueError("too many blocks")
    if not frames:
        raise ValueError("no frame")
    if at + 1 < len(data):
        removed.append(Removed("data behind the end of image", at + 1, len(data) - at - 1))
    return Stripped(b"".join([*out, b";"]), tuple(removed))


def _colours(flags: int) -> int:
    """Bytes of the colour table that these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks_end(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _extension(block: bytes) -> bytes | None:
    """Timing and repetition, no byte longer than they have to be; None for all else."""
    if block[1] == 0xF9 and block[2] == 4:
        return block[:7] + b"\0"
    if block[1] == 0xFF and block[2] == 11 and block[3:14] in _REPETITION and block[14] == 3 and block[15] == 1:
        return block[:18] + b"\0"
    return None
