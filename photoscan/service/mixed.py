"""A receipt and a photo in one body: multipart/mixed (RFC 2046, 5.1.3)."""

from __future__ import annotations

import secrets

from photoscan.formats import by_media
from photoscan.service.task import Answer


def mixed(answer: Answer) -> tuple[bytes, str]:
    """Body and media type. The boundary is random, so that no photo can hold it."""
    assert answer.photo is not None
    boundary = secrets.token_hex(16)
    parts = (
        ("application/json", 'attachment; name="receipt"; filename="receipt.json"', answer.body),
        (str(answer.media_type), f'attachment; name="photo"; filename="photo{_suffix(answer)}"', answer.photo),
    )
    body = b"".join(
        f"--{boundary}\r\nContent-Type: {kind}\r\nContent-Disposition: {where}\r\n"
        f"Content-Length: {len(data)}\r\n\r\n".encode()
        + data
        + b"\r\n"
        for kind, where, data in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/mixed; boundary={boundary}"


def _suffix(answer: Answer) -> str:
    return by_media(str(answer.media_type)).row.suffixes[0]
