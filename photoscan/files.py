"""Writing files so that they are whole or not there."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from photoscan.errors import NotReadableError, reason


def write_atomically(
    path: Path, data: bytes | Iterable[bytes], mode: int | None = None, changed_ns: int | None = None
) -> None:
    """Write a file by way of a private temporary file beside it; on any failure the old file, if any, stays.

    `data`: its bytes, or pieces of them that are written as they come, so that the whole is never in memory.

    A file that was there keeps its owner and its permissions, where the system lets it; `mode`: other permissions.
    `changed_ns`: when it was last changed, as it shall say, in nanoseconds since 1970; None for now. Extended
    attributes are not carried over: they tell where a file came from. What is no plain file, such as /dev/stdout or a
    pipe, is written to and never replaced.

    Raises NotReadableError with the reason when the folder can't be written to or is full.
    """
    if is_special(path):
        _write_through(path, data)
        return
    part: str | None = None
    try:
        handle, part = tempfile.mkstemp(prefix=".photoscan-", suffix=".partial", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.writelines([data] if isinstance(data, bytes) else data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(_mode(path, part) if mode is None else mode)
        if changed_ns is not None:
            os.utime(part, ns=(Path(part).stat().st_atime_ns, changed_ns))
        Path(part).replace(path)
    except OSError as error:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise NotReadableError("problem.unwritable", path=path, why=reason(error)) from None
    except BaseException:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise


def is_special(path: Path) -> bool:
    """Whether there is a device, pipe or socket at a path, or behind a link at it: what can be read once at best, and
    maybe only in this process.
    """
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(kind) or stat.S_ISDIR(kind))


def _write_through(path: Path, data: bytes | Iterable[bytes]) -> None:
    try:
        with path.open("wb") as stream:
            stream.writelines([data] if isinstance(data, bytes) else data)
    except OSError as error:
        raise NotReadableError("problem.unwritable", path=path, why=reason(error)) from None


def _mode(path: Path, part: str) -> int:
    """The mode of the file that is replaced, once its successor has its owner; else what a new file of this user gets.

    Where the group can't be handed on, nobody else's group may get what was its.
    """
    try:
        old = path.stat()
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    mode = old.st_mode & 0o777
    new = Path(part).stat()
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.chown(part, old.st_uid, old.st_gid)
        except OSError:
            mode &= 0o707 if new.st_gid != old.st_gid else 0o777
    return mode
