"""Hand the texts of a language to somebody who speaks it, and take the corrections in.

`python scripts/translations.py sheet ta > ta.csv` writes a table for any spreadsheet: key, English, text, correction.
`python scripts/translations.py take ta ta.csv` puts what stands in the column `correction` into the catalogue.
"""

from __future__ import annotations

import argparse
import csv
import json
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "photoscan" / "locales"
COLUMNS = ("key", "english", "text", "correction")
Rows = dict[str, str]


class WrongError(ValueError):
    """A correction that can't be taken; says which and why."""


def placeholders(text: str) -> list[str]:
    """The {placeholders} of a text, each with its form, sorted. Raises ValueError for braces that don't match."""
    return sorted(f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None)


def sheet(english: Rows, texts: Rows) -> Iterator[tuple[str, ...]]:
    """The rows of the table, its head first."""
    yield COLUMNS
    for key, said in english.items():
        if key in texts:
            yield key, said, texts[key], ""


def corrected(texts: Rows, rows: Iterable[dict[str, str | None]]) -> Rows:
    """The texts with their corrections, in the same order. Raises WrongError for a row that can't be taken."""
    found = dict(texts)
    for row in rows:
        key, text = row.get("key") or "", " ".join((row.get("correction") or "").split())
        if not text:
            continue
        if key not in texts:
            raise WrongError(f"there is no text with the key {key!r}")
        try:
            same = placeholders(text) == placeholders(texts[key])
        except ValueError:
            same = False
        if not same:
            raise WrongError(f"{key}: words in braces have to stay as they are: {', '.join(placeholders(texts[key]))}")
        found[key] = text
    return found


def read(language: str) -> Rows:
    """The catalogue of a language."""
    return {str(key): str(text) for key, text in json.loads((LOCALES / f"{language}.json").read_text("utf-8")).items()}


def main(arguments: list[str] | None = None) -> int:
    """Write or take a table. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("sheet", "take"))
    parser.add_argument("language", choices=sorted(path.stem for path in LOCALES.glob("*.json")))
    parser.add_argument("file", nargs="?", type=Path, help="the table to take; saved as CSV in UTF-8")
    given = parser.parse_args(arguments)
    texts = read(given.language)
    if given.what == "sheet":
        csv.writer(sys.stdout).writerows(sheet(read("en"), texts))
        return 0
    if given.file is None:
        parser.error("name the table to take")
    try:
        with given.file.open(encoding="utf-8-sig", newline="") as table:
            found = corrected(texts, csv.DictReader(table))
    except (WrongError, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    written = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    (LOCALES / f"{given.language}.json").write_text(written, "utf-8")
    sys.stdout.write(f"{sum(found[key] != texts[key] for key in texts)} texts of {given.language} corrected\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
