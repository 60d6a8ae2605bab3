"""A list of paths and addresses: its entries, read as they are needed, and standard input kept to be read again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import IO, Any, BinaryIO

_CHUNK = 1 << 16
_SHORT = 1 << 22
"""Bytes of a list on standard input that are held in memory."""


def entries(stream: BinaryIO) -> Iterator[str]:
    """The entries of a list, decoded as file names are; empty ones are none."""
    rest, end = b"", b""
    while chunk := stream.read(_CHUNK):
        rest += chunk
        end = end or (b"\0" if b"\0" in rest else b"\n" if b"\n" in rest else b"")
        if end:
            *whole, rest = rest.split(end)
            yield from (os.fsdecode(path) for path in map(_bare, whole) if path)
    if last := _bare(rest):
        yield os.fsdecode(last)


def _bare(line: bytes) -> bytes:
    return line.removesuffix(b"\r")


class Kept:
    """A stream that can be read only once, to be read any number of times, also at the same time: in memory while it is
    short, otherwise in a file without a name."""

    def __init__(self, stream: BinaryIO) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(_SHORT)  # noqa: SIM115 - open as long as the source
        self._lock = Lock()
        shutil.copyfileobj(stream, self._file)

    def open(self) -> BinaryIO:
        """The stream from its beginning."""
        return BufferedReader(_Reader(self._file, self._lock), _CHUNK)


class _Reader(RawIOBase):
    """Reads a file that others read at the same time."""

    def __init__(self, file: IO[bytes], lock: Lock) -> None:
        self._file, self._lock, self._at = file, lock, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with self._lock:
            self._file.seek(self._at)
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
