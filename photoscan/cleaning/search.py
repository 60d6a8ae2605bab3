"""Is any of many secrets left in a file, bare or dressed up? In time that does not multiply the one by the other."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence

from photoscan.patterns import pattern

PLAIN_WORK = 1 << 29
"""Secrets times bytes up to which one search after the other is fast enough (a fraction of a second)."""
ANCHOR = 6
"""Bytes at a secret's beginning by which places are found: no secret is shorter."""


def found(secrets: Sequence[bytes], data: bytes) -> bool:
    """Whether one of the secrets, each of at least six bytes, stands in the data."""
    if len(secrets) * len(data) <= PLAIN_WORK:
        return any(secret in data for secret in secrets)
    import numpy as np

    by_anchor: dict[int, list[bytes]] = {}
    for secret in secrets:
        by_anchor.setdefault(int.from_bytes(secret[:ANCHOR], "little"), []).append(secret)
    anchors = np.sort(np.fromiter(by_anchor, np.uint64, len(by_anchor)))
    mask, padded = np.uint64((1 << 8 * ANCHOR) - 1), data + bytes(16)
    for shift in range(8):
        # Every eighth window of eight bytes, beginning at each of eight positions: all windows of the data.
        windows = np.frombuffer(padded, "<u8", (len(data) + 8) // 8, shift) & mask
        places = np.minimum(np.searchsorted(anchors, windows), len(anchors) - 1)
        for index in np.flatnonzero(anchors[places] == windows):
            at = shift + 8 * int(index)
            if any(data.startswith(secret, at) for secret in by_anchor[int(windows[index])]):
                return True
    return False


_PACKED = pattern(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")
"""How a zlib stream (RFC 1950, the four headers that encoders write) or a gzip member (RFC 1952) begins."""
MOST_INFLATED = 1 << 22
"""Bytes of one compressed stream that are looked at."""
MOST_STREAMS = 20_000
"""Places that may begin a compressed stream; of a coded picture one in 16,000 looks so by chance."""


def disguised(secrets: Iterable[bytes]) -> list[bytes]:
    """The secrets as they stand, and as other programs write them: UTF-8, UTF-16 of either order, and Base64."""
    found: dict[bytes, None] = {}
    for secret in secrets:
        for form in dict.fromkeys((secret, *_texts(secret))):
            found[form] = None
            found |= dict.fromkeys(_base64(form))
    return [form for form in found if len(form) >= ANCHOR]


def _texts(secret: bytes) -> Iterator[bytes]:
    """A text in the usual codings; nothing for a secret that is none."""
    for coding in ("utf-8", "utf-16-le", "utf-16-be") if b"\0" in secret else ("utf-8",):
        # A secret may end within a character: only its first bytes are kept.
        text = secret.decode(coding, "ignore").strip("\0 ")
        if text.isprintable() and len(text.encode(coding)) >= len(secret) - 3:
            yield from (text.encode(to) for to in ("utf-8", "utf-16-le", "utf-16-be"))


def _base64(secret: bytes) -> Iterator[bytes]:
    """Base64 of anything that holds the secret: what does not depend on the bytes around, at each of three offsets."""
    for before, mixed in ((0, 0), (1, 2), (2, 3)):
        yield b64encode(bytes(before) + secret)[mixed : (before + len(secret)) * 8 // 6]


def inflated(data: bytes) -> Iterator[bytes]:
    """What compressed streams in the data say, wherever they begin; broken ones say nothing."""
    view = memoryview(data)
    for count, match in enumerate(_PACKED.finditer(data)):
        if count >= MOST_STREAMS:
            return
        try:
            # 32 + 15: a zlib or a gzip header, whichever is there.
            yield zlib.decompressobj(47).decompress(view[match.start() :], MOST_INFLATED)
        except zlib.error:
            continue
