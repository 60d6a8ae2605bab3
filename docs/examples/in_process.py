"""The same check without a service, in a program of one's own: `python docs/examples/in_process.py PHOTO...`.

Make the Scanner once: it keeps its models. Looking at a photo takes a processor for a second or so: in a web server
hand photos to processes (as here), not to threads.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from photoscan import Limits, Photo, PhotoscanError, Scanner, ScanOptions, clean

LIMITS = Limits(max_bytes=32 * 1024 * 1024, max_pixels=64_000_000)


@cache
def scanner() -> Scanner:
    """This process's scanner."""
    return Scanner(ScanOptions(policy="platform", limits=LIMITS))


def decide(path: Path) -> tuple[str, bytes | None]:
    """The decision, and what to keep: the photo, a copy that is safe to share, or nothing."""
    try:
        # The name counts: it can be telling, and a policy may go by it.
        photo = Photo.open(path, LIMITS)
        report = scanner().scan(photo)
        if report.verdict == "allow":
            return "allow", photo.data
        if report.verdict == "review":
            return "review", clean(photo, report, scanner=scanner()).data
    except PhotoscanError as error:
        # Not a photo, too large, or no copy of it could be proved clean.
        return error.code, None
    return report.verdict, None


def main() -> None:
    """Decide about the photos that are named."""
    photos = [Path(name) for name in sys.argv[1:]]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        for path, (decision, kept) in zip(photos, pool.map(decide, photos), strict=True):
            print(f"{path}: {decision}, {'nothing' if kept is None else f'{len(kept):,} bytes'} kept")


if __name__ == "__main__":
    main()
