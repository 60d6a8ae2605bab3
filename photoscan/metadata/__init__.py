"""Metadata: everything a file says beside its pixels, read without decoding them.

One module a container (`walk`), one a standard that is carried inside (`read`). Pure Python, linear in the size of the
file, bounded; damaged structures give warnings, never exceptions. What is not understood is an entry as well: no byte
of a file goes unaccounted for, except within the coded picture itself.
"""

from __future__ import annotations

from photoscan.formats import Format
from photoscan.metadata import embedded
from photoscan.metadata.block import Block
from photoscan.metadata.entry import Collector, Entry, Metadata, Role

__all__ = ["Entry", "Metadata", "Role", "read"]


def read(data: bytes, format_: Format, name: str) -> Metadata:
    """All entries of a file, in file order. `name` is the file's name, which may tell something too."""
    found = Collector()
    embedded.walk(Block.of(data), format_, format_.row.metadata, found)
    entries = sorted(found.entries, key=lambda entry: entry.offset)
    return Metadata(tuple(entries), name, tuple(found.warnings))
