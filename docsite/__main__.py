"""Write the generated pages below a folder: `python -m docsite [docs]`."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from docsite import commands, kinds, names

FOLDERS = ("kinds", "commands")
"""What holds generated pages alone: pages of an earlier run go first, so that none outlives its kind."""


def write(docs: Path) -> int:
    """Write all pages; their number."""
    for folder in FOLDERS:
        shutil.rmtree(docs / folder, ignore_errors=True)
    made = kinds.pages() | commands.pages() | names.pages()
    for path, page in made.items():
        file = docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, "utf-8")
    return len(made)


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG"), "en"))  # help is in the user's
    sys.stdout.write(f"{write(Path(sys.argv[1] if len(sys.argv) > 1 else 'docs'))} pages written\n")
