"""Web addresses where a path belongs: refused by name, or there would be a folder named 's3:'."""

from __future__ import annotations

import os
import re

from photoscan.errors import NotReadableError
from photoscan.patterns import pattern

_ADDRESS = pattern(r"(?:[a-z][a-z0-9+.-]+:/|data:[a-z]+/)", re.IGNORECASE)
"""RFC 3986, 3.1: a scheme of two letters or more (one is a Windows drive). `Path` makes one slash of two."""


def refuse_address(path: str | os.PathLike[str]) -> None:
    """NotReadableError for a web address. A folder that is truly called 'http:' can be given as './http:/...'."""
    text = os.fspath(path)
    if _ADDRESS.match(text):
        raise NotReadableError("problem.web_address", path=text)
