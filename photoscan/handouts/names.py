"""The names on certificates: one a line, as a teacher's list has them."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from photoscan.errors import NotReadableError, UsageError, reason

MOST = 400
"""Names in a list."""
LONGEST = 80
"""Characters of a name, as many as fit on the line."""
LARGEST = 200_000
"""Bytes of a list."""
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
"""What acts on the writing around it and shows nothing; the joiners that some scripts need are none of them."""


def names(path: Path) -> tuple[str, ...]:
    """The names in a file of UTF-8 text, in its order; empty lines are passed over.

    Raises NotReadableError for a file that can't be read, UsageError for one that is no such list, which tells the
    number of a line and never what it says.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise NotReadableError("problem.unreadable", path=path, why=reason(error)) from None
    try:
        said = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = "\0"
    if len(data) > LARGEST or "\0" in said:
        raise UsageError("problem.handouts.names", path=path)
    found = []
    for number, line in enumerate(said.splitlines(), 1):
        name = " ".join(_UNSEEN.sub(" ", unicodedata.normalize("NFC", line)).split())
        if len(name) > LONGEST:
            raise UsageError("problem.handouts.name_long", path=path, number=number, most=LONGEST)
        if name:
            found.append(name)
    if not 1 <= len(found) <= MOST:
        raise UsageError("problem.handouts.names_count", path=path, most=MOST)
    return tuple(found)
