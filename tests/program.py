"""`python -m tests.program ...`: `photoscan` in a process of its own, whose networks remember as those of the tests do.

Its workers remember too: a spawned process loads the module that its parent was started with.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from photoscan.cli import main
from photoscan.models import Choice, sessions

FOLDER = "PHOTOSCAN_TESTS_ANSWERS"
"""The variable that names the folder of answers; without it nothing is remembered."""


def remember() -> None:
    """Let every network that is opened from now on remember."""
    real = sessions._open

    def opened(file: Path, threads: int, choice: Choice) -> Any:
        from tests import remembered  # light commands shall stay so

        folder = os.environ.get(FOLDER)
        if folder is None:
            return real(file, threads, choice)
        how = f"{threads} {choice}"
        return remembered.Session(real(file, threads, choice), file, how, remembered.Memory(Path(folder)))

    sessions._open = opened


if __name__ in ("__main__", "__mp_main__"):
    remember()
if __name__ == "__main__":
    main()
