"""Is any of many secrets left in a file? In time that does not multiply the one by the other."""

from __future__ import annotations

from collections.abc import Sequence

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
