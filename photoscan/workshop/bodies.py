"""Reading a request's body: no further than its limit, and not for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request

from photoscan.amounts import in_bytes
from photoscan.errors import TooLargeError

SECONDS = 300.0
"""For a whole body: a phone at the end of a slow network, with thirty others."""
STILL = 20.0
"""For a body that stands still."""


class SlowBodyError(Exception):
    """The body did not come in time."""


async def read(
    request: Request,
    most: int,
    *,
    seconds: float = SECONDS,
    still: float = STILL,
    grow: Callable[[int], None] = lambda _: None,
) -> bytes:
    """The body, of `most` bytes at most. `grow` is told of bytes that have come, and may raise.

    Raises TooLargeError before more is read, and SlowBodyError.
    """
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > most:
        raise _too_large(most)
    body = bytearray()
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    try:
        async with asyncio.timeout(min(still, seconds)) as patience:
            async for piece in request.stream():
                if len(body) + len(piece) > most:
                    raise _too_large(most)
                grow(len(piece))
                body += piece
                if piece:
                    patience.reschedule(min(end, clock() + still))
    except TimeoutError:
        raise SlowBodyError from None
    return bytes(body)


def _too_large(most: int) -> TooLargeError:
    return TooLargeError("problem.photo.bytes", name="photo", limit=in_bytes(most), lift="")
