"""A safe copy by one's own choices: `python docs/examples/clean_with_choices.py PHOTO COPY`."""

import sys
from pathlib import Path

from photoscan import Box, CleaningError, CleanPlan, CleanResult, ScanOptions, UsageError, clean

PLAN = CleanPlan(
    redact=("face", "plate", "text.phone"),
    style="fill",
    # The copyright notice stays; everything else that the file says goes.
    keep=("icc", "orientation", "copyright"),
    # A corner that is nobody's business, whatever is in it: x, y, width, height in upright pixels.
    boxes=(Box(0, 0, 40, 40),),
    to="png",
)


def safe(photo: bytes, options: ScanOptions | None = None) -> CleanResult:
    """The copy, its receipt, and the report of a look at it."""
    return clean(photo, plan=PLAN, options=options)


def main() -> None:
    """Write the copy and say what was done; where it can't be proved there is none."""
    source, target = map(Path, sys.argv[1:])
    try:
        result = safe(source.read_bytes())
    except CleaningError as error:
        sys.exit(f"no safe copy: {error}")
    except UsageError as error:
        sys.exit(f"these choices do not go together: {error}")
    target.write_bytes(result.data)
    print(result.receipt.text())


if __name__ == "__main__":
    main()
