"""Sinks that installed packages bring along, by entry points of the group `photoscan.sinks`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from photoscan.batch.sink import Sink
from photoscan.errors import NotReadableError, PhotoscanError, UsageError

GROUP = "photoscan.sinks"
"""Each entry point names what makes a `Sink` of the address that the user gave: a class or a function."""


@contextmanager
def sinks_of(words: Iterable[str]) -> Iterator[dict[str, Sink]]:
    """The sinks that NAME=ADDRESS name, open until the end.

    Raises UsageError for a name that no installed package has, or that comes twice, and NotReadableError where a sink
    can't be opened; of what it raises only the type is told, since addresses may hold keys.
    """
    opened: dict[str, Sink] = {}
    try:
        for word in words:
            name, equals, address = word.partition("=")
            if not (name and equals) or name in opened:
                raise UsageError("problem.batch.sink.word", word=name)
            opened[name] = _made(name, address)
        yield opened
    finally:
        for sink in opened.values():
            # All parts are written, or it is told why they are not.
            with suppress(Exception):
                sink.close()


def _made(name: str, address: str) -> Sink:
    from importlib.metadata import entry_points  # takes longer than all of a look at metadata

    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise UsageError("problem.batch.sink.none", word=name, known=", ".join(sorted(found)) or "-")
    try:
        sink: Sink = found[name].load()(address)
    except PhotoscanError:
        raise
    except Exception as error:  # noqa: BLE001 - of somebody else's
        raise NotReadableError("problem.batch.sink", name=name, why=type(error).__name__) from None
    return sink
