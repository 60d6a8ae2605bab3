"""Writing files so that they are whole or not there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from photoscan.errors import NotReadableError, reason


def write_atomically(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file by way of a private temporary file beside it; on any failure the old file, if any, stays.

    Raises NotReadableError with the reason when the folder can't be written to or is full.
    """
    part: str | None = None
    try:
        handle, part = tempfile.mkstemp(prefix=".photoscan-", suffix=".partial", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(part).chmod(mode if mode is not None else _mode(path))
        Path(part).replace(path)
    except OSError as error:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise NotReadableError("problem.unwritable", path=path, why=reason(error)) from None
    except BaseException:
        if part is not None:
            Path(part).unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, else what a new file of this user gets."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
