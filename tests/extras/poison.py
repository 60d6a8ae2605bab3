"""The task of a batch's workers, but for photos that end their process or never let it end."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from photoscan.batch import task
from photoscan.batch.executor import Answer, Job, Task

PAUSE = 0.1
"""Seconds that each photo takes at least, so that there is something to kill."""


def set_up(text: str, log: Path) -> Task:
    look = task.set_up(text)

    def poisoned(job: Job) -> Answer:
        data = Path(job.path).read_bytes()
        with log.open("ab", buffering=0) as stream:
            stream.write(os.fsencode(job.path) + b"\n")
        if data.endswith(b"die"):
            os.kill(os.getpid(), signal.SIGKILL)
        if data.endswith(b"hang"):
            time.sleep(600)
        time.sleep(PAUSE)
        return look(job)

    return poisoned
