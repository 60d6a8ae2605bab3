"""What is said when a JPEG's coded data can't be changed in place."""

from __future__ import annotations


class NotCodableError(Exception):
    """This JPEG's blocks can't be replaced one by one; the reason. The picture has to be coded again instead."""
