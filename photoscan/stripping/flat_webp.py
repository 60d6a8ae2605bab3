"""WebP made flat: without loss for what is seen. A lossy picture with something under its transparency becomes a
lossless one, since its colours could not be coded again otherwise.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photoscan.stripping.flat import ALPHA, COLOURS, flatten, gone_and_whole
from photoscan.stripping.webp import FRAME_HEADER, chunk, chunks
from photoscan.stripping.webp_ends import BEHIND, alone, cut

_PICTURE = (b"VP8 ", b"VP8L", b"ALPH")
STEP = 24
"""Grey levels between neighbours from which a lossy picture holds something under its transparency: less is what
coding the visible part leaves there."""
NEAR = 16
"""Pixels around what is visible in which a lossy coder's blocks may hold anything."""


def flattened(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The file made flat, and what was there."""
    parts: list[bytes] = []
    found: list[str] = []
    changed = False
    pending: list[tuple[bytes, bytes]] = []
    for kind, _, content in chunks(data, 12, len(data)):
        if kind in _PICTURE:
            pending.append((kind, content))
            if kind != b"ALPH":
                new, done = _picture(pending)
                parts += [chunk(*part) for part in new]
                found += done
                pending = []
        elif kind == b"ANMF":
            inner = [(k, c) for k, _, c in chunks(content, FRAME_HEADER, len(content))]
            new, done = _picture(inner)
            parts.append(chunk(kind, content[:FRAME_HEADER] + b"".join(chunk(*part) for part in new)))
            found += done
        else:
            parts.append(chunk(kind, content))
        changed = changed or bool(found)
    if not changed:
        return data, ()
    whole = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole, tuple(dict.fromkeys(found))


def _picture(parts: list[tuple[bytes, bytes]]) -> tuple[list[tuple[bytes, bytes]], tuple[str, ...]]:
    """The chunks of one picture or frame made flat."""
    parts, surplus = cut(parts)
    ends = (BEHIND,) if surplus else ()
    kinds = {kind for kind, _ in parts}
    content = dict(parts)
    lossless = b"VP8L" in kinds
    # Bit 28 of a lossless picture's header says whether alpha is used (WebP lossless specification, 3).
    if not (b"ALPH" in kinds or (lossless and content[b"VP8L"][4] >> 4 & 1)):
        return parts, ends
    image = Image.open(io.BytesIO(alone(parts)), formats=["WEBP"]).convert("RGBA")
    samples = np.array(image)
    structured = lossless or _structured(samples)
    done = flatten(samples, 255)
    if not structured:
        done = tuple(part for part in done if part != COLOURS)
    if not done:
        return parts, ends
    picture = Image.fromarray(samples)
    if lossless or COLOURS in done:
        return [(b"VP8L", _coded(picture, lossless=True, exact=True)[b"VP8L"])], (*ends, *done)
    alpha = _coded(picture, quality=1, alpha_quality=100)
    return [(b"ALPH", alpha[b"ALPH"]), *(p for p in parts if p[0] != b"ALPH")] if b"ALPH" in alpha else [
        part for part in parts if part[0] != b"ALPH"
    ], (*ends, ALPHA)  # fmt: skip


def _structured(samples: NDArray[Any]) -> bool:
    """Whether neighbouring pixels differ deep below the transparency of a lossy picture."""
    import cv2

    hidden = gone_and_whole(samples[..., 3])[0].astype(np.uint8)
    deep = cv2.erode(hidden, np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8), borderValue=1) > 0
    grey = samples[..., :3].astype(np.int16).sum(-1) // 3
    across = (np.abs(np.diff(grey, axis=1)) >= STEP) & deep[:, 1:] & deep[:, :-1]
    down = (np.abs(np.diff(grey, axis=0)) >= STEP) & deep[1:] & deep[:-1]
    return bool(across.any() or down.any())


def _coded(picture: Any, **options: Any) -> dict[bytes, bytes]:
    out = io.BytesIO()
    picture.save(out, "WEBP", method=4, **options)
    return {kind: content for kind, _, content in chunks(out.getvalue(), 12, len(out.getvalue()))}
