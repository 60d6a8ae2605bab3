"""What is made of photos in other processes: named by module, so that a fresh process can import it."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import CleanPlan
from photoscan.photo import Photo
from photoscan.report import PhotoInfo, Report, ReportError
from photoscan.safe_copy import NotSeenError
from photoscan.scanner import Scanner


def made(photo: Photo, scanner: Scanner | None, plan: CleanPlan, *events: object) -> Any:
    """What the photo's comment says; else its name and comment."""
    assert plan.metadata_only
    assert scanner is None
    begin = photo.data.index(b"\xff\xfe") + 4
    word = photo.data[begin : begin + 20].split(b"\xff")[0].decode()
    match word:
        case "slow":
            time.sleep(0.5)
        case "refused":
            raise RefusedError("no_scan")
        case "not seen":
            raise NotSeenError(Report(PhotoInfo(photo.name), "1", error=ReportError("corrupt", "broken")))
        case "crash":
            raise ValueError("a text that may quote what was read")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
    return f"{photo.name} {word}"
