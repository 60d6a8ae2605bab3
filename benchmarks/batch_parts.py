"""What a batch in parts keeps of a photo, and what going on behind many of them costs.

Run it with `python -m benchmarks.batch_parts [ROWS]` (1,000,000). Nothing is inspected: reports of the usual size are
answered, leave in parts of 1,000, and a second driver goes on behind them.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photoscan.batch import FolderOutput, Parts, PartsLedger, Shard
from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.report import PhotoInfo, Report
from photoscan.risk import assess
from photoscan.risk.policy import Policy


def report() -> str:
    """Of a photo with some findings."""
    kinds = ("metadata.gps", "metadata.datetime", "metadata.device", "face")
    findings = tuple(Finding(Kind(kind), 0.9, Field("exif", "GPSInfo"), "bench", "exif") for kind in kinds)
    found = Report(PhotoInfo("photo.jpg", "0" * 64, 3_000_000, "jpeg", 4000, 3000), "1", findings=findings)
    return json.dumps(assess(found, Policy.load("default")).to_dict())


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say how long something took, and the most memory that was ever held."""
    began = time.monotonic()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {time.monotonic() - began:.1f} s, memory at most {peak:.0f} MB", flush=True)


def size(folder: Path) -> int:
    """Bytes below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def main(rows: int) -> None:
    """Write, go on, and say what it took."""
    answer = report()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def ledger() -> PartsLedger:
            parts = Parts(FolderOutput(folder / "out"), Shard(), "bench", {}, alone=True)
            return PartsLedger(parts, file=folder / "pending.sqlite")

        keys = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(rows)]
        with ledger() as own, timed(f"{rows} rows placed, answered and written"):
            for number, key in enumerate(keys):
                own.place(f"photos/{number:08}.jpg", "stamp", key, number)
                own.answer(key, answer)
            own.flush()
        for what in ("reports", "index"):
            print(f"{what}: {size(folder / 'out' / what) / rows:.0f} bytes a photo")
        print(f"ledger's file: {sum(file.stat().st_size for file in folder.glob('pending*')) / rows:.0f} bytes a photo")
        with timed("begun again"):
            own = ledger()
        with timed("come past all of it"):
            assert all(own.known(f"photos/{number:08}.jpg", "stamp") == key for number, key in enumerate(keys))
        pages, page = own._count("PRAGMA temp.page_count"), own._count("PRAGMA temp.page_size")
        print(f"temporary table: {pages * page / rows:.0f} bytes a photo")
        with timed("stopped: what is left leaves, and the summary"):
            own.place("photos/one-more.jpg", "stamp", "0" * 64, rows)
            own.answer("0" * 64, answer)
            own.flush()
            assert own.summary().photos == rows + 1
        own.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
