"""What a photo needs of the machine's memory, from its header, before any process has it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from photoscan.errors import PhotoscanError
from photoscan.looking import PAGES
from photoscan.options import ScanOptions
from photoscan.photo import Photo
from photoscan.photo_source import PhotoSource
from photoscan.workers.scales import Scales
from photoscan.workers.sizing import ORDINARY, extra

Job = TypeVar("Job")


def scales(room: int | None, options: ScanOptions, source: Callable[[Job], PhotoSource]) -> Scales[Job] | None:
    """Scales for jobs with a photo each, which `source` gives; None where there is no bound."""
    if room is None:
        return None
    return Scales(room, lambda job: weight(source(job), options))


def weight(source: PhotoSource, options: ScanOptions) -> int:
    """Bytes that a look at a photo takes beside what its process has; 0 for what can't be opened. Raises nothing."""
    try:
        photo = Photo.open(source, options.limits)
    except PhotoscanError:
        return 0
    except Exception:  # noqa: BLE001 - whatever is wrong with it is told by who looks at it
        return extra(ORDINARY, 0, options.profile)
    # What is seen of one page is kept until the last one was looked at.
    pages = min(photo.frames, PAGES[options.profile])
    return extra(photo.width * photo.height * pages, len(photo.data), options.profile)
