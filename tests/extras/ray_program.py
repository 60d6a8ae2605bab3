"""A batch on Ray whose photos may be poison; a program of its own, to be killed.

`python -m tests.extras.ray_program SOURCE OUT LOG [ADDRESS]` looks with four actors at the files of photos alone. Each
photo that is looked at adds its path to LOG. `local` as the address: by processes of this computer.
"""

from __future__ import annotations

import functools
import sys
from pathlib import Path

from photoscan.batch import Batch, FileSource, LocalExecutor, LocalLedger, Setup
from photoscan.batch.executor import Executor
from photoscan.batch.ray import RayExecutor, connected
from photoscan.batch.sink import write_jsonl
from photoscan.batch.summary import Summary
from photoscan.options import ScanOptions
from photoscan.risk.policy import Policy
from tests.extras import poison

ACTORS = 4
TIMEOUT = 6.0


def main(source: str, out: str, log: str, address: str = "") -> None:
    folder = Path(out)
    folder.mkdir(exist_ok=True)
    setup = Setup.of(ScanOptions(only=("metadata",)), Policy.load("default"))
    task = functools.partial(poison.set_up, setup.text, Path(log))
    executor: Executor
    if address == "local":
        executor = LocalExecutor(task, 2, TIMEOUT)
    else:
        executor = RayExecutor(task, functools.partial(connected, address or None, ACTORS), ACTORS, TIMEOUT)
    with LocalLedger(folder / "ledger.sqlite", "ray") as ledger:
        work = Batch(FileSource(source, unread=True), executor, ledger, setup.scanner().unseen)
        for _ in work.run():
            pass
        write_jsonl(folder / "reports.jsonl", work.reports(Summary()))
    sys.stdout.write(f"lost {getattr(executor, 'lost', 0)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
