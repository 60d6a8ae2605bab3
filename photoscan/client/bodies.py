"""Bodies of requests: the bytes of a photo alone, or a form where there is more to tell."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from photoscan.errors import NotReadableError, reason

PhotoSource = str | os.PathLike[str] | bytes | BinaryIO


def body(photo: PhotoSource, name: str | None, caption: str | None) -> tuple[bytes, str]:
    """A photo's request body and media type. NotReadableError where there is no such file."""
    data, found = taken(photo)
    name = name or found
    if name is None and caption is None:
        return data, "application/octet-stream"
    return form([(data, name)], caption)


def form(photos: Sequence[tuple[bytes, str | None]], caption: str | None) -> tuple[bytes, str]:
    """A form with photos, by name where they have one, and a caption; and its media type."""
    boundary = secrets.token_hex(16)
    pieces: list[bytes] = []
    for data, name in photos:
        shown = (name or "").translate({ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"})
        known = f'; filename="{shown}"' if name else ""
        head = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="photo"{known}\r\n\r\n'
        pieces += [utf8(head if pieces else head.lstrip()), data]
    if caption is not None:
        head = f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="caption"\r\n\r\n'
        pieces.append(utf8(head + caption))
    pieces.append(f"\r\n--{boundary}--\r\n".encode())
    return b"".join(pieces), f"multipart/form-data; boundary={boundary}"


def utf8(text: str) -> bytes:
    """As UTF-8; names of files can hold bytes that are none (PEP 383)."""
    return text.encode("utf-8", "replace")


def taken(photo: PhotoSource) -> tuple[bytes, str | None]:
    """The bytes of a photo, and the file's name where they are one's. NotReadableError where there is no such file."""
    if isinstance(photo, bytes):
        return photo, None
    if isinstance(photo, (str, os.PathLike)):
        path = Path(photo)
        try:
            return path.read_bytes(), path.name
        except OSError as error:
            raise NotReadableError("problem.unreadable", path=path, why=reason(error)) from None
    return photo.read(), None
